// 我的订单: states, and what each asks for next: pay, papers, download, cancel.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, moment, years, yuan } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Corrections, Empty, Fact, Loaded, Notice, Sheet, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Done, Screen } from "../layout.js";
import { Papers, Reasons, uploads } from "./claim.js";
import { Download } from "./download.js";
import { Urge } from "./urge.js";

const REVIEWS = ["platform_review", "agency_review"];
const CANCELLABLE = ["awaiting_payment", "awaiting_papers", ...REVIEWS];

/** One label for both reviews: 审核中. */
export const orderStatus = (status) => (REVIEWS.includes(status) ? "in_review" : status);

const StatusTag = ({ status }) => html`<${Tag} tone=${toneOf(orderStatus(status))}>${ofCode(`order.status.${orderStatus(status)}`)}<//>`;

/** The list. */
export function Orders() {
  const { go } = useApp();
  const orders = useAsk("ordering.mine");
  const platforms = useAsk("mall.platforms");
  return html`<${Screen} title=${_("My orders")}>
    <${Loaded} of=${orders}>${(all) => all.length ? all.map((one) => html`<${Card} key=${one.id} onClick=${() => go(`orders/${one.id}`)}>
        <span class="section"><span>${both(platforms.value?.[one.platform_id]?.label)}</span><${StatusTag} status=${one.status} /></span>
        <span class="fact"><span class="row-text mono">${one.number}</span><span>${yuan(one.amount_fen)}</span></span><small class="hint">${day(one.created_at)} · ${years(one.years)}</small><//>`)
      : html`<${Empty} icon="order" title=${_("No orders yet")} action=${html`<${Button} onClick=${() => go("apply")}>${_("Apply for a certificate")}<//>`}>${_("Applications for certificates appear here, with where they stand.")}<//>`}<//>
  <//>`;
}

/** One order. `id` is its id. */
export function Order({ id }) {
  const order = useAsk("ordering.order", { order_id: id });
  return order.value ? html`<${Shown} order=${order.value} reload=${order.reload} />` : html`<${Screen} title=${_("Order")}><${Loaded} of=${order}>${() => null}<//><//>`;
}

function Shown({ order, reload }) {
  const app = useApp();
  const platforms = useAsk("mall.platforms");
  const me = useAsk("registration.me");
  const rejection = useAsk("ordering.rejection", { order_id: order.id }, { skip: order.status !== "rejected" });
  const [open, setOpen] = useState("");
  const [busy, deed] = useDeed();
  const platform = platforms.value?.[order.platform_id];
  const cancel = () => deed(async (act) => {
    await act("ordering.cancel", { order_id: order.id });
    setOpen("");
    reload();
    app.toast(_("The order has been cancelled."));
  });
  const next = {
    awaiting_payment: [_("Pay {amount}", { amount: yuan(order.amount_fen) }), () => setOpen("pay")],
    awaiting_papers: [_("Upload the papers"), () => setOpen("papers")],
    awaiting_download: [_("Download the certificate"), () => setOpen("download")],
    rejected: [_("Apply again"), () => app.go(`apply/${order.id}/${rejection.value?.[0]?.field ?? ""}`)],
  }[order.status];
  if (open === "papers") return html`<${Attach} order=${order} platform=${platform} onBack=${() => setOpen("")} onDone=${() => { setOpen(""); reload(); }} />`;
  if (open === "download") return html`<${Download} order=${order} onBack=${() => setOpen("")} onDone=${() => app.router.replace("certificates")} />`;
  return html`<${Screen} title=${_("Order")} foot=${next && html`<${Button} kind="primary" onClick=${next[1]}>${next[0]}<//>`}>
    <${Stage} order=${order} />
    <${Card} title=${both(platform?.label)}><dl><${Fact} name=${_("Number")}><span class="mono">${order.number}</span><//><${Fact} name=${_("Where it stands")}><${StatusTag} status=${order.status} /><//>
      <${Fact} name=${_("Enterprise")}>${me.value?.enterprises.find((one) => one.id === order.enterprise_id)?.name ?? ""}<//><${Fact} name=${_("Kind of certificate")}>${ofCode(`certificate.kind.${order.certificate_kind}`)}<//><${Fact} name=${_("Term")}>${years(order.years)}<//>
      <${Fact} name=${_("Amount")}>${yuan(order.amount_fen)}<//><${Fact} name=${_("Ordered")}>${moment(order.created_at)}<//>${order.paid_at && html`<${Fact} name=${_("Paid at")}>${moment(order.paid_at)}<//>`}${order.ended_at && html`<${Fact} name=${_("Ended")}>${moment(order.ended_at)}<//>`}</dl><//>
    ${REVIEWS.includes(order.status) && html`<${Urge} subject=${order.id} />`}
    <${Reasons} all=${rejection.value} to=${(field) => app.go(`apply/${order.id}/${field}`)} />
    ${CANCELLABLE.includes(order.status) && html`<${Button} kind="quiet wide" onClick=${() => setOpen("cancel")}>${_("Cancel the order")}<//>`}
    ${open === "pay" && html`<${Cashier} order=${order} onClose=${() => setOpen("")} onPaid=${reload} />`}
    ${open === "cancel" && html`<${Sheet} title=${_("Cancel the order?")} onClose=${() => setOpen("")} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${cancel}>${_("Cancel the order")}<//>`}><p>${order.paid_at ? _("{amount} is refunded. A new application starts from the beginning.", { amount: yuan(order.amount_fen) }) : _("A new application starts from the beginning.")}</p><//>`}
  <//>`;
}

const STAGES = {
  awaiting_payment: ["wait", () => _("Waiting for your payment")],
  awaiting_papers: ["wait", () => _("Waiting for your papers")],
  platform_review: ["wait", () => _("In review at the trading platform")],
  agency_review: ["wait", () => _("In review at the CA")],
  awaiting_download: ["good", () => _("Approved: download your certificate")],
  completed: ["good", () => _("Completed: the certificate is on this phone")],
  rejected: ["bad", () => _("Rejected")],
  cancelled: ["wait", () => _("Cancelled")],
};

function Stage({ order }) {
  const [tone, text] = STAGES[order.status] ?? ["wait", () => ofCode(`order.status.${order.status}`)];
  return html`<${Notice} tone=${tone}><b>${text()}</b><//>`;
}

function Cashier({ order, onClose, onPaid }) {
  const [paid, setPaid] = useState(false);
  const [problem, setProblem] = useState("");
  const [account, setAccount] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const pay = () => deed(async (act) => {
    const payment = await act("ordering.pay", { order_id: order.id });
    await act("handset.pay", { payment_id: payment.id, account: account.trim() });
    setPaid(true);
    onPaid();
  });
  return html`<${Sheet} title=${_("Cashier (simulated)")} onClose=${onClose} foot=${paid ? html`<${Button} kind="primary" onClick=${onClose}>${_("Done")}<//>` : html`<${Button} kind="primary" busy=${busy} onClick=${pay}>${_("Pay now")}<//>`}>
    ${paid ? html`<${Done} title=${_("Paid")} />` : html`<p class="big-amount"><span class="price">${yuan(order.amount_fen)}</span></p><dl><${Fact} name=${_("For")}>${_("Certificate, {years}", { years: years(order.years) })}<//><${Fact} name=${_("Number")}><span class="mono">${order.number}</span><//></dl>
      <div class="field"><label for="payer">${_("Test account (may stay empty)")}</label><input id="payer" value=${account} maxLength="40" autocomplete="off" spellcheck=${false} onInput=${(event) => setAccount(event.target.value)} /></div>`}
    <${Notice} tone="bad">${problem}<//><//>`;
}

function Attach({ order, platform, onBack, onDone }) {
  const app = useApp();
  const earlier = useAsk("ordering.to_correct", { order_id: order.id });
  const asked = (platform?.attachments ?? []).map((paper) => ({ ...paper, required: true, condition: "" }));
  const [files, setFiles] = useState({});
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const send = () => deed(async (act) => {
    await act("ordering.attach_papers", { order_id: order.id, papers: uploads(files) });
    app.toast(_("Submitted. The platform and the CA review it now."));
    onDone();
  });
  return html`<${Screen} title=${_("Upload the papers")} onBack=${onBack} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${send}>${_("Submit")}<//>`}>
    <${Notice} tone="bad">${problem}<//>
    <${Corrections} reasons=${earlier.value} at=${earlier.value?.[0]?.field ?? ""}><${Papers} asked=${asked} files=${files} onChange=${setFiles} line=${order.number} /><//>
  <//>`;
}
