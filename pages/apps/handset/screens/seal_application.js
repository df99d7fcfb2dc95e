// One application for a seal: where it stands, what was handed in, and why it was rejected.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Card, Fact, Loaded, Notice, Sheet, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { HANDWRITTEN, kindLabel, SealPicture, sizeLabel } from "./seal_kinds.js";

/** The application `id`. */
export function SealApplication({ id }) {
  const { go, router } = useApp();
  const found = useAsk("sealing.application", { application_id: id });
  const enterpriseId = found.value?.application.enterprise_id ?? "";
  const seals = useAsk(enterpriseId ? "sealing.of_enterprise" : "sealing.my_seals", enterpriseId ? { enterprise_id: enterpriseId } : {}, { skip: !found.value });
  const kinds = useAsk("sealing.kinds", { enterprise_id: enterpriseId }, { skip: !found.value });
  const asked = found.value?.application;
  const seal = seals.value?.find((one) => one.application_id === id);
  const tab = asked && HANDWRITTEN.includes(asked.kind) ? "handwriting" : "company";
  const foot = asked?.status === "rejected" ? html`<${Button} kind="primary" onClick=${() => go(`seal-form/${id}/${found.value.reasons[0]?.field ?? "form"}`)}>${_("Correct and hand in again")}<//>`
    : seal && html`<${Button} kind="primary" onClick=${() => router.replace(`seals/${seal.id}`)}>${_("Open the seal")}<//>`;
  return html`<${Screen} title=${_("Application for a seal")} foot=${foot} onBack=${() => router.reset(enterpriseId ? `seals/${enterpriseId}/${tab}` : asked ? "seals/mine" : "seals")}>
    <${Loaded} of=${found}>${({ application, reasons }) => html`<${Card} title=${application.name}><dl><${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(application.status)}>${ofCode(`seal_application.status.${application.status}`)}<//><//>
        <${Fact} name=${_("Kind of seal")}>${kindLabel(application.kind, kinds.value)}<//>${application.size && html`<${Fact} name=${_("Size")}>${sizeLabel(application.size)}<//>`}
        <${Fact} name=${_("Handed in")}>${moment(application.created_at)}<//></dl><//>
      ${reasons.length > 0 && html`<${Notice} tone="bad"><b>${_("Not passed:")}</b><ul class="bullets blocked">${reasons.map((one) => html`<li key=${one.code}>${both(one.text)}</li>`)}</ul><//>`}
      <${Progress} application=${application} seal=${seal} />
      ${seal && html`<${Card}><div class="row"><${SealPicture} seal=${seal} /><span class="row-text"><b>${seal.name}</b><small class="mono">${seal.code}</small></span><${Tag} tone=${toneOf(seal.status)}>${ofCode(`seal.status.${seal.status}`)}<//></div><//>`}
      <${HandedIn} blob=${application.form_blob_id} impression=${application.impression_blob_id} />
      <${Withdrawing} application=${application} />`}<//>
  <//>`;
}

const STEPS = ["in_review", "in_making", "made"];
const OPEN = ["in_review", "in_making"];

function Progress({ application, seal }) {
  if (!STEPS.includes(application.status)) return null;
  const at = STEPS.indexOf(application.status);
  const steps = [[_("Submitted"), true, moment(application.created_at)], [_("Reviewed by our staff"), at > 0, at === 0 ? _("Under way") : ""], [_("Made by another member of staff"), at > 1, at === 1 ? _("Under way") : ""],
    [_("Signed by the seal agency"), seal && seal.status !== "making", at > 1 && seal?.status === "making" ? _("Once the enterprise has a certificate") : ""]];
  return html`<${Card} title=${_("Progress")}><ol class="progress plain">${steps.map(([label, done, when]) => html`<li key=${label}><span class=${done ? "good" : undefined}>${done && html`<${Icon} name="check" size=${16} />`} ${label}</span><span>${when}</span></li>`)}</ol>
    ${application.status !== "made" && html`<p class="hint">${_("It appears among the seals by itself; nobody needs to load anything again.")}</p>`}<//>`;
}

function HandedIn({ blob, impression }) {
  const { door } = useApp();
  if (!blob) return null;
  return html`<${Card} title=${_("What was handed in")}><div class="buttons"><a class="button small" href=${door.media(blob)} target="_blank" rel="noopener">${_("Open the stamped form")}</a></div>
    ${impression && html`<img class="seal-picture large" alt=${_("The impression, cut out")} src=${door.media(impression)} />`}<//>`;
}

/** Taking it back, by an administrator or the person whose own it is, while it has not ended. */
function Withdrawing({ application }) {
  const { toast } = useApp();
  const mine = useAsk("registration.my_enterprises");
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const role = mine.value?.find((one) => one.enterprise.id === application.enterprise_id)?.role;
  if (!OPEN.includes(application.status) || (application.enterprise_id && role !== "administrator")) return null;
  const withdraw = () => deed(async (act) => {
    await act("sealing.withdraw_application", { application_id: application.id });
    toast(_("It has been taken back."));
    setOpen(false);
  });
  return html`<${Button} kind="wide" onClick=${() => setOpen(true)}>${_("Take the application back")}<//>
    ${open && html`<${Sheet} title=${_("Take the application back?")} onClose=${() => setOpen(false)} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${withdraw}>${_("Take the application back")}<//>`}>
      <${Notice} tone="bad">${problem}<//><p>${_("Nobody looks at it any more; you can apply again at any time.")}</p><//>`}`;
}
