// One seal: its picture, where it stands, who may use it, and what can be done with it.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, moment, worldNow } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Choice, Fact, Loaded, Marked, Notice, Row, Sheet, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { HANDWRITTEN, kindLabel, measured, Preview, sizeLabel } from "./seal_kinds.js";

const LIVING = ["active", "suspended"];
const DAY_MS = 86_400_000;

/** The seal `id`. */
export function Seal({ id }) {
  const { router } = useApp();
  const found = useAsk("sealing.seal", { seal_id: id });
  const enterpriseId = found.value?.enterprise_id ?? "";
  const kinds = useAsk("sealing.kinds", { enterprise_id: enterpriseId }, { skip: !found.value });
  const mine = useAsk("registration.my_enterprises");
  const filing = useAsk("sealing.filing", { seal_id: id });
  const [open, setOpen] = useState("");
  const role = mine.value?.find((one) => one.enterprise.id === enterpriseId)?.role;
  const may = enterpriseId ? role === "administrator" : Boolean(found.value);
  const tab = HANDWRITTEN.includes(found.value?.kind) ? "handwriting" : "company";
  const close = () => { setOpen(""); found.reload(); };
  const back = () => router.reset(enterpriseId ? `seals/${enterpriseId}/${tab}` : "seals/mine");
  return html`<${Screen} title=${_("Seal")} onBack=${back}><${Loaded} of=${found}>${(seal) => html`<${Preview} seal=${seal} />
      <${Facts} seal=${seal} kinds=${kinds.value} /><${Filed} all=${filing.value ?? []} seal=${seal} may=${may} />
      <${Ways} seal=${seal} may=${may} onOpen=${setOpen} />
      ${open === "suspend" && html`<${Suspending} seal=${seal} onClose=${close} />`}${open === "resume" && html`<${Resuming} seal=${seal} onClose=${close} />`}
      ${open === "remake" && html`<${Remaking} seal=${seal} onClose=${close} />`}${open === "delete" && html`<${Deleting} seal=${seal} onClose=${close} />`}`}<//><//>`;
}

function Facts({ seal, kinds }) {
  const left = Math.ceil((seal.valid_to - worldNow()) / DAY_MS);
  const over = seal.status === "active" && left <= 0;
  return html`<${Card} title=${seal.name}><dl><${Fact} name=${_("Where it stands")}><${Tag} tone=${over ? "bad" : toneOf(seal.status)}>${over ? _("Expired") : ofCode(`seal.status.${seal.status}`)}<//><//>
      <${Fact} name=${_("Kind of seal")}>${kindLabel(seal.kind, kinds)}<//><${Fact} name=${_("Seal code")}><span class="mono">${seal.code}</span><//>
      ${(seal.size || seal.made_at) && html`<${Fact} name=${_("Size")}>${seal.size && !HANDWRITTEN.includes(seal.kind) ? sizeLabel(seal.size) : measured(seal)}<//>`}<${Fact} name=${_("Made from")}>${ofCode(HANDWRITTEN.includes(seal.kind) ? "seal.picture.written" : `seal.picture.${seal.picture ?? "drawn"}`)}<//>
      <${Fact} name=${_("Valid")}>${_("{from} to {until}", { from: day(seal.valid_from), until: day(seal.valid_to) })}<//>
      ${seal.filing_number && html`<${Fact} name=${_("Filing number")}><span class="mono">${seal.filing_number}</span><//>`}
      ${seal.ended_at && html`<${Fact} name=${_("Ended")}>${moment(seal.ended_at)}<//>`}</dl>
    ${seal.status === "making" && html`<${Notice} tone="wait">${_("It is signed once the enterprise has its first certificate.")}<//>`}
    ${seal.status === "suspended" && html`<${Notice} tone="wait">${_("Paused: nothing can be sealed with it until it is taken up again.")}<//>`}
    ${seal.status === "active" && left > 0 && left <= 30 && html`<${Notice} tone="wait">${_("It ends in {count} days. Have it made again in time.", { count: left })}<//>`}<//>`;
}

function Filed({ all, seal, may }) {
  const { toast } = useApp();
  const [busy, deed] = useDeed();
  if (!all.length) return null;
  const again = () => deed(async (act) => {
    await act("sealing.file_again", { seal_id: seal.id });
    toast(_("Sent to the register again."));
  });
  return html`<${Card} title=${_("Filing with the seal register")}><ol class="progress plain">${all.map((one) => html`<li key=${one.id}><span>${ofCode(`seal.filing.matter.${one.matter}`)}${one.number && html`<small class="mono">${one.number}</small>`}${one.reason && html`<small>${ofCode(`seal.filing_reason.${one.reason}`)}</small>`}</span>
    <span>${ofCode(`seal_filing.status.${one.status}`)}<br />${day(one.answered_at ?? one.created_at)}</span></li>`)}</ol>
    ${may && all.some((one) => one.status === "refused") && html`<${Button} kind="wide" busy=${busy} onClick=${again}>${_("File it again")}<//>`}<//>`;
}

function Ways({ seal, may, onOpen }) {
  const { go } = useApp();
  const living = LIVING.includes(seal.status);
  return html`<div class="card list">
      ${seal.made_at && html`<${Row} icon="shield" title=${_("Electronic seal data")} note=${_("The signed object of GB/T 38540, and its check")} onClick=${() => go(`seal-data/${seal.id}`)} />`}
      <${Row} icon="order" title=${_("Log of uses")} note=${_("When, by whom and for what it was used")} onClick=${() => go(`seal-uses/${seal.id}`)} />
      ${may && seal.enterprise_id && living && html`<${Row} icon="person" title=${_("Delegation")} note=${_("Members who may use this seal")} onClick=${() => go(`seal-delegation/${seal.id}`)} />`}
    </div>
    ${may && living && html`<div class="card list">
      ${seal.kind !== "custom" && html`<${Row} icon="upload" title=${_("Change")} note=${_("Another name, size or impression; reviewed")} onClick=${() => go(`seal-change/${seal.id}`)} />`}
      <${Row} icon="seal" title=${_("Make again")} note=${_("Worn, lost, or its key in doubt")} onClick=${() => onOpen("remake")} />
      ${seal.status === "active" ? html`<${Row} icon="warn" title=${_("Pause")} note=${_("Until you take it up again, nothing is sealed with it.")} onClick=${() => onOpen("suspend")} />`
        : html`<${Row} icon="check" title=${_("Use again")} note=${_("Lifts the pause.")} onClick=${() => onOpen("resume")} />`}</div>`}
    ${may && (living || seal.status === "making") && html`<${Button} kind="danger wide" onClick=${() => onOpen("delete")}>${_("Delete the seal")}<//>`}`;
}

/** A sheet that does one act and closes. */
function Asking({ seal, title, word, act, given, said, onClose, ready = true, children }) {
  const { toast } = useApp();
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const run = () => deed(async (perform) => {
    setProblem("");
    await perform(act, { seal_id: seal.id, ...given });
    toast(said);
    onClose();
  });
  return html`<${Sheet} title=${title} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!ready} onClick=${run}>${word}<//>`}>
    <${Notice} tone="bad">${problem}<//>${children}<//>`;
}

const Suspending = ({ seal, onClose }) => html`<${Asking} seal=${seal} title=${_("Pause the seal?")} word=${_("Pause")} act="sealing.suspend" said=${_("Paused. Nothing can be sealed with it.")} onClose=${onClose}>
  <${Notice}>${_("Nobody can seal with it from now on, delegates included. What is sealed stays valid. You can take it up again at any time.")}<//><//>`;

const Resuming = ({ seal, onClose }) => html`<${Asking} seal=${seal} title=${_("Use the seal again?")} word=${_("Use again")} act="sealing.resume" said=${_("In use again.")} onClose=${onClose}>
  <${Notice}>${_("Whoever could use it before can use it again.")}<//><//>`;

const REASONS = ["worn", "lost", "key_compromise", "expiring"];
const AT_ONCE = ["lost", "key_compromise"];

function Remaking({ seal, onClose }) {
  const [reason, setReason] = useState("");
  return html`<${Asking} seal=${seal} title=${_("Make the seal again?")} word=${_("Have it made again")} act="sealing.remake_seal" given=${{ reason }} said=${_("Ordered. It is made again.")} ready=${reason} onClose=${onClose}>
    <${Notice}>${_("Name, kind and size stay; it needs no new form. The new seal gets a code of its own.")}<//>
    <${Marked} fields="why"><${Choice} label=${_("Why it is made again")} value=${reason} options=${REASONS.map((one) => [one, ofCode(`seal.remake.${one}`)])} onChange=${setReason} /><//>
    ${reason && html`<${Notice} tone=${AT_ONCE.includes(reason) ? "bad" : "note"}>${AT_ONCE.includes(reason) ? _("The present seal is out of use at once.") : _("The present seal stays in use until the new one is made.")}<//>`}<//>`;
}

function Deleting({ seal, onClose }) {
  const ends = useAsk("sealing.deletion", { seal_id: seal.id });
  return html`<${Asking} seal=${seal} title=${_("Delete the seal?")} word=${_("Delete for good")} act="sealing.delete_seal" said=${_("The seal has been deleted.")} ready=${ends.value} onClose=${onClose}>
    <${Notice} tone="bad">${_("It cannot be restored: “{name}” can never be used again. What was sealed with it stays valid.", { name: seal.name })}<//>
    <${Loaded} of=${ends}>${(told) => html`<${Card} title=${_("What ends and what stays")}><dl><${Fact} name=${_("Delegations that end")}>${told.delegations}<//><${Fact} name=${_("Applications that end")}>${told.applications}<//><${Fact} name=${_("Signatures under way that stop")}>${told.signatures}<//>
      <${Fact} name=${_("Uses that stay in the log")}>${told.uses}<//>${told.filing_number && html`<${Fact} name=${_("Filing that is cancelled")}><span class="mono">${told.filing_number}</span><//>`}</dl><//>`}<//><//>`;
}
