// 支付管理: what was paid, every refund and how far it is, receipts.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment, yuan } from "../../common/format.js";
import { useAsk } from "../../common/hooks.js";
import { Empty, Fact, Loaded, Notice, Row, Sheet, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";

/** The list; a payment opens as a sheet with its refunds and its receipt. */
export function Payments() {
  const found = useAsk("ordering.my_payments");
  const [shown, setShown] = useState(null);
  return html`<${Screen} title=${_("Payments")}>
    <${Loaded} of=${found}>${(all) => all.length ? html`<div class="card list">${all.map((one) => html`<${Row} key=${one.id} icon="payment" title=${yuan(one.amount_fen)} note=${`${one.order_number} · ${moment(one.paid_at ?? one.created_at)}`} onClick=${() => setShown(one)}>
        <${Tag} tone=${one.refund === "late" ? "bad" : toneOf(one.status)}>${ofCode(`payment.status.${one.status}`)}<//><//>`)}</div>`
      : html`<${Empty} icon="payment" title=${_("No payments yet")}>${_("What you pay for certificates appears here, with receipts and refunds.")}<//>`}<//>
    ${shown && html`<${Sheet} title=${yuan(shown.amount_fen)} onClose=${() => setShown(null)}><${Payment} of=${shown} /><//>`}
  <//>`;
}

/** One payment: where it stands, what came twice, what goes back, the receipt. */
function Payment({ of: one }) {
  return html`${one.came_twice_fen > 0 && html`<${Notice} tone="wait">${_("Paid a second time: {amount}. It will be given back.", { amount: yuan(one.came_twice_fen) })}<//>`}
    <dl><${Fact} name=${_("Where it stands")}>${ofCode(`payment.status.${one.status}`)}<//><${Fact} name=${_("Order number")}><span class="mono">${one.order_number}</span><//>
      ${one.paid_at && html`<${Fact} name=${_("Paid at")}>${moment(one.paid_at)}<//>`}
      ${one.refunded_fen > 0 && html`<${Fact} name=${_("Of it given back")}>${yuan(one.refunded_fen)}<//>`}
      ${one.receipt && html`<${Fact} name=${_("Receipt number")}><span class="mono">${one.receipt.number}</span><//><${Fact} name=${_("Payer")}>${one.receipt.payer}<//>`}</dl>
    ${one.refunds.length > 0 && html`<h3>${_("Refunds")}</h3><div class="list">${one.refunds.map((back) => html`<${Refund} key=${back.number} of=${back} />`)}</div>`}`;
}

/** One refund: how much, since when, how far. */
function Refund({ of: back }) {
  const told = back.status === "done" ? _("Given back {time}", { time: moment(back.settled_at) })
    : back.status === "failed" ? _("Not done yet; finance is looking after it") : _("On its way; the bank takes a few days");
  return html`<${Row} title=${yuan(back.amount_fen)} note=${`${moment(back.requested_at)} · ${told}`}><${Tag} tone=${toneOf(back.status)}>${ofCode(`refund.status.${back.status}`)}<//><//>`;
}
