// 信息服务 and 平台服务: the catalogue, an order, paying it, one's own service orders, and giving one up.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { day, moment, yuan } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Choice, Empty, Fact, Field, Loaded, Notice, Row, Sheet, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { Cashier } from "./cashier.js";
import { Services as Grid } from "./home.js";
import { Refused } from "./offers.js";
import { History } from "./order_history.js";

const CATEGORIES = ["information", "platform"];

/** A number of months in words. */
const months = (count) => (count === 1 ? _("1 month") : _("{count} months", { count }));

/** Every service of the app; `id` leads to the catalogue, to an order to make, to one's own orders, or to one of them. */
export function Services({ id, more }) {
  if (id === "catalogue") return html`<${Catalogue} />`;
  if (id === "buy") return html`<${Buying} key=${more} serviceId=${more} />`;
  if (id === "mine") return html`<${Mine} />`;
  if (id.startsWith("svo_")) return html`<${ServiceOrder} id=${id} />`;
  return html`<${Grid} />`;
}

function Catalogue() {
  const { go } = useApp();
  const form = useForm("services", { category: "information" });
  const { category } = form.values;
  const found = useAsk("subscribing.catalogue", { category });
  return html`<${Screen} title=${_("Information and platform services")}>
    <div class="card list"><${Row} icon="order" title=${_("My service orders")} onClick=${() => go("services/mine")} /></div>
    <${Choice} label=${_("Kind of service")} value=${category} options=${CATEGORIES.map((one) => [one, ofCode(`invoice.order_kind.${one}`)])} onChange=${(one) => form.set("category", one)} />
    <${Loaded} of=${found}>${(all) => (all.length ? all.map((one) => html`<${Card} key=${one.service_id} onClick=${() => go(`services/buy/${one.service_id}`)}>
        <span class="section"><b>${both(one.label)}</b><span>${_("{amount} a month", { amount: yuan(one.price_fen) })}</span></span>
        <span class="prose">${both(one.text)}</span><small class="hint">${one.platforms.map((place) => both(place.label)).join(_(", "))} · ${one.terms.map((term) => months(term.months)).join(" / ")}</small><//>`)
      : html`<${Empty} icon="apps" title=${_("Nothing is offered here now")}>${_("Services that can be ordered appear here.")}<//>`)}<//>
  <//>`;
}

function Buying({ serviceId }) {
  const all = useAsk("subscribing.catalogue");
  const me = useAsk("registration.me");
  const one = all.value?.find((service) => service.service_id === serviceId);
  if (one && me.value) return html`<${Order} service=${one} own=${me.value.enterprises} />`;
  return html`<${Screen} title=${_("Order a service")}><${Loaded} of=${all.value ? me : all}>${() => html`<${Empty} icon="apps" title=${_("This service is not offered now")} />`}<//><//>`;
}

function Order({ service, own }) {
  const app = useApp();
  const [first] = service.platforms;
  const buyers = [...(service.buyers.includes("person") ? [["", _("Myself")]] : []), ...(service.buyers.includes("enterprise") ? own.map((one) => [one.id, one.name]) : [])];
  const form = useForm(`service-${service.service_id}`, { platform_id: first.platform_id, months: service.terms[0].months, quantity: "1", enterprise_id: buyers.at(-1)?.[0] ?? "" });
  const [refused, setRefused] = useState(null);
  const [busy, deed] = useDeed((refusal) => { setRefused(refusal); form.refuse(refusal); });
  const { values } = form;
  const quantity = /^\d{1,5}$/.test(values.quantity) ? Number(values.quantity) : 0;
  const amount = service.price_fen * values.months * quantity;
  useEffect(() => {
    // What was kept may not be offered any more.
    if (!service.platforms.some((one) => one.platform_id === values.platform_id)) form.set("platform_id", first.platform_id);
    if (!service.terms.some((one) => one.months === values.months)) form.set("months", service.terms[0].months);
    if (!buyers.some(([id]) => id === values.enterprise_id) && buyers.length) form.set("enterprise_id", buyers.at(-1)[0]);
  }, [service.service_id]);
  const place = () => deed(async (act) => {
    if (!quantity) return form.wrong("quantity", _("Enter how many: a whole number."));
    const order = await act("subscribing.place_order", { service_id: service.service_id, ...values, quantity });
    form.done();
    return app.router.replace(`services/${order.id}`);
  });
  if (!buyers.length) return html`<${Screen} title=${both(service.label)}><${Empty} icon="enterprise" title=${_("Offered to enterprises")} action=${html`<${Button} onClick=${() => app.go("enterprise")}>${_("My enterprises")}<//>`}>${_("Claim the one you work for first.")}<//><//>`;
  return html`<${Screen} title=${both(service.label)} foot=${html`<p class="sum"><span>${_("Together")}</span><b class="price">${yuan(amount)}</b></p><${Button} kind="primary" busy=${busy} onClick=${place}>${_("Order it")}<//>`}>
    <${Refused} refusal=${refused} text=${form.errors[""] || form.errors.platform_id} />
    <${Card}><p class="prose">${both(service.text)}</p><dl><${Fact} name=${_("Price")}>${_("{amount} a month and {unit}", { amount: yuan(service.price_fen), unit: both(service.unit) })}<//>
      <${Fact} name=${_("When you give it up")}>${_("{percent} % of the months that have not begun go back", { percent: service.refund_percent })}<//></dl><//>
    <${Choice} label=${_("Who orders")} value=${values.enterprise_id} options=${buyers} onChange=${(one) => form.set("enterprise_id", one)} error=${form.errors.enterprise_id} />
    <${Choice} label=${_("For which trading platform")} value=${values.platform_id} options=${service.platforms.map((one) => [one.platform_id, both(one.label)])} onChange=${(one) => form.set("platform_id", one)} />
    <${Choice} label=${_("Term of the service")} value=${values.months} options=${service.terms.map((term) => [term.months, months(term.months), yuan(term.amount_fen)])} onChange=${(one) => form.set("months", one)} error=${form.errors.months} />
    <${Field} form=${form} name="quantity" label=${_("How many ({unit})", { unit: both(service.unit) })} inputmode="numeric" maxlength="5" hint=${_("At most {count} in one order", { count: service.most })} />
  <//>`;
}

function Mine() {
  const { go } = useApp();
  const form = useForm("my-services", { category: "" });
  const { category } = form.values;
  const found = useAsk("subscribing.mine", { category });
  return html`<${Screen} title=${_("My service orders")}>
    <${Choice} label=${_("Kind of service")} value=${category} options=${[["", _("All")], ...CATEGORIES.map((one) => [one, ofCode(`invoice.order_kind.${one}`)])]} onChange=${(one) => form.set("category", one)} />
    <${Loaded} of=${found}>${(all) => (all.length ? all.map((one) => html`<${Card} key=${one.id} onClick=${() => go(`services/${one.id}`)}>
        <span class="section"><b>${both(one.label)}</b><${State} one=${one} /></span>
        <span class="fact"><span class="row-text">${both(one.platform_label)} · ${months(one.months)} × ${one.quantity}</span><span>${yuan(one.amount_fen)}</span></span>
        ${one.enterprise_name && html`<small class="hint">${one.enterprise_name}</small>`}<small class="hint"><span class="mono">${one.number}</span> · ${day(one.created_at)}${one.ends_at && one.status === "active" ? ` · ${_("until {day}", { day: day(one.ends_at) })}` : ""}</small><//>`)
      : html`<${Empty} icon="order" title=${_("No service orders yet")} action=${html`<${Button} onClick=${() => go("services/catalogue")}>${_("See what is offered")}<//>`}>${_("What you order of information and platform services appears here.")}<//>`)}<//>
  <//>`;
}

const State = ({ one }) => html`<${Tag} tone=${toneOf(one.state)}>${ofCode(`service_order.status.${one.state}`)}<//>`;

/** One service order. `id` is its id. */
function ServiceOrder({ id }) {
  const found = useAsk("subscribing.detail", { order_id: id });
  return found.value ? html`<${Shown} detail=${found.value} reload=${found.reload} />` : html`<${Screen} title=${_("Service order")}><${Loaded} of=${found}>${() => null}<//><//>`;
}

const TOLD = {
  awaiting_payment: ["wait", () => _("Waiting for your payment")],
  to_begin: ["good", () => _("Paid: it begins when the one before it ends")],
  active: ["good", () => _("In use")],
  completed: ["note", () => _("Its term is over")],
  cancelled: ["note", () => _("Cancelled")],
  refunded: ["note", () => _("You gave it up")],
};

function Shown({ detail, reload }) {
  const app = useApp();
  const { order, unit } = detail;
  const [open, setOpen] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const close = () => { setOpen(""); setProblem(""); };
  const run = (name, told) => deed(async (act) => {
    await act(name, { order_id: order.id });
    close();
    reload();
    app.toast(told);
  });
  const [tone, text] = TOLD[order.state] ?? ["note", () => ofCode(`service_order.status.${order.state}`)];
  const foot = detail.payable ? html`<${Button} kind="primary" onClick=${() => setOpen("pay")}>${_("Pay {amount}", { amount: yuan(order.amount_fen) })}<//>`
    : detail.renewable && html`<${Button} kind="primary" onClick=${() => app.go(`services/buy/${order.service_id}`)}>${_("Renew")}<//>`;
  const fact = (name, value) => value && html`<${Fact} name=${name}>${value}<//>`;
  return html`<${Screen} title=${_("Service order")} foot=${foot}>
    <${Notice} tone=${tone}><b>${text()}</b>${detail.lapses_at && html`<p>${_("Unpaid, it is closed {time}.", { time: moment(detail.lapses_at) })}</p>`}${order.days_left !== null && html`<p>${_("{count} days left", { count: order.days_left })}</p>`}<//>
    <${Card} title=${both(order.label)}><dl><${Fact} name=${_("Number")}><span class="mono">${order.number}</span><//><${Fact} name=${_("Where it stands")}><${State} one=${order} /><//>
      <${Fact} name=${_("Kind of service")}>${ofCode(`invoice.order_kind.${order.category}`)}<//><${Fact} name=${_("Trading platform")}>${both(order.platform_label)}<//>
      <${Fact} name=${_("Who orders")}>${order.enterprise_name || _("Myself")}<//><${Fact} name=${_("Term of the service")}>${months(order.months)}<//><${Fact} name=${_("How many")}>${order.quantity} ${both(unit)}<//>
      <${Fact} name=${_("Amount")}>${yuan(order.amount_fen)}<//>${fact(_("Paid at"), order.paid_at && moment(order.paid_at))}
      ${order.starts_at && html`<${Fact} name=${_("Valid")}>${_("{from} to {until}", { from: day(order.starts_at), until: day(order.ends_at) })}<//>`}${fact(_("Ended"), order.ended_at && moment(order.ended_at))}</dl>
      <p class="hint">${both(detail.text)}</p><//>
    <${History} steps=${detail.history} of="service_order" />
    ${order.paid_at && order.status !== "refunded" && html`<div class="card list"><${Row} icon="invoice" title=${_("Apply for an invoice")} onClick=${() => app.go(`invoices/${order.category}`)} /></div>`}
    ${detail.refundable && html`<${Button} kind="quiet wide" onClick=${() => setOpen("refund")}>${_("Give the service up")}<//>`}
    ${detail.cancellable && html`<${Button} kind="quiet wide" onClick=${() => setOpen("cancel")}>${_("Cancel the order")}<//>`}
    ${open === "pay" && html`<${Cashier} what=${`${both(order.label)}, ${months(order.months)} × ${order.quantity}`} number=${order.number} amount=${order.amount_fen} begin=${(act) => act("subscribing.pay", { order_id: order.id })} onClose=${close} onPaid=${reload} />`}
    ${open === "cancel" && html`<${Sheet} title=${_("Cancel the order?")} onClose=${close} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${() => run("subscribing.cancel", _("The order has been cancelled."))}>${_("Cancel the order")}<//>`}><${Notice} tone="bad">${problem}<//><p>${_("Nothing was paid yet. You can order the service again at any time.")}</p><//>`}
    ${open === "refund" && html`<${Sheet} title=${_("Give the service up?")} onClose=${close} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${() => run("subscribing.ask_refund", _("The service has ended."))}>${_("Give the service up")}<//>`}>
      <${Notice} tone="bad">${problem}<//><p class="lead">${_("It ends at once. {count} months have not begun; {amount} of {paid} go back.", { count: detail.unused_months, amount: yuan(detail.refund_fen), paid: yuan(order.amount_fen) })}</p>
      <p class="hint">${_("If it was invoiced, a red letter takes that part back.")}</p><//>`}
  <//>`;
}
