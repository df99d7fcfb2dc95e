// 支付管理: what was paid, refunds and how far they are, receipts.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment, yuan } from "../../common/format.js";
import { useAsk } from "../../common/hooks.js";
import { Empty, Fact, Loaded, Row, Sheet, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";

/** The list; a payment opens as a sheet with its receipt. */
export function Payments() {
  const found = useAsk("ordering.my_payments");
  const [shown, setShown] = useState(null);
  return html`<${Screen} title=${_("Payments")}>
    <${Loaded} of=${found}>${(all) => all.length ? html`<div class="card list">${all.map((one) => html`<${Row} key=${one.id} icon="payment" title=${yuan(one.amount_fen)} note=${`${one.order_number} · ${moment(one.paid_at ?? one.created_at)}`} onClick=${() => setShown(one)}>
        <${Tag} tone=${toneOf(one.status)}>${ofCode(`payment.status.${one.status}`)}<//><//>`)}</div>`
      : html`<${Empty} icon="payment" title=${_("No payments yet")}>${_("What you pay for certificates appears here, with receipts and refunds.")}<//>`}<//>
    ${shown && html`<${Sheet} title=${yuan(shown.amount_fen)} onClose=${() => setShown(null)}><dl><${Fact} name=${_("Where it stands")}>${ofCode(`payment.status.${shown.status}`)}<//><${Fact} name=${_("Order number")}><span class="mono">${shown.order_number}</span><//>
      ${shown.paid_at && html`<${Fact} name=${_("Paid at")}>${moment(shown.paid_at)}<//>`}${shown.refund !== "none" && html`<${Fact} name=${_("Refund")}>${shown.refund === "done" ? _("Given back {time}", { time: moment(shown.refunded_at) }) : _("On its way; the bank takes a few days")}<//>`}
      ${shown.receipt && html`<${Fact} name=${_("Receipt number")}><span class="mono">${shown.receipt.number}</span><//><${Fact} name=${_("Payer")}>${shown.receipt.payer}<//>`}</dl><//>`}
  <//>`;
}
