// Purchase orders: the list with search and pages, and one order with its lines.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { moment, yuan } from "../common/format.js";
import { useAsk } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Empty, Fact, Loaded } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { Go, useMall } from "./links.js";

const PAUSE_MS = 300;

function Search({ text, find }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => find(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return html`<form class="search" role="search" onSubmit=${(event) => (event.preventDefault(), find(typed))}>
    <${Icon} name="search" size=${18} />
    <input type="search" value=${typed} aria-label=${_("Search purchase orders")} maxlength="60"
      placeholder=${_("Number, title, enterprise or awardee")} onInput=${(event) => setTyped(event.target.value)} />
  </form>`;
}

function Table({ rows }) {
  return html`<div class="table-frame"><table class="table">
    <thead><tr><th>${_("Order number")}</th><th>${_("Title")}</th><th>${_("Purchaser")}</th><th>${_("Supplier")}</th>
      <th>${_("Awardee")}</th><th class="is-number">${_("Total (yuan)")}</th><th>${_("Placed")}</th></tr></thead>
    <tbody>${rows.map((row) => html`<tr key=${row.id}>
      <td data-label=${_("Order number")}><${Go} to=${`/orders/${row.id}`} class="mono">${row.number}<//></td>
      <td data-label=${_("Title")}>${row.title}</td>
      <td data-label=${_("Purchaser")}>${row.purchaser}</td>
      <td data-label=${_("Supplier")}>${row.supplier}</td>
      <td data-label=${_("Awardee")}>${row.awardee || "—"}</td>
      <td data-label=${_("Total (yuan)")} class="is-number">${yuan(row.total_fen)}</td>
      <td data-label=${_("Placed")}><time>${moment(row.created_at)}</time></td></tr>`)}</tbody>
  </table></div>`;
}

function Pages({ page, pages, turn }) {
  if (pages < 2) return null;
  return html`<nav class="pages" aria-label=${_("Pages")}>
    <${Button} disabled=${page <= 1} onClick=${() => turn(page - 1)}>${_("Previous")}<//>
    <span>${_("Page {page} of {pages}", { page, pages })}</span>
    <${Button} disabled=${page >= pages} onClick=${() => turn(page + 1)}>${_("Next page")}<//>
  </nav>`;
}

function Found({ found, text, turn }) {
  const { account } = useMall();
  if (found.count === 0) {
    const title = text ? _("Nothing fits the search.") : _("No purchase order yet.");
    const how = account.role === "purchaser" ? _("Place the first one.") : _("Orders appear here when a purchaser places one with you.");
    return html`<${Empty} icon="order" title=${title}>${text ? _("Try fewer words.") : how}<//>`;
  }
  return html`<p class="quiet" role="status">${_("Orders: {count}, {total} in all", { count: found.count, total: yuan(found.total_fen) })}</p>
    <${Table} rows=${found.rows} /><${Pages} page=${found.page} pages=${found.pages} turn=${turn} />`;
}

/** The list. */
export function Orders() {
  const { account, at, go } = useMall();
  const text = at.query.text ?? "";
  const page = Math.max(1, Number.parseInt(at.query.page ?? "1", 10) || 1);
  const found = useAsk("mall.orders_page", { text, page });
  const show = (wanted) => go("/orders", { text, page: "", ...wanted }, { replace: true });
  return html`<div class="head"><h1>${_("Purchase orders")}</h1>
      ${account.role === "purchaser" && html`<${Go} to="/orders/new" class="button primary">
        <${Icon} name="plus" size=${18} />${_("Place a purchase order")}<//>`}</div>
    <section class="card">
      <${Search} text=${text} find=${(wanted) => show({ text: wanted.trim() })} />
      <${Loaded} of=${found}>${(value) =>
        html`<${Found} found=${value} text=${text} turn=${(wanted) => show({ page: wanted })} />`}<//>
    </section>`;
}

function Lines({ lines, total }) {
  return html`<div class="table-frame"><table class="table">
    <thead><tr><th>${_("No.")}</th><th>${_("Goods")}</th><th>${_("Unit")}</th><th class="is-number">${_("Quantity")}</th>
      <th class="is-number">${_("Unit price (yuan)")}</th><th class="is-number">${_("Amount (yuan)")}</th></tr></thead>
    <tbody>${lines.map((line, at) => html`<tr>
      <td data-label=${_("No.")}>${at + 1}</td><td data-label=${_("Goods")}>${line.name}</td>
      <td data-label=${_("Unit")}>${line.unit}</td>
      <td data-label=${_("Quantity")} class="is-number">${line.quantity.toLocaleString("en-US")}</td>
      <td data-label=${_("Unit price (yuan)")} class="is-number">${yuan(line.unit_price_fen)}</td>
      <td data-label=${_("Amount (yuan)")} class="is-number">${yuan(line.quantity * line.unit_price_fen)}</td></tr>`)}</tbody>
    <tfoot><tr><th colspan="5">${_("Total")}</th><td class="is-number"><b>${yuan(total)}</b></td></tr></tfoot>
  </table></div>`;
}

/** One order. */
export function Order() {
  const { at } = useMall();
  const order = useAsk("mall.purchase_order", { purchase_order_id: at.path.slice("/orders/".length) });
  return html`<p class="crumbs"><${Go} to="/orders">${_("Purchase orders")}<//> / ${order.value?.number ?? ""}</p>
    <${Loaded} of=${order}>${(value) => html`<h1>${value.title || value.number}</h1>
      <section class="card"><dl class="facts">
        <${Fact} name=${_("Order number")}><span class="mono">${value.number}</span><//>
        <${Fact} name=${_("Purchaser")}>${value.purchaser}<//>
        <${Fact} name=${_("Supplier")}>${value.supplier}<//>
        <${Fact} name=${_("Awardee")}>${value.awardee || "—"}<//>
        <${Fact} name=${_("Placed")}>${moment(value.created_at)}<//>
      </dl></section>
      <section class="card"><h2>${_("Goods")}</h2><${Lines} lines=${value.lines} total=${value.total_fen} /></section>
      <p class="quiet">${_("A contract starts from this order, under contract signing.")}</p>`}<//>`;
}
