// 合同签署: the tabs with their counts, the list with search and pages, and up to fifty ticked for one act of will.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { useAsk } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Empty, Loaded, Notice, Tag } from "../common/kit.js";
import { _, ofCode } from "../common/texts.js";
import { toneOf } from "../common/tones.js";
import { Batch } from "./contract_batch.js";
import { Go, useMall } from "./links.js";

const PAUSE_MS = 300;
export const MOST_AT_ONCE = 50;

const tabs = () => [
  ["all", _("All")], ["to_submit", _("To submit")], ["in_review", _("In review")], ["passed", _("Passed")],
  ["returned", _("Returned")], ["ended", _("Ended")],
];

/** Whether the signed-in account can sign a listed contract now. */
export const signable = (row) => row.turn.includes(row.mine);

function Search({ text, find }) {
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => find(typed), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  return html`<form class="search" role="search" onSubmit=${(event) => (event.preventDefault(), find(typed))}>
    <${Icon} name="search" size=${18} />
    <input type="search" value=${typed} aria-label=${_("Search contracts")} maxlength="60"
      placeholder=${_("Number, name, order, enterprise or awardee")} onInput=${(event) => setTyped(event.target.value)} />
  </form>`;
}

/** What stands below a name: the state, whose turn it is, how many have signed. */
function Standing({ row }) {
  const mine = signable(row);
  return html`<span class="standing"><${Tag} tone=${toneOf(row.state)}>${ofCode(`contract.status.${row.state}`)}<//>
    ${row.state === "draft" && html`<small>${mine ? html`<b>${_("Waits for your seal")}</b>` : _("Signed: {count} of {all}", { count: row.signed_by.length, all: row.parties })}</small>`}</span>`;
}

function Ticked({ row, ticked, tick }) {
  const { contract } = row;
  if (!signable(row)) return html`<td></td>`;
  const on = ticked.includes(contract.id);
  return html`<td><button type="button" role="checkbox" class="tickbox" aria-checked=${String(on)} aria-label=${_("Choose {name}", { name: contract.name })}
    disabled=${!on && ticked.length >= MOST_AT_ONCE} onClick=${() => tick(contract.id)}>${on && html`<${Icon} name="check" size=${16} />`}</button></td>`;
}

function Table({ found, ticked, tick }) {
  const ticks = found.rows.some(signable);
  const before = (found.page - 1) * 20;
  return html`<div class="table-frame"><table class="table is-contracts">
    <thead><tr>${ticks && html`<th><span class="unseen">${_("Choose")}</span></th>`}<th>${_("No.")}</th><th>${_("Contract number")}</th><th>${_("Contract name")}</th><th>${_("Order number")}</th>
      <th>${_("Purchaser")}</th><th>${_("Supplier")}</th><th>${_("Awardee")}</th><th>${_("Operation")}</th></tr></thead>
    <tbody>${found.rows.map((row, at) => html`<tr key=${row.contract.id} data-contract=${row.contract.id}>
      ${ticks && html`<${Ticked} row=${row} ticked=${ticked} tick=${tick} />`}
      <td data-label=${_("No.")}>${before + at + 1}</td>
      <td data-label=${_("Contract number")} class="mono is-code">${row.contract.number}</td>
      <td data-label=${_("Contract name")}><span>${row.contract.name}<${Standing} row=${row} /></span></td>
      <td data-label=${_("Order number")} class="mono">${row.order_number}</td>
      <td data-label=${_("Purchaser")}>${row.purchaser}</td><td data-label=${_("Supplier")}>${row.supplier}</td>
      <td data-label=${_("Awardee")}>${row.contract.awardee || "—"}</td>
      <td data-label=${_("Operation")}><span class="row-acts"><${Go} to=${`/contracts/${row.contract.id}`}>${_("View it")}<//>
        <${Go} to=${`/contracts/${row.contract.id}/edit`}>${_("Operate")}<//></span></td>
    </tr>`)}</tbody>
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

function Nothing({ text, tab }) {
  const { account } = useMall();
  if (text) return html`<${Empty} icon="search" title=${_("No contract fits the search.")}>${_("Try fewer words.")}<//>`;
  if (tab !== "all") return html`<${Empty} icon="certificate" title=${_("No contract here.")}>${_("Contracts come here as they are signed, submitted and reviewed.")}<//>`;
  return account.role === "purchaser"
    ? html`<${Empty} icon="certificate" title=${_("No contract yet.")} action=${html`<${Go} to="/contracts/new" class="button primary">${_("Make a contract")}<//>`}>${_("A contract starts from a purchase order.")}<//>`
    : html`<${Empty} icon="certificate" title=${_("No contract yet.")}>${_("Contracts that a purchaser makes with you appear here.")}<//>`;
}

/** Why contracts are closed to this account, with the step that is missing (MAL-3). */
export function Closed({ workbench }) {
  const entry = workbench.value?.entries.find((one) => one.code === "contracts");
  if (!entry || entry.enabled) return null;
  return html`<${Notice} tone="wait" action=${html` <${Go} to="/workbench">${_("See what is missing")}<//>`}>
    ${_("Contracts and procurement open once an active certificate is bound to this account.")}<//>`;
}

/** The page. */
export function Contracts() {
  const { account, at, go } = useMall();
  const [ticked, setTicked] = useState([]);
  const [batch, setBatch] = useState(false);
  const tab = tabs().some(([one]) => one === at.query.tab) ? at.query.tab : "all";
  const text = at.query.text ?? "";
  const page = Math.max(1, Number.parseInt(at.query.page ?? "1", 10) || 1);
  const counts = useAsk("signing.tab_counts");
  const workbench = useAsk("home.workbench");
  const found = useAsk("signing.contracts_page", { tab, text, page });
  const show = (wanted) => go("/contracts", { tab, text, page: "", ...wanted }, { replace: true });
  const tick = (id) => setTicked((before) => (before.includes(id) ? before.filter((one) => one !== id) : [...before, id]));
  const open = workbench.value?.entries.find((one) => one.code === "contracts")?.enabled;
  return html`<div class="head"><h1>${_("Contract signing")}</h1>
      ${account.role === "purchaser" && open && html`<${Go} to="/contracts/new" class="button primary"><${Icon} name="plus" size=${18} />${_("Make a contract")}<//>`}</div>
    <${Closed} workbench=${workbench} />
    <section class="card">
      <div class="tabs" role="tablist">${tabs().filter(([one]) => one !== "ended" || tab === one || counts.value?.ended).map(([one, label]) => html`<button type="button" role="tab" key=${one}
        aria-selected=${String(one === tab)} onClick=${() => show({ tab: one })}>${label} (${counts.value?.[one] ?? "…"})</button>`)}</div>
      <div role="tabpanel">
        <${Search} key=${tab} text=${text} find=${(wanted) => show({ text: wanted.trim() })} />
        <${Loaded} of=${found}>${(value) => value.count === 0 ? html`<${Nothing} text=${text} tab=${tab} />`
          : html`<${Table} found=${value} ticked=${ticked} tick=${tick} /><${Pages} page=${value.page} pages=${value.pages} turn=${(wanted) => show({ page: wanted })} />`}<//>
      </div>
    </section>
    ${ticked.length > 0 && html`<div class="act-bar" role="region" aria-label=${_("Chosen contracts")}><span role="status">${_("Chosen: {count} of {most} at most", { count: ticked.length, most: MOST_AT_ONCE })}</span>
      <${Button} kind="quiet" onClick=${() => setTicked([])}>${_("Choose none")}<//><${Button} kind="primary" onClick=${() => setBatch(true)}>${_("Seal them together")}<//></div>`}
    ${batch && html`<${Batch} ids=${ticked} close=${(done) => { setBatch(false); if (done) setTicked([]); }} />`}`;
}
