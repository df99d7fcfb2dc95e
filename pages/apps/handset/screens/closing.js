// 注销账号: what blocks it, what follows, what the law keeps; typed, counted, and asked once.
import { html } from "../../vendor/htm-preact.js";
import { day, moment } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Area, Button, Card, Corrections, Fact, Field, Loaded, Marked, Notice, Tag, Tick } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { FormProblem } from "./code.js";

const ENDED = ["rejected", "withdrawn", "lifted", "closed"];

/** The cancellation, or the closing under way. */
export function Closing() {
  const closing = useAsk("registration.my_closing");
  return html`<${Loaded} of=${{ ...closing, value: closing.value === undefined ? undefined : { now: closing.value } }}>${({ now }) => (now && !ENDED.includes(now.status)
    ? html`<${UnderWay} closing=${now} reload=${closing.reload} />` : html`<${Request} last=${now} reload=${closing.reload} />`)}<//>`;
}

function Notes({ all, icon }) {
  return html`<ul class=${`bullets ${icon}`}>${all.map((note, at) => html`<li key=${at}>${ofCode(note.code, note.params)}</li>`)}</ul>`;
}

function Request({ last, reload }) {
  const app = useApp();
  const preview = useAsk("registration.cancellation_preview");
  const word = _("cancel my account");
  const form = useForm("closing", { typed: "", revoke: false });
  const [busy, deed] = useDeed(form.refuse);
  const blockers = (preview.value?.blockers ?? []).filter((note) => !(form.values.revoke && note.code === "blocker.certificate_live"));
  const live = (preview.value?.blockers ?? []).some((note) => note.code === "blocker.certificate_live");
  const send = () => deed(async (act) => {
    if (form.values.typed.trim() !== word) return form.wrong("typed", _("Type the words as they stand above."));
    await act("registration.request_cancellation", { confirmed: true, revoke_certificates: form.values.revoke });
    form.done();
    reload();
    app.toast(_("Requested. It will be reviewed."));
  });
  return html`<${Screen} title=${_("Cancel the account")} foot=${preview.value && html`<${Button} kind="primary" busy=${busy} disabled=${blockers.length > 0} onClick=${send}>${_("Request cancellation")}<//>`}>
    <${Notice} tone="bad">${_("A cancelled account cannot be restored: not the account, not its data, not its certificates.")}<//>
    ${last && html`<${Notice}>${_("Last time: {status}", { status: ofCode(`account_closing.status.${last.status}`) })}<//>`}
    <${Loaded} of=${preview}>${(found) => html`
      ${found.blockers.length > 0 && html`<${Card} title=${_("{count} things stand in the way", { count: found.blockers.length })}><${Notes} all=${found.blockers} icon="blocked" />
        ${live && html`<${Tick} checked=${form.values.revoke} onChange=${(value) => form.set("revoke", value)} label=${_("Revoke my certificates with it")}>${_("Revoke my certificates with it")}<//>`}<//>`}
      <${Card} title=${_("What follows")}>${found.consequences.length ? html`<${Notes} all=${found.consequences} icon="" />` : html`<p class="hint">${_("Your particulars are made anonymous and your sign-ins end.")}</p>`}<//>
      <${Card} title=${_("What the law keeps")}>${found.archive?.clause ? html`<p class="prose">${both(found.archive.clause)}</p>${found.archive.release_at && html`<p>${_("Locked until {day}, then destroyed.", { day: day(found.archive.release_at) })}</p>`}` : html`<p class="hint">${_("Nothing: there was no certificate.")}</p>`}<//>
      <${FormProblem} form=${form} />
      <${Corrections} reasons=${last?.status === "rejected" ? last.reasons : []}><${Marked} fields="name phone account certificates">${blockers.length === 0 && html`<${Field} form=${form} name="typed" label=${_("To confirm, type: {word}", { word })} />`}<//><//>`}<//>
  <//>`;
}

function UnderWay({ closing, reload }) {
  const form = useForm("appeal", { text: "" });
  const [busy, deed] = useDeed(form.refuse);
  const act = (name, given = {}) => deed(async (perform) => {
    await perform(name, given);
    form.done();
    reload();
  });
  const may = (verb) => closing.possible.includes(verb);
  return html`<${Screen} title=${_("Closing of the account")} foot=${may("withdraw") ? html`<${Button} kind="primary" busy=${busy} onClick=${() => act("registration.withdraw_cancellation")}>${_("Keep my account")}<//>`
      : may("appeal") && html`<${Button} kind="primary" busy=${busy} onClick=${() => act("registration.appeal", { text: form.values.text })}>${_("Appeal")}<//>`}>
    <${Card}><dl><${Fact} name=${_("Kind")}>${ofCode(`account_closing.kind.${closing.kind}`)}<//><${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(closing.status)}>${ofCode(`account_closing.status.${closing.status}`)}<//><//>
      <${Fact} name=${_("Since")}>${moment(closing.created_at)}<//>${closing.due_at && html`<${Fact} name=${_("Takes effect")}>${moment(closing.due_at)}<//>`}
      ${closing.reason_text && html`<${Fact} name=${_("Reason")}>${both(closing.reason_text)}<//>`}</dl><//>
    <${FormProblem} form=${form} />
    ${may("appeal") && html`<p class="lead">${_("If this is wrong, say why. Somebody else will decide, and the clock stands still until then. You can appeal once.")}</p><${Area} form=${form} name="text" label=${_("Your appeal")} rows=${5} maxlength="1000" />`}
  <//>`;
}
