// 认领企业: particulars, the papers its class asks for, and then how authority is shown.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { moment, saveAs, yuan } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Choice, Corrections, Fact, Field, FileField, Loaded, Marked, Notice, Row, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { samplePaper } from "../samples.js";
import { FormProblem } from "./code.js";
import { shown } from "./enterprises.js";
import { Urge } from "./urge.js";

const BLANK = { name: "", uscc: "", legal_representative: "", legal_representative_id: "", authority: "letter", papers: "" };
const DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const WAYS = ["letter", "payment", "app"];
// The upload's limit is the server's; a picture of a phone's camera is well below.
const CONDITIONS = { unless_representative: () => _("Not needed if you are the legal representative, or show your authority in another way.") };

/** The papers to hand in, by what the server asks for. `files` is code → file, `onChange` its setter. */
export function Papers({ asked, files, onChange, errors = {}, line = "" }) {
  const { state } = useApp();
  return asked.map((paper) => html`<${Marked} key=${paper.code} fields=${paper.code}><${FileField} label=${`${both(paper.label)}${paper.required && !paper.condition ? "" : _(" (if it applies)")}`}
    hint=${CONDITIONS[paper.condition]?.() ?? (paper.required ? undefined : _("Optional"))} accept=${paper.picture_only ? "image/png,image/jpeg" : paper.word ? `image/png,image/jpeg,application/pdf,.docx,${DOCX}` : undefined}
    value=${files[paper.code]} onChange=${(file) => onChange((before) => ({ ...before, [paper.code]: file }))} error=${errors[paper.code]}
    sample=${state.demo ? async () => samplePaper(paper.label.zh, line) : null}>${paper.word && html`<${AsKept} file=${files[paper.code]} />`}<//><//>`);
}

/** A document in DOCX is kept as a PDF: its uploader sees that before it is handed in. */
function AsKept({ file }) {
  const { door } = useApp();
  const [made, setMade] = useState({});
  const isWord = /\.docx$/i.test(file?.name ?? "");
  useEffect(() => {
    setMade({});
    if (isWord) door.ask("registration.letter_as_kept", { content: file.content }).then((content) => setMade({ content }), (refusal) => setMade({ refusal }));
  }, [file]);
  if (!isWord) return null;
  if (made.refusal) return html`<p class="error" role="alert">${made.refusal.title}</p>`;
  if (!made.content) return html`<p class="hint" role="status">${_("Loading…")}</p>`;
  return html`<p class="hint">${_("It is handed in as this PDF. Look at it before you submit.")}</p><${Button} kind="small" onClick=${() => saveAs(file.name.replace(/\.docx$/i, ".pdf"), made.content, "application/pdf")}>${_("Show the PDF")}<//>`;
}

/** Files as the server takes them. */
export const uploads = (files) => Object.entries(files).map(([code, file]) => ({ code, content: file.content }));

/** A new claim; `id` is the rejected one that it corrects, and `more` the field that it opens at. */
export function Claim({ id, more }) {
  const app = useApp();
  const rejected = useAsk("registration.claim_detail", { claim_id: id }, { skip: !id });
  const form = useForm("claim", BLANK);
  const [files, setFiles] = useState({});
  const uscc = form.values.uscc.trim().toUpperCase();
  const asked = useAsk("registration.papers_for", { uscc }, { skip: uscc.length !== 18 });
  const paperError = form.errors.papers;
  useEffect(() => {
    const { claim } = rejected.value ?? {};
    if (claim && !form.values.uscc && !form.values.name) form.fill({ name: claim.name, uscc: claim.uscc, authority: WAYS.includes(claim.authority) ? claim.authority : "letter" });
  }, [rejected.value]);
  const [busy, deed] = useDeed(form.refuse);
  const send = () => deed(async (act) => {
    const { papers, ...given } = form.values;
    const claim = await act("registration.claim_enterprise", { ...given, uscc, papers: uploads(files) });
    form.done();
    app.router.replace(`claims/${claim.id}`);
  });
  return html`<${Screen} title=${_("Claim an enterprise")} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${send}>${_("Submit")}<//>`}>
    <${FormProblem} form=${form} />
    <${Corrections} reasons=${rejected.value?.reasons} at=${more}>
    <${Marked} fields="uscc"><${Field} form=${form} name="uscc" label=${_("Unified social credit code")} maxlength="18" class="mono" hint=${_("18 characters, as on the licence. It decides which papers are asked for.")} /><//>
    <${Marked} fields="name"><${Field} form=${form} name="name" label=${_("Enterprise name")} maxlength="100" hint=${_("In full, as on the licence")} /><//>
    <${Marked} fields="legal_representative"><${Field} form=${form} name="legal_representative" label=${_("Legal representative")} maxlength="100" /><//>
    <${Marked} fields="legal_representative_id"><${Field} form=${form} name="legal_representative_id" label=${_("Representative's resident ID number")} maxlength="18" /><//>
    <${Marked} fields="claimant"><${Choice} label=${_("If you are not the representative: how you show that you may act")} value=${form.values.authority} options=${WAYS.map((way) => [way, ofCode(`authority.way.${way}`)])} onChange=${(way) => form.set("authority", way)} error=${form.errors.authority} /><//>
    <h2 class="section">${_("Papers")}</h2>
    ${uscc.length !== 18 ? html`<p class="hint">${_("They appear once the credit code is complete.")}</p>` : asked.error ? html`<${Notice} tone="bad">${asked.error.title}<//>`
      : html`<${Loaded} of=${asked}>${(papers) => html`<${Papers} asked=${papers} files=${files} onChange=${setFiles} line=${form.values.name} />`}<//>`}
    ${paperError && html`<p class="error" role="alert">${paperError}</p>`}<//>
  <//>`;
}

/** Why something was rejected, each reason leading to its field of the form. */
export function Reasons({ all, to }) {
  return all?.length > 0 && html`<div class="card list">${all.map((reason) => html`<${Row} key=${reason.code} icon="warn" title=${both(reason.text)} note=${_("Correct this")} onClick=${() => to(reason.field)} />`)}</div>`;
}

/** One claim: its state, the verification beside it, and the reasons if it was rejected. */
export function ClaimDetail({ id }) {
  const { go } = useApp();
  const detail = useAsk("registration.claim_detail", { claim_id: id });
  const rejected = detail.value?.claim.status === "rejected";
  return html`<${Screen} title=${_("Claim")} foot=${rejected && html`<${Button} kind="primary" onClick=${() => go(`claim/${id}/${detail.value.reasons[0]?.field ?? ""}`)}>${_("Claim again")}<//>`}>
    <${Loaded} of=${detail}>${({ claim, verification, reasons }) => html`
      <${Card} title=${claim.name}><dl><${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(shown(claim.status))}>${ofCode(`enterprise_claim.status.${shown(claim.status)}`)}<//><//>
        <${Fact} name=${_("Unified social credit code")}><span class="mono">${claim.uscc}</span><//><${Fact} name=${_("Submitted")}>${moment(claim.created_at)}<//></dl><//>
      <${Reasons} all=${reasons} to=${(field) => go(`claim/${claim.id}/${field}`)} />
      ${["in_review", "in_second_review"].includes(claim.status) && html`<${Urge} subject=${claim.id} />`}
      ${claim.status === "approved" && html`<${Notice} tone="good">${ofCode("claim.approved")}<//>`}
      <${Verification} found=${verification} open=${["in_review", "in_second_review"].includes(claim.status)} claimId=${claim.id} reload=${detail.reload} />`}<//>
  <//>`;
}

function Verification({ found, open, claimId, reload }) {
  // A letter is judged with the claim: once that is decided, nothing is in review any more.
  const authority = !open && found.authority === "in_review" ? "judged" : found.authority;
  return html`<${Card} title=${_("Verification")}><dl>
      <${Fact} name=${_("Business register")}><${Tag} tone=${found.register === "matched" ? "good" : found.register === "mismatched" ? "bad" : "wait"}>${ofCode(`register_check.status.${found.register}`)}<//>
        ${found.mismatched?.length > 0 && html`<p class="error">${_("Does not agree: {fields}", { fields: found.mismatched.map((field) => ofCode(field)).join(_(", ")) })}</p>`}<//>
      <${Fact} name=${_("Authority to act")}>${authority !== "judged" && html`<${Tag} tone=${authority === "shown" ? "good" : authority === "missing" ? "bad" : "wait"}>${ofCode(`authority.${authority}`)}<//>`} ${ofCode(`authority.way.${found.way}`)}<//></dl><//>
    ${open && found.authority !== "shown" && html`<${ReversePayment} found=${found} claimId=${claimId} reload=${reload} /><${Representative} found=${found} claimId=${claimId} reload=${reload} />`}`;
}

function ReversePayment({ found, claimId, reload }) {
  const [told, setTold] = useState(null);
  const [busy, deed] = useDeed();
  const start = () => deed(async (act) => {
    setTold(await act("registration.start_reverse_payment", { claim_id: claimId }));
    reload();
  });
  const failed = found.payment?.status === "failed";
  return html`<${Card} title=${_("By one fen from the corporate account")}>
    <p class="hint">${_("The enterprise pays exactly {amount} from its own account. It is not given back and not invoiced.", { amount: yuan(1) })}</p>
    ${failed && html`<${Notice} tone="bad">${_("The last payment did not fit: {reason}", { reason: ofCode(`reverse_payment.${found.payment.reason}`) })}<//>`}
    ${told && html`<dl><${Fact} name=${_("Account name")}>${told.account_name}<//><${Fact} name=${_("Bank")}>${told.bank}<//><${Fact} name=${_("Pay to account")}><span class="mono">${told.sub_account}</span><//>
      <${Fact} name=${_("Amount")}>${yuan(told.amount_fen)}<//><${Fact} name=${_("Pay by")}>${moment(told.expires_at)}<//></dl>`}
    ${!told && html`<${Button} kind="wide" busy=${busy} disabled=${found.payment_tries_left === 0 && failed} onClick=${start}>${found.payment?.status === "awaiting" ? _("Show where to pay") : _("Start ({count} tries left)", { count: found.payment_tries_left })}<//>`}<//>`;
}

function Representative({ found, claimId, reload }) {
  const app = useApp();
  const form = useForm(`representative-${claimId}`, { phone: "" });
  const [busy, deed] = useDeed(form.refuse);
  const ask = () => deed(async (act) => {
    await act("registration.ask_representative", { claim_id: claimId, phone: form.values.phone });
    form.done();
    reload();
    app.toast(_("The legal representative has been asked."));
  });
  return html`<${Card} title=${_("By the legal representative in the app")}>
    ${found.representative_asked && html`<${Notice} tone="wait">${_("Asked at {phone}. You may ask again at another number.", { phone: found.representative_phone })}<//>`}
    <${FormProblem} form=${form} /><${Field} form=${form} name="phone" label=${_("Their phone number")} type="tel" inputmode="numeric" maxlength="13" />
    <${Button} kind="wide" busy=${busy} onClick=${ask}>${_("Ask for authorization")}<//><//>`;
}
