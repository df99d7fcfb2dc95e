// 发票管理: the kinds of order, the list to tick orders in, and the ways to 开票历史 and 常用发票抬头.
import { html } from "../../vendor/htm-preact.js";
import { day, yuan } from "../../common/format.js";
import { useApp, useAsk, useForm } from "../../common/hooks.js";
import { Button, Card, Empty, Loaded, Notice, Row, Tick } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { DRAFT, InvoiceForm, NEW, draftName } from "./invoice_form.js";
import { History, Invoice } from "./invoice_history.js";

export const ORDER_KINDS = ["certificate", "information", "platform"];
const ICONS = { certificate: "certificate", information: "sms", platform: "zone" };

/** Invoices. `id` is a kind of order (and `more` its form), `history`, an invoice, or nothing. */
export function Invoices({ id, more }) {
  if (ORDER_KINDS.includes(id)) return more === "form" ? html`<${InvoiceForm} orderKind=${id} />` : html`<${Orders} orderKind=${id} />`;
  if (id === "history") return html`<${History} />`;
  if (id.startsWith("inv_")) return html`<${Invoice} id=${id} />`;
  return html`<${Front} />`;
}

function Front() {
  const { go } = useApp();
  const kinds = useAsk("invoicing.order_kinds");
  return html`<${Screen} title=${_("Invoice management")}>
    <h2 class="section">${_("Choose the kind of order to invoice")}</h2>
    <${Loaded} of=${kinds}>${(all) => html`<div class="card list">${all.map((one) => html`<${Row} key=${one.kind} icon=${ICONS[one.kind]} title=${ofCode(`invoice.order_kind.${one.kind}`)} value=${one.ready ? _("{count} to invoice", { count: one.ready }) : ""} onClick=${() => go(`invoices/${one.kind}`)} />`)}</div>`}<//>
    <div class="card list"><${Row} icon="clock" title=${_("Invoice history")} onClick=${() => go("invoices/history")} />
      <${Row} icon="invoice" title=${_("Saved titles")} onClick=${() => go("titles")} /><${Row} icon="box" title=${_("Delivery addresses")} onClick=${() => go("addresses")} /></div>
  <//>`;
}

/** What an invoice of an order would be for now. */
export const leftOf = (one) => Math.max(0, one.paid_fen - one.refunded_fen - one.invoiced_fen);

/** Orders of one invoice have one payer (the enterprise, or the person) and one seller (at a platform and a CA). */
const payerOf = (one) => [one.enterprise_id, one.platform_id, one.agency_id].join("|");

function Orders({ orderKind }) {
  const { go } = useApp();
  const form = useForm(draftName(orderKind), DRAFT);
  const found = useAsk("invoicing.candidates", { order_kind: orderKind });
  const all = found.value ?? [];
  const ready = all.filter((one) => !one.refused);
  const chosen = ready.filter((one) => form.values.order_ids.includes(one.id));
  const payer = chosen.length ? payerOf(chosen[0]) : "";
  const open = ready.filter((one) => !payer || payerOf(one) === payer);
  const total = chosen.reduce((sum, one) => sum + leftOf(one), 0);
  const keep = (ids) => form.fill({ ...NEW, order_ids: ids });
  const tick = (id, yes) => keep(yes ? [...chosen.map((one) => one.id), id] : chosen.map((one) => one.id).filter((other) => other !== id));
  const whole = chosen.length > 0 && chosen.length === open.length;
  const me = useAsk("registration.me");
  const next = () => { form.fill({ order_ids: chosen.map((one) => one.id), payer: chosen[0].enterprise_id ? "company" : "personal" }); go(`invoices/${orderKind}/form`); };
  const foot = html`<div class="sum"><${Tick} checked=${whole} off=${!open.length} label=${_("All")} onChange=${(yes) => keep(yes ? open.map((one) => one.id) : [])}>${_("All")}<//><span>${_("{count} ticked", { count: chosen.length })} · <b>${yuan(total)}</b></span></div>
    <${Button} kind="primary" disabled=${!chosen.length} onClick=${next}>${_("Next")}<//>`;
  return html`<${Screen} title=${_("Choose orders")} foot=${all.length > 0 && foot}>
    <${Loaded} of=${found}>${() => (all.length ? html`<p class="lead">${ofCode(`invoice.order_kind.${orderKind}`)}</p>
        ${ready.length > 1 && new Set(ready.map(payerOf)).size > 1 && html`<${Notice}>${_("One invoice is for one payer, one platform and one CA: other orders are invoiced by themselves.")}<//>`}
        ${[...ready, ...all.filter((one) => one.refused)].map((one) => html`<${Order} key=${one.id} one=${one} payer=${nameOf(one, me.value)} checked=${chosen.includes(one)} onChange=${(yes) => tick(one.id, yes)}
          why=${one.refused ? ofCode(one.refused) : payer && payerOf(one) !== payer ? _("Another payer, platform or CA than the ticked ones") : ""} />`)}`
      : html`<${None} orderKind=${orderKind} />`)}<//>
  <//>`;
}

/** Who paid: an enterprise by its name, or oneself. */
const nameOf = (one, me) => (one.enterprise_id ? me?.enterprises.find((other) => other.id === one.enterprise_id)?.name ?? "" : _("Myself"));

function Order({ one, payer, checked, onChange, why }) {
  const platforms = useAsk("mall.platforms");
  const left = leftOf(one);
  return html`<${Card}><${Tick} checked=${checked} off=${Boolean(why)} label=${one.number} onChange=${onChange}><span class="row-text"><b>${both(one.title)}</b><small class="mono">${one.number}</small></span><//>
    <p class="fact"><span class="row-text">${both(platforms.value?.[one.platform_id]?.label)}<small class="hint">${payer}</small><small class="hint">${day(one.paid_at ?? one.created_at)}</small></span><b>${yuan(one.refused ? one.paid_fen : left)}</b></p>
    ${!why && left < one.paid_fen && html`<p class="hint">${_("Paid {paid}; what was given back or is invoiced already is left out.", { paid: yuan(one.paid_fen) })}</p>`}
    ${why && html`<p class="why">${_("Cannot be ticked: {why}", { why })}</p>`}<//>`;
}

function None({ orderKind }) {
  const { go } = useApp();
  const [text, label, path] = orderKind === "certificate" ? [_("Certificates that were ordered and paid for can be invoiced here."), _("Apply for a certificate"), "apply"]
    : [_("Services that were ordered and paid for can be invoiced here."), _("See what is offered"), "services/catalogue"];
  return html`<${Empty} icon="order" title=${_("No orders yet")} action=${html`<${Button} onClick=${() => go(path)}>${label}<//>`}>${text}<//>`;
}
