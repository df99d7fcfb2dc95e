// 印章管理: an enterprise's seals (电子公章), their state, and pausing one.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, saveAs } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Choice, Corrections, Empty, Fact, FileField, Loaded, Marked, Notice, Row, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { samplePaper } from "../samples.js";

/** `id` is an enterprise or a seal; without it the first of one's own enterprises. */
export function Seals({ id }) {
  const me = useAsk("registration.me");
  return html`<${Screen} title=${_("Seals")}>
    <${Loaded} of=${me}>${({ enterprises }) => {
      const shown = enterprises.filter((one) => one.id === id);
      const all = shown.length ? shown : enterprises;
      return all.length ? all.map((one) => html`<${OfEnterprise} key=${one.id} enterprise=${one} />`)
        : html`<${Empty} icon="seal" title=${_("No seals yet")}>${_("Claim an enterprise: with its approval its first seals are made.")}<//>`;
    }}<//>
  <//>`;
}

// Which kinds are applied for; the first three come with the enterprise's approval, and only a rejected one of
// them is applied for again.
const KINDS = ["contract"];

/** The form for a seal, stamped by hand. `id` is an enterprise, or its rejected application that this corrects. */
export function SealForm({ id, more }) {
  const again = id.startsWith("sap_");
  const rejected = useAsk("sealing.application", { application_id: id }, { skip: !again });
  if (!again) return html`<${SealFields} enterpriseId=${id} />`;
  return rejected.value ? html`<${SealFields} enterpriseId=${rejected.value.application.enterprise_id} before=${rejected.value.application} reasons=${rejected.value.reasons} at=${more} />`
    : html`<${Screen} title=${_("Apply for a seal")}><${Loaded} of=${rejected}>${() => null}<//><//>`;
}

function SealFields({ enterpriseId, before, reasons, at }) {
  const app = useApp();
  const me = useAsk("registration.me");
  const kinds = before && !KINDS.includes(before.kind) ? [before.kind] : KINDS;
  const [kind, setKind] = useState(before?.kind ?? kinds[0]);
  const signature = kind === "signature";
  const [form, setForm] = useState(null);
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const name = me.value?.enterprises.find((one) => one.id === enterpriseId)?.name ?? "";
  const print = () => deed(async () => {
    const content = await app.door.ask("sealing.application_form", { enterprise_id: enterpriseId, kind });
    saveAs(`${name}.pdf`, content, "application/pdf");
  });
  const send = () => deed(async (act) => {
    await act("sealing.apply_for_seal", { enterprise_id: enterpriseId, kind, form: form.content });
    app.toast(_("Submitted. It will be reviewed."));
    app.router.replace(`seals/${enterpriseId}`);
  });
  return html`<${Screen} title=${_("Apply for a seal")} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!form} onClick=${send}>${_("Submit")}<//>`}>
    <${Notice} tone="bad">${problem}<//><${Corrections} reasons=${reasons} at=${at}>
    <${Marked} fields="enterprise uscc applicant name legal_representative"><dl><${Fact} name=${_("Enterprise")}>${name}<//></dl><//>
    <${Marked} fields="kind"><${Choice} label=${_("Kind of seal")} value=${kind} options=${kinds.map((one) => [one, ofCode(`seal.kind.${one}`)])} onChange=${setKind} /><//>
    ${signature ? html`<${Marked} fields="signature_specimen"><${FileField} label=${_("Specimen of the signature")} hint=${_("Sign on white paper with a dark pen and photograph it from above.")} accept="image/png,image/jpeg" value=${form} onChange=${setForm} sample=${app.state.demo ? async () => samplePaper("手写签名", name) : null} /><//>`
      : html`<p class="lead">${_("Print the form, stamp it inside the box, and photograph it.")}</p><${Button} kind="wide" busy=${busy} onClick=${print}>${_("Save the form")}<//>
    <${Marked} fields="form"><${FileField} label=${_("Stamped application form")} value=${form} onChange=${setForm} sample=${app.state.demo ? async () => samplePaper("印章申请书", name) : null} /><//>`}<//>
  <//>`;
}

function OfEnterprise({ enterprise }) {
  const { door, go, toast } = useApp();
  const applications = useAsk("sealing.applications_of", { enterprise_id: enterprise.id });
  const mine = useAsk("registration.my_enterprises");
  const role = mine.value?.find((one) => one.enterprise.id === enterprise.id)?.role;
  const seals = useAsk("sealing.of_enterprise", { enterprise_id: enterprise.id });
  const [busy, deed] = useDeed();
  const [at, setAt] = useState("");
  const run = (name, seal) => deed(async (act) => {
    setAt(seal.id);
    await act(name, { seal_id: seal.id });
    seals.reload();
    toast(name === "sealing.suspend" ? _("Paused. Nothing can be sealed with it.") : _("In use again."));
  });
  return html`<h2 class="section">${enterprise.name} · ${_("Electronic company seals")}</h2>
    <${Loaded} of=${seals}>${(all) => all.length ? all.map((one) => html`<${Card} key=${one.id}><div class="row">${one.png_blob_id && html`<img class="seal-picture" alt=${_("Picture of the seal {name}", { name: one.name })} src=${door.media(one.png_blob_id)} />`}
        <span class="row-text"><b>${one.name}</b><small class="mono">${one.code}</small></span><${Tag} tone=${toneOf(one.status)}>${ofCode(`seal.status.${one.status}`)}<//></div>
        <dl><${Fact} name=${_("Valid")}>${_("{from} to {until}", { from: day(one.valid_from), until: day(one.valid_to) })}<//>${one.status === "making" && html`<${Fact} name=${_("Note")}>${_("It is signed once the enterprise has its first certificate.")}<//>`}</dl>
        ${one.status === "active" && html`<${Button} kind="small" busy=${busy && at === one.id} onClick=${() => run("sealing.suspend", one)}>${_("Pause")}<//>`}${one.status === "suspended" && html`<${Button} kind="small" busy=${busy && at === one.id} onClick=${() => run("sealing.resume", one)}>${_("Use again")}<//>`}<//>`)
      : html`<${Empty} icon="seal" title=${_("No seals yet")}>${_("The company seal is reviewed and made once the enterprise is approved.")}<//>`}<//>
    <${Applications} all=${applications.value ?? []} />
    ${role === "administrator" && html`<${Button} kind="wide" onClick=${() => go(`seal-form/${enterprise.id}`)}>${_("Apply for a contract seal")}<//>`}`;
}

function Applications({ all }) {
  const { go } = useApp();
  // Newest first: what was applied for again stands for what was rejected before.
  const shown = all.filter((one, at) => all.findIndex((other) => other.kind === one.kind) === at && one.status !== "made");
  return shown.length > 0 && html`<div class="card list">${shown.map((one) => {
    const again = one.status === "rejected";
    return html`<${Row} key=${one.id} title=${ofCode(`seal.kind.${one.kind}`)} note=${day(one.created_at)} onClick=${again ? () => go(`seal-form/${one.id}/form`) : undefined}><${Tag} tone=${toneOf(one.status)}>${ofCode(`seal_application.status.${one.status}`)}<//><//>`;
  })}</div>`;
}
