// Contracts, read only: the tabs with their counts and the list. The whole workbench comes with signing.
import { html } from "../vendor/htm-preact.js";
import { yuan } from "../common/format.js";
import { useAsk } from "../common/hooks.js";
import { Empty, Loaded, Notice, Tag } from "../common/kit.js";
import { _, ofCode } from "../common/texts.js";
import { toneOf } from "../common/tones.js";
import { useMall } from "./links.js";

const tabs = () => [
  ["all", _("All")], ["to_submit", _("To submit")], ["in_review", _("In review")], ["passed", _("Passed")],
  ["returned", _("Returned")],
];

function Table({ rows }) {
  if (!rows.length) {
    return html`<${Empty} icon="certificate" title=${_("No contract here.")}>
      ${_("Contracts that are made for purchase orders of this account appear here.")}<//>`;
  }
  return html`<div class="table-frame"><table class="table">
    <thead><tr><th>${_("No.")}</th><th>${_("Contract number")}</th><th>${_("Contract name")}</th><th>${_("Order number")}</th>
      <th>${_("Purchaser")}</th><th>${_("Supplier")}</th><th>${_("Awardee")}</th><th class="is-number">${_("Total (yuan)")}</th>
      <th>${_("Contract state")}</th></tr></thead>
    <tbody>${rows.map(({ contract, order_number: order, purchaser, supplier }, at) => html`<tr key=${contract.id}>
      <td data-label=${_("No.")}>${at + 1}</td>
      <td data-label=${_("Contract number")} class="mono">${contract.number}</td>
      <td data-label=${_("Contract name")}>${contract.name}</td>
      <td data-label=${_("Order number")} class="mono">${order}</td>
      <td data-label=${_("Purchaser")}>${purchaser}</td><td data-label=${_("Supplier")}>${supplier}</td>
      <td data-label=${_("Awardee")}>${contract.awardee || "—"}</td>
      <td data-label=${_("Total (yuan)")} class="is-number">${yuan(contract.total_fen)}</td>
      <td data-label=${_("Contract state")}><${Tag} tone=${toneOf(contract.status)}>${ofCode(`contract.status.${contract.status}`)}<//></td>
    </tr>`)}</tbody>
  </table></div>`;
}

/** The page. */
export function Contracts() {
  const { at, go } = useMall();
  const tab = tabs().some(([one]) => one === at.query.tab) ? at.query.tab : "all";
  const counts = useAsk("signing.tab_counts");
  const rows = useAsk("signing.rows", { tab });
  return html`<h1>${_("Contract signing")}</h1>
    <${Notice}>${_("Contracts can be looked at here. Making and sealing them at this page is not built yet; the console's guided line shows it.")}<//>
    <section class="card">
      <div class="tabs" role="tablist">${tabs().map(([one, label]) => html`<button type="button" role="tab"
        aria-selected=${String(one === tab)} onClick=${() => go("/contracts", { tab: one }, { replace: true })}>
        ${label} (${counts.value?.[one] ?? "…"})</button>`)}</div>
      <div role="tabpanel"><${Loaded} of=${rows}>${(value) => html`<${Table} rows=${value} />`}<//></div>
    </section>`;
}
