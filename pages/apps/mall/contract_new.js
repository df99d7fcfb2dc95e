// 发起合同: from which purchase order, then the form.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { moment, yuan } from "../common/format.js";
import { useAsk } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Empty, Loaded, Notice } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { ContractForm } from "./contract_form.js";
import { OrderFacts, Section } from "./contract_parts.js";
import { Closed } from "./contracts.js";
import { Go, useMall } from "./links.js";

const PAUSE_MS = 300;

/** Forms that were begun and not finished. */
function Begun() {
  const drafts = useAsk("signing.my_drafts");
  const fresh = (drafts.value ?? []).filter((one) => !one.contract_id);
  if (!fresh.length) return null;
  return html`<section class="card"><h2>${_("Begun and not finished")}</h2><ul class="pick-list">${fresh.map((one) => html`<li key=${one.id}><${Go} to="/contracts/new" query=${{ order: one.purchase_order_id }}>
    <b class="mono">${one.form.number || "—"}</b><span>${one.form.name || "—"}</span><span></span><span></span><small>${moment(one.updated_at)}</small><//></li>`)}</ul></section>`;
}

function ChooseOrder() {
  const { at, go } = useMall();
  const text = at.query.text ?? "";
  const page = Math.max(1, Number.parseInt(at.query.page ?? "1", 10) || 1);
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    if (typed === text) return undefined;
    const timer = setTimeout(() => go(at.path, { text: typed.trim() }, { replace: true }), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [typed]);
  const found = useAsk("mall.orders_page", { text, page });
  const turn = (wanted) => go(at.path, { text, page: wanted }, { replace: true });
  return html`<${Begun} /><section class="card"><h2>${_("From which purchase order?")}</h2>
    <form class="search" role="search" onSubmit=${(event) => event.preventDefault()}><${Icon} name="search" size=${18} />
      <input type="search" value=${typed} maxlength="60" aria-label=${_("Search purchase orders")} placeholder=${_("Number, title, enterprise or awardee")} onInput=${(event) => setTyped(event.target.value)} /></form>
    <${Loaded} of=${found}>${(value) => value.count === 0
      ? html`<${Empty} icon="order" title=${text ? _("Nothing fits the search.") : _("No purchase order yet.")} action=${!text && html`<${Go} to="/orders/new" class="button primary">${_("Place a purchase order")}<//>`}><//>`
      : html`<ul class="pick-list">${value.rows.map((row) => html`<li key=${row.id}><${Go} to="/contracts/new" query=${{ order: row.id }}><b class="mono">${row.number}</b><span>${row.title || "—"}</span><span>${row.supplier}</span><span class="is-number">${yuan(row.total_fen)}</span><small>${moment(row.created_at)}</small><//></li>`)}</ul>
        ${value.pages > 1 && html`<nav class="pages" aria-label=${_("Pages")}><${Button} disabled=${page <= 1} onClick=${() => turn(page - 1)}>${_("Previous")}<//><span>${_("Page {page} of {pages}", { page: value.page, pages: value.pages })}</span><${Button} disabled=${page >= value.pages} onClick=${() => turn(page + 1)}>${_("Next page")}<//></nav>`}`}<//>
  </section>`;
}

/** The form of a new contract for an order, as it was left. */
function NewFor({ orderId }) {
  const { go, toast } = useMall();
  const order = useAsk("mall.purchase_order", { purchase_order_id: orderId });
  const draft = useAsk("signing.draft", { purchase_order_id: orderId });
  const send = (act, given) => act("signing.create_contract", { purchase_order_id: orderId, ...given });
  const saved = (made) => {
    toast(_("The contract is saved. Seal it next."));
    go(`/contracts/${made.id}/edit`, {}, { replace: true });
  };
  return html`<${Loaded} of=${order}>${(found) => html`
    <${Section} number="01" title=${_("The purchase order")} right=${html`<${Go} to="/contracts/new" class="link">${_("Choose another")}<//>`}><${OrderFacts} order=${found} /><//>
    <${Loaded} of=${draft}>${(kept) => html`<${ContractForm} name=${`contract-for-${orderId}`} order=${found} send=${send} saved=${saved} verb=${_("Save the contract")} draft=${kept}
      begin=${{ name: found.title ? _("Contract on {title}", { title: found.title }).slice(0, 100) : "" }}>
      <ol class="parties"><li><span><b>${found.purchaser}</b><small>${_("Purchaser")}</small></span></li><li><span><b>${found.supplier}</b><small>${_("Supplier")}</small></span></li></ol><//>`}<//>`}<//>`;
}

/** The page 发起合同. */
export function NewContract() {
  const { account, at } = useMall();
  const workbench = useAsk("home.workbench");
  const open = workbench.value?.entries.find((one) => one.code === "contracts")?.enabled;
  return html`<p class="crumbs"><${Go} to="/contracts">${_("Contract signing")}<//> / ${_("Make a contract")}</p>
    <h1>${_("Make a contract")}</h1>
    ${account.role !== "purchaser" ? html`<${Notice} tone="wait">${_("Only a purchaser can make a contract.")}<//>`
      : html`<${Closed} workbench=${workbench} />${open && (at.query.order ? html`<${NewFor} key=${at.query.order} orderId=${at.query.order} />` : html`<${ChooseOrder} />`)}`}`;
}
