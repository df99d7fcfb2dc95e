// 03 合同信息: what the form of a contract asks for, each refusal beside its field.
import { html } from "../vendor/htm-preact.js";
import { yuan } from "../common/format.js";
import { Area, Choice, Fact, Field, Notice } from "../common/kit.js";
import { _, both } from "../common/texts.js";
import { endOf } from "./contract_acts.js";
import { fenOf } from "./place_order.js";

export const BLANK = {
  number: "", name: "", signing_date: "", effective_date: "", total_fen: "", currency: "人民币", payment_terms: "", place: "",
  remarks: "", way: "template", upload: "", last_day: "", signing_order: "any",
};
const NEEDED = ["number", "name", "signing_date", "effective_date", "currency", "payment_terms", "place"];

const dayOf = (ms) => new Date(ms).toLocaleDateString("sv-SE");

/** What a contract, or the order that one starts from, fills in beforehand. */
export const termsOf = (contract) => ({
  number: contract.number, name: contract.name, signing_date: contract.signing_date, effective_date: contract.effective_date,
  total_fen: (contract.total_fen / 100).toFixed(2), currency: contract.currency, payment_terms: contract.payment_terms, place: contract.place,
  remarks: contract.remarks, way: contract.origin === "uploaded" ? "upload" : "template",
  signing_order: contract.signing_order ?? "any", last_day: contract.sign_by ? dayOf(contract.sign_by - 1) : "",
});

/** The first field that is not filled in, and what to say: `[name, text]` or null. */
export function wrongWith(values) {
  const empty = NEEDED.find((name) => !values[name].trim());
  if (empty) return [empty, _("Fill in this field.")];
  if (values.total_fen.trim() && !fenOf(values.total_fen)) return ["total_fen", _("The total is an amount above zero with at most two decimals.")];
  return null;
}

/** The values as the engine takes them. */
export const asTerms = (values) => ({
  ...Object.fromEntries([...NEEDED, "remarks"].map((name) => [name, values[name].trim()])),
  total_fen: fenOf(values.total_fen) || null,
});

export const signByOf = (values) => (values.last_day ? endOf(values.last_day) : 0);

/** The contract names a currency in Chinese, as the engine takes it. */
function Currency({ form, currencies }) {
  const error = form.errors.currency;
  return html`<div class=${`field ${error ? "wrong" : ""}`}><label for="contract-currency">${_("Currency")}</label>
    <div class="field-line"><select id="contract-currency" value=${form.values.currency} onChange=${(event) => form.fill({ currency: event.target.value })}>${currencies.map((one) => html`<option key=${one.code} value=${one.label.zh}>${both(one.label)}</option>`)}</select></div>
    ${error && html`<p class="error" role="alert">${error}</p>`}</div>`;
}

/** The fields, to be filled in. */
export function TermsForm({ form, fixedNumber, currencies }) {
  const { values } = form;
  const early = values.signing_date && values.effective_date && values.effective_date < values.signing_date;
  return html`<div class="form-grid">
      <${Field} form=${form} name="number" label=${_("Contract number")} maxlength="64" readonly=${fixedNumber} hint=${fixedNumber ? _("The number stays as it is.") : undefined} />
      <${Field} form=${form} name="name" label=${_("Contract name")} maxlength="100" />
      <${Field} form=${form} name="signing_date" type="date" label=${_("Signing date")} />
      <${Field} form=${form} name="effective_date" type="date" label=${_("Effective date")} />
      <${Field} form=${form} name="total_fen" label=${_("Total price of the goods")} inputmode="decimal" maxlength="14" hint=${_("In yuan; empty: the purchase order's total.")} />
      <${Currency} form=${form} currencies=${currencies} />
      <${Field} form=${form} name="place" label=${_("Place of signing")} maxlength="100" />
      <${Field} form=${form} name="last_day" type="date" label=${_("Last day to sign")} hint=${_("Empty: no deadline.")} />
    </div>
    ${early && html`<${Notice} tone="wait">${_("The contract takes effect before the day on which it is signed. That can be meant: look once more.")}<//>`}
    <${Area} form=${form} name="payment_terms" label=${_("Terms of payment")} maxlength="500" />
    <div class="form-grid">
      <${Choice} label=${_("How the contract is uploaded")} value=${values.way} options=${[["upload", _("By hand")], ["template", _("From a template")]]} onChange=${(way) => form.fill({ way })} />
      <${Choice} label=${_("Order of signing")} value=${values.signing_order} options=${[["any", _("In any order")], ["in_turn", _("One after the other")]]} onChange=${(signing_order) => form.fill({ signing_order })} />
    </div>`;
}

/** The same, to be read. */
export const TermsShown = ({ contract }) => html`<dl class="facts is-two">
  <${Fact} name=${_("Contract number")}><span class="mono">${contract.number}</span><//>
  <${Fact} name=${_("Contract name")}>${contract.name}<//>
  <${Fact} name=${_("Signing date")}>${contract.signing_date}<//>
  <${Fact} name=${_("Effective date")}>${contract.effective_date}<//>
  <${Fact} name=${_("Total price of the goods")}>${yuan(contract.total_fen)}<//>
  <${Fact} name=${_("Currency")}>${contract.currency}<//>
  <${Fact} name=${_("Terms of payment")}>${contract.payment_terms}<//>
  <${Fact} name=${_("Place of signing")}>${contract.place}<//>
  <${Fact} name=${_("How the contract is uploaded")}>${contract.origin === "uploaded" ? _("By hand") : _("From a template")}<//>
</dl>`;
