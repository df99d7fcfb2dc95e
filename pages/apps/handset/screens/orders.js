// 我的订单: states, and what each asks for next: pay, papers, download, cancel.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { day, moment, yuan } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Corrections, Empty, Fact, Loaded, Notice, Sheet, Tag } from "../../common/kit.js";
import { Paused } from "../../common/paused.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { Cashier } from "./cashier.js";
import { Filters } from "./order_filters.js";
import { Papers, Reasons, uploads } from "./claim.js";
import { Download } from "./download.js";
import { History } from "./order_history.js";
import { termOf } from "./offers.js";
import { ReceiptsRow } from "./receipts.js";
import { Urge } from "./urge.js";

const REVIEWS = ["platform_review", "agency_review"];

/** One label for both reviews: 审核中. */
export const orderStatus = (status) => (REVIEWS.includes(status) ? "in_review" : status);

const StatusTag = ({ status }) => html`<${Tag} tone=${toneOf(orderStatus(status))}>${ofCode(`order.status.${orderStatus(status)}`)}<//>`;

/** The list: by state, by kind, by a part of number or enterprise, in parts. */
export function Orders() {
  const { go } = useApp();
  const form = useForm("orders", { group: "", product: "", business: "", text: "" });
  const { text, ...chosen } = form.values;
  const [older, setOlder] = useState({ orders: [], before: undefined });
  const wanted = { ...chosen, text: text.trim() };
  const found = useAsk("ordering.listed", wanted);
  const next = useAsk("ordering.listed", { ...wanted, before: older.before ?? "" }, { skip: !older.before });
  const platforms = useAsk("mall.platforms");
  const waiting = useAsk("issuing.my_waiting");
  const isPaused = (one) => waiting.value?.some((held) => held.order_id === one.id);
  useEffect(() => setOlder({ orders: [], before: undefined }), [JSON.stringify(wanted)]);
  const shown = [...(found.value?.orders ?? []), ...older.orders, ...(older.before && next.value ? next.value.orders : [])];
  const last = older.before ? next.value : found.value;
  const more = () => setOlder({ orders: shown.slice(found.value.orders.length), before: last.next_before });
  const narrowed = Object.values(wanted).some(Boolean);
  return html`<${Screen} title=${_("My orders")}>
    <${Filters} form=${form} counts=${found.value?.counts} />
    <${Loaded} of=${found}>${() => (shown.length ? html`${shown.map((one) => html`<${Line} key=${one.id} one=${one} paused=${isPaused(one)} platform=${both(platforms.value?.[one.platform_id]?.label)} />`)}
        ${last?.next_before && html`<${Button} kind="quiet wide" onClick=${more}>${_("Older orders")}<//>`}`
      : narrowed ? html`<${Empty} icon="search" title=${_("No such order")}>${_("Try another state or a part of the number.")}<//>`
        : html`<${Empty} icon="order" title=${_("No orders yet")} action=${html`<${Button} onClick=${() => go("apply")}>${_("Apply for a certificate")}<//>`}>${_("Applications for certificates appear here, with where they stand.")}<//>`)}<//>
  <//>`;
}

function Line({ one, paused, platform }) {
  const { go } = useApp();
  return html`<${Card} onClick=${() => go(`orders/${one.id}`)}>
    <span class="section"><span>${platform}</span><${StatusTag} status=${one.state} /></span>
    <span class="fact"><span class="row-text"><b>${ofCode(`order.product.${one.product}`)} · ${ofCode(`order.business.${one.business}`)}</b></span><span>${one.amount_fen ? yuan(one.amount_fen) : _("Free of charge")}</span></span>
    ${one.title && html`<small class="hint">${one.title}</small>`}<small class="hint"><span class="mono">${one.number}</span> · ${day(one.created_at)} · ${termOf(one.product, one.years)}</small>
    ${paused && html`<small class="hint"><b>${_("Issuing is paused")}</b></small>`}${one.delegated_to_me && html`<small class="hint">${_("Delegated to you")}</small>`}<//>`;
}

/** One order. `id` is its id. */
export function Order({ id }) {
  const found = useAsk("ordering.detail", { order_id: id });
  const waiting = useAsk("issuing.my_waiting");
  const held = waiting.value?.find((one) => one.order_id === id);
  return found.value ? html`<${Shown} detail=${found.value} held=${held} reload=${found.reload} />` : html`<${Screen} title=${_("Order")}><${Loaded} of=${found}>${() => null}<//><//>`;
}

function Shown({ detail, held, reload }) {
  const app = useApp();
  const { order, mine } = detail;
  const platforms = useAsk("mall.platforms");
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
  const own = mine && {
    awaiting_payment: [_("Pay {amount}", { amount: yuan(order.amount_fen) }), () => setOpen("pay")],
    awaiting_papers: [_("Upload the papers"), () => setOpen("papers")],
    rejected: [_("Apply again"), () => app.go(`apply/${order.id}/${rejection.value?.[0]?.field ?? ""}`)],
  }[order.status];
  const mineToTake = order.status === "awaiting_download" && (order.delegate_account_id ? !mine : mine);
  // What a stop of issuing holds would be refused: it is told instead.
  const next = held ? null : mineToTake ? [_("Download the certificate"), () => setOpen("download")] : own;
  if (open === "papers") return html`<${Attach} order=${order} attachments=${detail.attachments} onBack=${() => setOpen("")} onDone=${() => { setOpen(""); reload(); }} />`;
  if (open === "download") return html`<${Download} order=${order} onBack=${() => setOpen("")} onDone=${() => app.router.replace("certificates")} />`;
  return html`<${Screen} title=${_("Order")} foot=${next && html`<${Button} kind="primary" onClick=${next[1]}>${next[0]}<//>`}>
    ${held ? html`<${Paused} one=${held} />` : html`<${Stage} order=${order} waits=${order.status === "awaiting_download" && !mineToTake} />`}
    <${Card} title=${both(platform?.label)}><dl><${Fact} name=${_("Number")}><span class="mono">${order.number}</span><//><${Fact} name=${_("Where it stands")}><${StatusTag} status=${order.status} /><//>
      <${Fact} name=${_("Kind of business")}>${ofCode(`order.product.${order.product}`)} · ${ofCode(`order.business.${order.business}`)}<//>
      ${detail.title && html`<${Fact} name=${_("Enterprise")}>${detail.title}<//>`}${detail.delegate && html`<${Fact} name=${_("Delegate")}>${detail.delegate}<//>`}
      ${detail.scope.length > 0 && html`<${Fact} name=${_("May be used for")}>${detail.scope.map(both).join(_(", "))}<//>`}
      <${Fact} name=${_("Kind of certificate")}>${ofCode(`certificate.kind.${order.certificate_kind}`)}<//><${Fact} name=${_("Term")}>${termOf(order.product, order.years)}<//>
      <${Fact} name=${_("Download")}>${order.download_mode === "automatic" ? _("Automatic after approval") : _("By hand, in orders or certificates")}<//>
      ${order.price.length > 1 && order.price.map((line) => html`<${Fact} key=${line.code} name=${ofCode(`price.${line.code}`)}>${yuan(line.amount_fen)}<//>`)}
      <${Fact} name=${_("Amount")}>${order.amount_fen ? yuan(order.amount_fen) : _("Free of charge")}<//><${Fact} name=${_("Ordered")}>${moment(order.created_at)}<//>${order.paid_at && html`<${Fact} name=${_("Paid at")}>${moment(order.paid_at)}<//>`}${order.ended_at && html`<${Fact} name=${_("Ended")}>${moment(order.ended_at)}<//>`}</dl><//>
    ${REVIEWS.includes(order.status) && html`<${Urge} subject=${order.id} />`}
    <${Reasons} all=${rejection.value} to=${(field) => app.go(`apply/${order.id}/${field}`)} />
    <${History} steps=${detail.history} />
    <${ReceiptsRow} id=${order.id} />
    ${detail.cancellable && html`<${Button} kind="quiet wide" onClick=${() => setOpen("cancel")}>${_("Cancel the order")}<//>`}
    ${open === "pay" && html`<${Cashier} what=${_("Certificate, {years}", { years: termOf(order.product, order.years) })} number=${order.number} amount=${order.amount_fen} begin=${(act) => act("ordering.pay", { order_id: order.id })} onClose=${() => setOpen("")} onPaid=${reload} />`}
    ${open === "cancel" && html`<${Sheet} title=${_("Cancel the order?")} onClose=${() => setOpen("")} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${cancel}>${_("Cancel the order")}<//>`}><p>${refundText(order, detail.refund_fen)}</p><//>`}
  <//>`;
}

function refundText(order, fen) {
  if (!order.paid_at) return _("A new application starts from the beginning.");
  if (fen < order.amount_fen) return _("{amount} of {paid} is refunded: the CA has done its work. A new application starts from the beginning.", { amount: yuan(fen), paid: yuan(order.amount_fen) });
  return _("{amount} is refunded. A new application starts from the beginning.", { amount: yuan(fen) });
}

const STAGES = {
  awaiting_payment: ["wait", () => _("Waiting for your payment")],
  awaiting_papers: ["wait", () => _("Waiting for your papers")],
  platform_review: ["wait", () => _("In review at the trading platform")],
  agency_review: ["wait", () => _("In review at the CA")],
  awaiting_download: ["good", () => _("Approved: download your certificate")],
  completed: ["good", () => _("Completed: the certificate is on this phone")],
  rejected: ["bad", () => _("Rejected")],
  cancelled: ["note", () => _("Cancelled")],
};

function Stage({ order, waits }) {
  if (waits) return html`<${Notice} tone="wait"><b>${_("Approved: the delegate downloads it now")}</b><//>`;
  const [tone, text] = STAGES[order.status] ?? ["wait", () => ofCode(`order.status.${order.status}`)];
  return html`<${Notice} tone=${tone}><b>${text()}</b><//>`;
}

function Attach({ order, attachments, onBack, onDone }) {
  const app = useApp();
  const earlier = useAsk("ordering.to_correct", { order_id: order.id });
  const asked = attachments.map((paper) => ({ ...paper, required: true, condition: "" }));
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
