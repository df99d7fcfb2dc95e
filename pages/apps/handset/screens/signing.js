// What a scanned code asks to sign: each contract with number, amount, pages and fingerprint, looked at before the PIN.
import { html, useState } from "../../vendor/htm-preact.js";
import { yuan } from "../../common/format.js";
import { useApp, useAsk } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Button, Card, Fact, Loaded, Notice, Row } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { Paper } from "./paper.js";

/** Where the pages of the ticket's documents are; they show the seal already. */
const sourceOf = (door, ticket, place) => (page) => `${door.base}/tickets/${encodeURIComponent(ticket.id)}/pages/${page}?of=${place}`;

function One({ one, look }) {
  return html`<${Card}><dl>
      <${Fact} name=${_("Name of the document")}><b>${one.title}</b><//>
      <${Fact} name=${_("Contract number")}><span class="mono">${one.number}</span><//>
      <${Fact} name=${_("Amount (CNY)")}>${yuan(one.total_fen)}<//>
      <${Fact} name=${_("Purchaser")}>${one.purchaser}<//>
      <${Fact} name=${_("Supplier")}>${one.supplier}<//>
      <${Fact} name=${_("Number of pages")}>${one.pages}<//>
      <${Fact} name=${_("Fingerprint of the document")}><span class="mono">${one.digest.slice(0, 16)}…</span><//></dl>
    <${Button} kind="wide" onClick=${look}><${Icon} name="search" size=${18} /> ${_("Look at the pages")}<//><//>`;
}

const Several = ({ all, look }) => html`<p class="lead"><b>${_("Contracts: {count}, {total} in all", { count: all.length, total: yuan(all.reduce((sum, one) => sum + one.total_fen, 0)) })}</b></p>
  <div class="card list">${all.map((one, place) => html`<${Row} key=${one.contract_id} title=${one.title} note=${`${one.number} · ${_("Pages: {count}", { count: one.pages })}`} value=${yuan(one.total_fen)} onClick=${() => look(place)} />`)}</div>
  <p class="hint">${_("One entry of the PIN signs all of them, or none. Tap one to look at its pages.")}</p>`;

/** What is signed, and the pages of the one that is looked at. */
export function ToSign({ ticket }) {
  const { door } = useApp();
  const asked = useAsk("signing.asked_to_sign", { ticket_id: ticket.id });
  const [looked, setLooked] = useState(-1);
  const shown = asked.value?.[looked];
  return html`<h2 class="section">${_("What is signed")}</h2>
    <${Loaded} of=${asked}>${(all) => (all.length === 1 ? html`<${One} one=${all[0]} look=${() => setLooked(0)} />` : html`<${Several} all=${all} look=${setLooked} />`)}<//>
    ${shown && html`<${Paper} title=${shown.title} source=${sourceOf(door, ticket, looked)} pages=${shown.pages} onClose=${() => setLooked(-1)} />`}`;
}

/** That nothing on this phone can sign what was scanned: it needs the very certificate that was chosen. */
export const OtherPhone = () => html`<${Notice} tone="wait">${_("The certificate that was chosen on the PC is not on this phone. Scan with the phone that holds it, or choose another certificate on the PC.")}<//>`;
