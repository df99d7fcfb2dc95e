// 发票管理: orders that can be invoiced, the application, 开票历史.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, yuan } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Choice, Empty, Fact, Loaded, Row, Sheet, Tag, Tick } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";

/** Invoices; `id` is `apply` or an invoice to open. */
export function Invoices({ id }) {
  return id === "apply" ? html`<${Apply} />` : html`<${History} opened=${id} />`;
}

/** Titles are kept by the enterprise itself until more can be saved. */
export const Titles = () => html`<${Screen} title=${_("Invoice titles")}><${Empty} icon="invoice" title=${_("The enterprise's own title is used")}>${_("More titles cannot be saved yet.")}<//><//>`;

function History({ opened }) {
  const { go, door } = useApp();
  const found = useAsk("invoicing.mine");
  const [shown, setShown] = useState(opened);
  return html`<${Screen} title=${_("Invoice management")} foot=${html`<${Button} kind="primary" onClick=${() => go("invoices/apply")}>${_("Apply for an invoice")}<//>`}>
    <h2 class="section">${_("Invoice history")}</h2>
    <${Loaded} of=${found}>${(all) => {
      const one = all.find((invoice) => invoice.id === shown);
      return html`${all.length ? html`<div class="card list">${all.map((invoice) => html`<${Row} key=${invoice.id} icon="invoice" title=${yuan(invoice.total_fen)} note=${`${invoice.title_name} · ${day(invoice.created_at)}`} onClick=${() => setShown(invoice.id)}><${Tag} tone=${toneOf(invoice.status)}>${ofCode(`invoice.status.${invoice.status}`)}<//><//>`)}</div>`
          : html`<${Empty} icon="invoice" title=${_("No invoices yet")}>${_("Apply for one once an order is paid and approved.")}<//>`}
        ${one && html`<${Sheet} title=${yuan(one.total_fen)} onClose=${() => setShown("")} foot=${one.blob_id && html`<a class="button primary" href=${door.media(one.blob_id)} target="_blank" rel="noopener">${_("Open the PDF")}</a>`}><dl><${Fact} name=${_("Invoice title")}>${one.title_name}<//><${Fact} name=${_("Tax number")}><span class="mono">${one.title_code}</span><//>
          <${Fact} name=${_("Kind")}>${ofCode(`invoice.kind.${one.kind}`)}<//><${Fact} name=${_("Number")}><span class="mono">${one.number || "—"}</span><//><${Fact} name=${_("Tax")}>${yuan(one.tax_fen)}<//></dl><//>`}`;
    }}<//>
  <//>`;
}

function Apply() {
  const app = useApp();
  const found = useAsk("invoicing.candidates");
  const platforms = useAsk("mall.platforms");
  const [chosen, setChosen] = useState([]);
  const [kind, setKind] = useState("ordinary");
  const [confirming, setConfirming] = useState(false);
  const [busy, deed] = useDeed();
  const toggle = (id) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const send = () => deed(async (act) => {
    await act("invoicing.apply_for_invoice", { order_ids: chosen, kind });
    app.toast(_("Applied. The invoice appears in the history."));
    app.router.replace("invoices");
  });
  const total = (found.value ?? []).filter((one) => chosen.includes(one.order.id)).reduce((sum, one) => sum + one.order.amount_fen, 0);
  return html`<${Screen} title=${_("Apply for an invoice")} foot=${html`<${Button} kind="primary" disabled=${!chosen.length} onClick=${() => setConfirming(true)}>${_("Next")}<//>`}>
    <${Loaded} of=${found}>${(all) => all.length ? all.map(({ order, refused }) => html`<${Card} key=${order.id}>${refused ? html`<p class="lead">${order.number} · ${ofCode(refused)}</p>`
        : html`<${Tick} checked=${chosen.includes(order.id)} onChange=${() => toggle(order.id)} label=${order.number}><b>${both(platforms.value?.[order.platform_id]?.label)}</b> ${order.number}<//>`}<p>${yuan(order.amount_fen)}</p><//>`)
      : html`<${Empty} icon="order" title=${_("No orders yet")}>${_("Orders that are paid can be invoiced.")}<//>`}<//>
    ${found.value?.length > 0 && html`<${Choice} label=${_("Kind of invoice")} value=${kind} options=${["ordinary", "special"].map((one) => [one, ofCode(`invoice.kind.${one}`)])} onChange=${setKind} />`}
    ${confirming && html`<${Sheet} title=${_("Check the application")} onClose=${() => setConfirming(false)} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${send}>${_("Confirm and submit")}<//>`}><dl><${Fact} name=${_("Orders")}>${chosen.length}<//><${Fact} name=${_("Amount")}>${yuan(total)}<//><${Fact} name=${_("Kind")}>${ofCode(`invoice.kind.${kind}`)}<//></dl><//>`}
  <//>`;
}
