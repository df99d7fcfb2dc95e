// 开票历史: every invoice with where it stands; one with its PDF, its red letters, its parcel, and what can be done.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, moment, yuan } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Choice, Empty, Fact, Loaded, Notice, Row, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { Reasons } from "./claim.js";
import { Deduction, Withdrawal } from "./invoice_acts.js";
import { draftName, draftOf } from "./invoice_form.js";
import { Parcel } from "./parcel.js";
import { Answer, RedLetterForm } from "./red_letter.js";
import { SendAgain } from "./send_again.js";
import { Urge } from "./urge.js";

// The groups of the list; a group holds statuses.
const GROUPS = [
  ["", () => _("All"), null],
  ["waiting", () => _("Under way"), ["in_review", "applied"]],
  ["issued", () => _("Issued"), ["issued", "partly_reversed"]],
  ["reversed", () => _("Taken back"), ["reversed"]],
  ["ended", () => _("Not issued"), ["failed", "rejected", "withdrawn"]],
];

const State = ({ one }) => html`<${Tag} tone=${toneOf(one.status)}>${ofCode(`${one.reverses ? "red_letter" : "invoice"}.status.${one.status}`)}<//>`;

/** 开票历史. */
export function History() {
  const { go } = useApp();
  const form = useForm("invoice-history", { group: "" });
  const found = useAsk("invoicing.mine");
  const { group } = form.values;
  const statuses = GROUPS.find(([code]) => code === group)?.[2];
  const within = (some) => (some ? (found.value ?? []).filter((one) => some.includes(one.status)) : found.value ?? []);
  const shown = within(statuses);
  return html`<${Screen} title=${_("Invoice history")}>
    <div class="chips" role="group" aria-label=${_("Where it stands")}>${GROUPS.map(([code, label, some]) => html`<button type="button" key=${code} class="chip" aria-pressed=${String(code === group)} onClick=${() => form.set("group", code)}>${label()}${code && within(some).length > 0 && html` <i>${within(some).length}</i>`}</button>`)}</div>
    <${Loaded} of=${found}>${(all) => (shown.length ? shown.map((one) => html`<${Line} key=${one.id} one=${one} />`)
      : all.length ? html`<${Empty} icon="search" title=${_("No such invoice")}>${_("Choose another state above.")}<//>`
        : html`<${Empty} icon="invoice" title=${_("No invoices yet")} action=${html`<${Button} onClick=${() => go("invoices")}>${_("Apply for an invoice")}<//>`}>${_("What you apply for appears here, with its PDF once it is issued.")}<//>`)}<//>
  <//>`;
}

function Line({ one }) {
  const { go } = useApp();
  return html`<${Card} onClick=${() => go(`invoices/${one.id}`)}>
    <span class="section"><b>${yuan(one.total_fen)}</b><${State} one=${one} /></span><span>${one.title_name}</span>
    <small class="hint">${ofCode(`invoice.kind.${one.kind}`)} · ${ofCode(`invoice.medium.${one.medium}`)} · ${ofCode(`invoice.order_kind.${one.order_kind}`)}</small>
    <small class="hint">${one.number ? html`<span class="mono">${one.number}</span> · ` : ""}${day(one.created_at)}${one.reversed_fen > 0 ? ` · ${_("{amount} taken back", { amount: yuan(one.reversed_fen) })}` : ""}</small><//>`;
}

/** One invoice or red letter. */
export function Invoice({ id }) {
  const found = useAsk("invoicing.invoice", { invoice_id: id });
  return found.value ? html`<${Shown} one=${found.value} reload=${found.reload} />` : html`<${Screen} title=${_("Invoice details")}><${Loaded} of=${found}>${() => null}<//><//>`;
}

const TOLD = {
  in_review: () => _("Finance is looking at the application. You are told when it is decided."),
  applied: () => _("Sent to the tax service. It usually answers within a minute."),
  issued: () => "",
  partly_reversed: () => _("A part of it was taken back by a red letter."),
  reversed: () => _("It was taken back by red letters. Its orders can be invoiced again."),
  failed: () => _("The tax service refused it. Correct what it says and send it again."),
  rejected: () => _("The application was not approved. Correct what the reasons name and submit it again."),
  withdrawn: () => _("You took the application back."),
  awaiting_issue: () => _("It follows as soon as the invoice that it takes back is issued."),
  awaiting_buyer: () => _("The invoice was deducted: the red letter needs your confirmation."),
  declined: () => _("You did not confirm it. Finance will ask you again."),
};

function Shown({ one, reload }) {
  const app = useApp();
  const [open, setOpen] = useState("");
  const close = () => { setOpen(""); reload(); };
  const can = (name) => one.can.includes(name);
  const again = one.status === "rejected" && !one.reverses ? () => correct(app, one) : can("send_again") ? () => setOpen("again") : null;
  if (open === "again") return html`<${SendAgain} one=${one} onBack=${() => setOpen("")} onDone=${close} />`;
  if (open === "red") return html`<${RedLetterForm} one=${one} onBack=${() => setOpen("")} onDone=${close} />`;
  const foot = one.blob_id ? html`<a class="button primary" href=${app.door.media(one.blob_id)} target="_blank" rel="noopener">${_("Open the PDF")}</a>`
    : can("confirm_red_letter") ? html`<${Button} kind="primary" onClick=${() => setOpen("answer")}>${_("Answer the red letter")}<//>`
      : again && html`<${Button} kind="primary" onClick=${again}>${_("Correct and submit again")}<//>`;
  const told = TOLD[one.status]?.();
  return html`<${Screen} title=${one.reverses ? _("Red-letter invoice") : _("Invoice details")} foot=${foot}>
    ${told && html`<${Notice} tone=${["failed", "rejected", "declined"].includes(one.status) ? "bad" : toneOf(one.status) === "wait" ? "wait" : "note"}>${told}${one.problem && html`<p><b>${ofCode(one.problem)}</b></p>`}<//>`}
    <p class="big-amount"><span class="price">${yuan(one.total_fen)}</span></p>
    <${Facts} one=${one} />
    ${one.reverses && one.reasons.map((reason) => html`<${Notice} tone="bad" key=${reason.code}>${both(reason.text)}<//>`)}
    <${Reasons} all=${one.reverses ? [] : one.reasons} to=${(field) => correct(app, one, field)} />
    <${Lines} one=${one} />
    ${one.medium === "paper" && html`<${Parcel} subject=${one.id} />`}
    ${one.reversed_by.length > 0 && html`<h2 class="section">${_("Red letters")}</h2><div class="card list">${one.reversed_by.map((id) => html`<${RedRow} key=${id} id=${id} />`)}</div>`}
    ${one.reverses && html`<div class="card list"><${Row} icon="invoice" title=${_("The invoice that it takes back")} note=${one.reverses_number} onClick=${() => app.go(`invoices/${one.reverses}`)} /></div>`}
    ${one.status === "in_review" && html`<${Urge} subject=${one.id} />`}
    <${Happened} id=${one.id} own=${one} />
    ${can("ask_red_letter") && html`<${Button} kind="wide" onClick=${() => setOpen("red")}>${_("Ask for a red letter")}<//>`}
    ${can("declare_deducted") && html`<${Button} kind="quiet wide" onClick=${() => setOpen("deducted")}>${_("It was deducted from our tax")}<//>`}
    ${can("withdraw_application") && html`<${Button} kind="quiet wide" onClick=${() => setOpen("withdraw")}>${_("Take the application back")}<//>`}
    ${open === "withdraw" && html`<${Withdrawal} one=${one} onClose=${close} />`}
    ${open === "deducted" && html`<${Deduction} one=${one} onClose=${close} />`}
    ${open === "answer" && html`<${Answer} one=${one} onClose=${close} />`}
  <//>`;
}

/** Open the form again with what was given, so that only what was wrong is typed anew. */
function correct({ place, go }, one, at = one.reasons[0]?.field ?? "") {
  try {
    sessionStorage.setItem(`yx:${place}:${draftName(one.order_kind)}`, JSON.stringify(draftOf(one, at)));
  } catch {
    // A full store opens the form empty.
  }
  go(`invoices/${one.order_kind}/form`);
}

function Facts({ one }) {
  const fact = (name, value) => value && html`<${Fact} name=${name}>${value}<//>`;
  return html`<${Card}><dl>${fact(_("Where it stands"), html`<${State} one=${one} />`)}${fact(_("Invoice number"), one.number && html`<span class="mono">${one.number}</span>`)}
    ${fact(_("Takes back invoice"), one.reverses_number && html`<span class="mono">${one.reverses_number}</span>`)}${fact(_("Reason"), one.reason && ofCode(`invoice.red_reason.${one.reason}`))}
    ${fact(_("Invoice title"), html`<b>${one.title_name}</b>`)}${fact(_("Tax number"), one.title_code && html`<span class="mono">${one.title_code}</span>`)}
    ${fact(_("Type of invoice"), ofCode(`invoice.medium.${one.medium}`))}${fact(_("Ordinary or special"), ofCode(`invoice.kind.${one.kind}`))}
    ${fact(_("Paper invoice code"), one.paper_code && html`<span class="mono">${one.paper_code}</span>`)}${fact(_("Paper invoice number"), one.paper_number && html`<span class="mono">${one.paper_number}</span>`)}
    ${fact(_("Email"), one.email)}${fact(_("Remarks"), one.remarks)}${fact(_("Applied for"), moment(one.created_at))}${fact(_("Issued at"), one.issued_at && moment(one.issued_at))}
    ${fact(_("Deducted since"), one.deducted_at && moment(one.deducted_at))}</dl><//>`;
}

function Lines({ one }) {
  return html`<${Card} title=${_("What the invoice says")}>${one.lines.map((line, at) => html`<p class="fact" key=${at}><span class="row-text">${line.name}<small class="hint mono">${line.order_number}</small></span><span>${yuan(line.amount_fen)}</span></p>`)}
    <dl><${Fact} name=${_("Net")}>${yuan(one.amount_fen)}<//><${Fact} name=${_("Tax")}>${yuan(one.tax_fen)}<//><${Fact} name=${_("Together")}><b>${yuan(one.total_fen)}</b><//></dl><//>`;
}

function RedRow({ id }) {
  const { go } = useApp();
  const found = useAsk("invoicing.invoice", { invoice_id: id });
  const one = found.value;
  return html`<${Row} icon="invoice" title=${one ? yuan(one.total_fen) : "…"} note=${one ? `${ofCode(`invoice.red_reason.${one.reason}`)} · ${day(one.created_at)}` : ""} onClick=${() => go(`invoices/${id}`)}>${one && html`<${State} one=${one} />`}<//>`;
}

function Happened({ id, own }) {
  const steps = useAsk("invoicing.history", { invoice_id: id }).value ?? [];
  if (!steps.length) return null;
  return html`<${Card} title=${_("Progress of the invoice")}><ol class="plain progress">${steps.map((step, at) => html`<li key=${at}><span><b>${step.code === "invoice.issued" ? _("Issued by the tax service") : ofCode(step.code)}</b><small>${ofCode(`invoice.who.${step.who}`)}${step.subject !== own.id ? ` · ${_("Red letters")}` : ""}</small></span><span>${moment(step.occurred_at)}</span></li>`)}</ol><//>`;
}
