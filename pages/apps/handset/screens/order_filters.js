// Which orders of the list are shown.
import { html, useState } from "../../vendor/htm-preact.js";
import { Button, Choice, Field } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";

const GROUPS = [["", () => _("All")], ["to_do", () => _("To do")], ["in_review", () => _("In review")], ["completed", () => _("Completed")], ["ended", () => _("Fell through")]];
const PRODUCTS = ["enterprise", "individual", "event"];
const BUSINESS = ["new", "renewal", "replacement", "change", "delegation"];

/** The filters: states with their counts always, kinds and the text when asked for. */
export function Filters({ form, counts }) {
  const { group, product, business, text } = form.values;
  const [open, setOpen] = useState(Boolean(product || business || text));
  const kinds = (name, all) => [["", _("All")], ...all.map((one) => [one, ofCode(`order.${name}.${one}`)])];
  return html`<${Choice} label=${_("Where it stands")} value=${group} onChange=${(one) => form.set("group", one)}
      options=${GROUPS.map(([code, label]) => [code, label(), code && counts ? String(counts[code]) : ""])} />
    ${open ? html`<${Field} form=${form} name="text" label=${_("Number or enterprise")} type="search" />
      <${Choice} label=${_("Kind of certificate")} value=${product} options=${kinds("product", PRODUCTS)} onChange=${(one) => form.set("product", one)} />
      <${Choice} label=${_("Kind of business")} value=${business} options=${kinds("business", BUSINESS)} onChange=${(one) => form.set("business", one)} />`
    : html`<${Button} kind="quiet wide" onClick=${() => setOpen(true)}>${_("Search and filter")}<//>`}`;
}
