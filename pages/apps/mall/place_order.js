// Placing a purchase order by hand: the supplier, what it is for, and its lines with a living total.
import { html, useMemo } from "../vendor/htm-preact.js";
import { yuan } from "../common/format.js";
import { useAsk, useDeed, useForm } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Empty, Field, Loaded, Notice } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { Go, useMall } from "./links.js";

const LINE = { name: "", unit: "", quantity: "1", price: "" };
const BLANK = { supplier_id: "", title: "", awardee: "", lines: [LINE] };
const MOST_LINES = 200;

/** Yuan as typed → fen, or null: at most two decimals, no floating point on the way. */
export function fenOf(text) {
  const parts = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(text.trim().replace(/[,，]/g, ""));
  return parts ? Number(parts[1]) * 100 + Number((parts[2] ?? "").padEnd(2, "0")) : null;
}

const countOf = (text) => (/^\d{1,7}$/.test(text.trim()) ? Number(text.trim()) : null);
const amountOf = (line) => {
  const price = fenOf(line.price);
  const quantity = countOf(line.quantity);
  return price === null || quantity === null ? null : price * quantity;
};

/** What is wrong with a line, as a text, or "". */
function wrongWith(line) {
  if (!line.name.trim()) return _("Name the goods.");
  if (!line.unit.trim()) return _("Give the unit, such as box or set.");
  if (!countOf(line.quantity)) return _("The quantity is a whole number above zero.");
  if (!fenOf(line.price)) return _("The unit price is an amount above zero with at most two decimals.");
  return "";
}

function LineRow({ line, at, alone, change, remove, wrong }) {
  const input = (name, label, more = {}) => html`<input value=${line[name]} aria-label=${`${label} ${at + 1}`}
    onInput=${(event) => change(at, { [name]: event.target.value })} ...${more} />`;
  const amount = amountOf(line);
  return html`<tr class=${wrong ? "is-wrong" : ""}>
      <td data-label=${_("Goods")}>${input("name", _("Goods"), { maxlength: 60 })}</td>
      <td data-label=${_("Unit")}>${input("unit", _("Unit"), { maxlength: 10, class: "is-short" })}</td>
      <td data-label=${_("Quantity")}>${input("quantity", _("Quantity"), { inputmode: "numeric", class: "is-short is-number" })}</td>
      <td data-label=${_("Unit price (yuan)")}>${input("price", _("Unit price (yuan)"), { inputmode: "decimal", class: "is-number" })}</td>
      <td data-label=${_("Amount (yuan)")} class="is-number">${amount === null ? "—" : yuan(amount)}</td>
      <td><button type="button" class="bare" disabled=${alone} aria-label=${_("Remove line {n}", { n: at + 1 })}
        onClick=${() => remove(at)}><${Icon} name="trash" size=${18} /></button></td></tr>
    ${wrong && html`<tr class="line-error"><td colspan="6" role="alert">${wrong}</td></tr>`}`;
}

function Lines({ form }) {
  const { lines } = form.values;
  const total = useMemo(() => lines.reduce((sum, line) => sum + (amountOf(line) ?? 0), 0), [lines]);
  const change = (at, changes) => form.fill({ lines: lines.map((line, n) => (n === at ? { ...line, ...changes } : line)) });
  const remove = (at) => form.fill({ lines: lines.filter((_line, n) => n !== at) });
  const wrong = form.errors.lines ?? "";
  const [at, text] = typeof wrong === "object" ? wrong : [-1, wrong];
  return html`<div class="table-frame"><table class="table is-form">
      <thead><tr><th>${_("Goods")}</th><th>${_("Unit")}</th><th class="is-number">${_("Quantity")}</th>
        <th class="is-number">${_("Unit price (yuan)")}</th><th class="is-number">${_("Amount (yuan)")}</th><th></th></tr></thead>
      <tbody>${lines.map((line, n) => html`<${LineRow} line=${line} at=${n} alone=${lines.length === 1}
        change=${change} remove=${remove} wrong=${n === at ? text : ""} />`)}</tbody>
      <tfoot><tr><th colspan="4">${_("Total")}</th><td class="is-number" data-total><b>${yuan(total)}</b></td><td></td></tr></tfoot>
    </table></div>
    ${text && at < 0 && html`<p class="error" role="alert">${text}</p>`}
    <${Button} disabled=${lines.length >= MOST_LINES} onClick=${() => form.fill({ lines: [...lines, LINE] })}>
      ${_("Add a line")}<//>`;
}

function Supplier({ form, suppliers }) {
  const error = form.errors.supplier_id;
  return html`<div class=${`field ${error ? "wrong" : ""}`}>
    <label for="mall-supplier">${_("Supplier")}</label>
    <select id="mall-supplier" value=${form.values.supplier_id} aria-invalid=${error ? "true" : undefined}
      onChange=${(event) => form.fill({ supplier_id: event.target.value })}>
      <option value="">${_("Choose a supplier of this platform")}</option>
      ${suppliers.map((one) => html`<option value=${one.id}>${one.enterprise} · ${one.uscc}</option>`)}
    </select>
    ${error && html`<p class="error" role="alert">${error}</p>`}
  </div>`;
}

function OrderForm({ suppliers }) {
  const { go, toast } = useMall();
  const form = useForm("purchase-order", BLANK);
  const [busy, deed] = useDeed(form.refuse);
  const submit = (event) => {
    event.preventDefault();
    const { supplier_id, title, awardee, lines } = form.values;
    const wrong = lines.map(wrongWith);
    const first = wrong.findIndex(Boolean);
    if (!supplier_id) return form.wrong("supplier_id", _("Choose who delivers."));
    if (first >= 0) return form.wrong("lines", [first, wrong[first]]);
    return deed(async (act) => {
      const given = lines.map((line) => ({
        name: line.name.trim(), unit: line.unit.trim(), quantity: countOf(line.quantity), unit_price_fen: fenOf(line.price),
      }));
      const placed = await act("mall.place_purchase_order", { supplier_id, title, awardee, lines: given });
      form.done();
      toast(_("Purchase order {number} is placed.", { number: placed.number }));
      go(`/orders/${placed.id}`, {}, { replace: true });
    });
  };
  return html`<form onSubmit=${submit} noValidate>
    <${Notice} tone="bad">${form.errors[""]}<//>
    <section class="card">
      <${Supplier} form=${form} suppliers=${suppliers} />
      <${Field} form=${form} name="title" label=${_("Title")} maxlength="100" hint=${_("What the order is for.")} />
      <${Field} form=${form} name="awardee" label=${_("Awardee")} maxlength="64" hint=${_("The enterprise that won the award. Empty: the supplier.")} />
    </section>
    <section class="card"><h2>${_("Goods")}</h2><${Lines} form=${form} /></section>
    <p class="row"><${Button} kind="primary" type="submit" busy=${busy}>${_("Place the order")}<//>
      <${Button} kind="quiet" onClick=${form.done}>${_("Begin anew")}<//></p>
  </form>`;
}

/** Why no order can be placed by this account now, or null. */
function Closed() {
  const { account } = useMall();
  if (account.role !== "purchaser") return html`<${Notice} tone="wait">${_("Only a purchaser can place a purchase order.")}<//>`;
  return html`<${Notice} tone="wait" action=${html` <${Go} to="/workbench">${_("See what is missing")}<//>`}>
    ${_("Contracts and procurement open once an active certificate is bound to this account.")}<//>`;
}

/** The page. */
export function PlaceOrder() {
  const workbench = useAsk("home.workbench");
  const suppliers = useAsk("mall.suppliers_here");
  const { account } = useMall();
  const open = (found) =>
    account.role === "purchaser" && found.entries.some((entry) => entry.code === "procurement" && entry.enabled);
  return html`<p class="crumbs"><${Go} to="/orders">${_("Purchase orders")}<//> / ${_("Place a purchase order")}</p>
    <h1>${_("Place a purchase order")}</h1>
    <${Loaded} of=${workbench}>${(found) =>
      open(found)
        ? html`<${Loaded} of=${suppliers}>${(all) =>
            all.length
              ? html`<${OrderForm} suppliers=${all} />`
              : html`<section class="card"><${Empty} icon="enterprise" title=${_("No supplier is on this platform yet.")}>
                  ${_("Suppliers appear here once they are onboarded.")}<//></section>`}<//>`
        : html`<${Closed} />`}<//>`;
}
