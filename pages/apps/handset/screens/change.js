// A change of an enterprise's particulars: what follows is shown, counted, and confirmed once.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Corrections, Field, Loaded, Marked, Notice, Row, Tag, Tick } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { Papers, uploads } from "./claim.js";
import { FormProblem } from "./code.js";

/** `id` is the enterprise, or a rejected change of it; `more` is the field that the form opens at. */
export function Change({ id, more }) {
  const rejected = useAsk("registration.change_detail", { change_id: id }, { skip: !id.startsWith("chg_") });
  if (!id.startsWith("chg_")) return html`<${ChangeForm} id=${id} />`;
  return html`<${Loaded} of=${rejected}>${({ change, reasons }) => html`<${ChangeForm} id=${change.enterprise_id} again=${change} reasons=${reasons} at=${more} />`}<//>`;
}

const OF_PAPERS = ["licence", "representative_id_front", "representative_id_back", "signature_specimen", "appointment"];

/** The reasons that are about papers show before the preview asks for them, so that nothing is missed. */
function ChangeForm({ id, again, reasons, at }) {
  const app = useApp();
  const mine = useAsk("registration.my_enterprises");
  const earlier = useAsk("registration.my_changes", { enterprise_id: id }, { skip: !id });
  const own = mine.value?.find((one) => one.enterprise.id === id);
  const form = useForm(`change-${id}`, { name: again && again.changed.includes("name") ? again.name : "", legal_representative: "", legal_representative_id: "", papers: "", confirmed: false }, { never: ["confirmed"] });
  const [preview, setPreview] = useState(null);
  const [files, setFiles] = useState({});
  const [busy, deed] = useDeed(form.refuse);
  const { name, legal_representative, legal_representative_id, confirmed } = form.values;
  const newName = name.trim() || own?.enterprise.name || "";
  const look = () => deed(async () => setPreview(await app.door.ask("registration.change_preview", { enterprise_id: id, name: newName, legal_representative })));
  const send = () => deed(async (act) => {
    await act("registration.change_enterprise", { enterprise_id: id, name: newName, legal_representative, legal_representative_id, papers: uploads(files), confirmed });
    form.done();
    app.toast(_("Submitted. It will be reviewed."));
    app.router.back();
  });
  const foot = preview ? html`<${Button} kind="primary" busy=${busy} disabled=${!confirmed} onClick=${send}>${_("Submit the change")}<//><${Button} kind="quiet" onClick=${() => setPreview(null)}>${_("Correct the entries")}<//>`
    : html`<${Button} kind="primary" busy=${busy} onClick=${look}>${_("See what follows")}<//>`;
  return html`<${Screen} title=${_("Change of particulars")} foot=${foot}>
    <${FormProblem} form=${form} /><${Corrections} reasons=${reasons} at=${at}>
    ${earlier.value?.length > 0 && !preview && html`<div class="card list">${earlier.value.slice(0, 3).map((one) => html`<${Row} key=${one.id} title=${one.name} note=${moment(one.created_at)}><${Tag} tone=${toneOf(one.status)}>${ofCode(`enterprise_change.status.${one.status}`)}<//><//>`)}</div>`}
    ${!preview && html`<${Loaded} of=${mine}>${() => html`<p class="lead">${_("Now: {name}", { name: own?.enterprise.name ?? "" })}</p>
      <${Marked} fields="name uscc"><${Field} form=${form} name="name" label=${_("New name (leave empty if it stays)")} maxlength="100" /><//>
      <${Marked} fields="legal_representative"><${Field} form=${form} name="legal_representative" label=${_("Legal representative, from now on")} maxlength="100" /><//>
      <${Marked} fields="legal_representative_id"><${Field} form=${form} name="legal_representative_id" label=${_("Representative's resident ID number")} maxlength="18" /><//>
      <${Marked} fields=${OF_PAPERS.join(" ")}>${reasons?.some((reason) => OF_PAPERS.includes(reason.field)) && html`<p class="hint">${_("You hand the papers in on the next page.")}</p>`}<//>`}<//>`}
    ${preview && html`<${Card} title=${_("What changes")}>${preview.changed.length ? html`<ul class="bullets">${preview.changed.map((field) => html`<li key=${field}>${field === "name" ? _("Enterprise name") : ofCode(field)}</li>`)}</ul>` : html`<p class="hint">${_("Nothing differs from what is known.")}</p>`}<//>
      <${Card} title=${_("What follows ({count})", { count: preview.consequences.length })}><ul class="bullets blocked">${preview.consequences.map((note, at) => html`<li key=${at}>${ofCode(note.code, note.params)}</li>`)}</ul>
        ${!preview.consequences.length && html`<p class="hint">${_("Nothing beyond the change itself.")}</p>`}<//>
      <${Papers} asked=${preview.papers ?? []} files=${files} onChange=${setFiles} line=${newName} />${form.errors.papers && html`<${Notice} tone="bad">${form.errors.papers}<//>`}
      <${Tick} checked=${confirmed} onChange=${(value) => form.set("confirmed", value)} label=${_("I have read what follows")}>${_("I have read what follows")}<//>
      ${form.errors.confirmed && html`<p class="error" role="alert">${form.errors.confirmed}</p>`}`}<//>
  <//>`;
}
