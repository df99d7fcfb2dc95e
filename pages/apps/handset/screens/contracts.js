// A contract on the phone: where it stands, who signs, its pages; to sign it, the code on the PC or what was sent here.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, moment, yuan } from "../../common/format.js";
import { useApp, useAsk } from "../../common/hooks.js";
import { Button, Card, Fact, Loaded, Notice, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { Paper } from "./paper.js";
import { ReceiptsRow } from "./receipts.js";

const standing = () => ({ waiting: _("Comes later"), asked: _("Asked to sign"), signed: _("Signed and sealed"), declined: _("Declined to sign") });

function Facts({ one, platform }) {
  return html`<${Card}><dl>
    <${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(one.state)}>${ofCode(`contract.status.${one.state}`)}<//><//>
    <${Fact} name=${_("Contract number")}><span class="mono">${one.number}</span><//>
    <${Fact} name=${_("Amount (CNY)")}>${yuan(one.total_fen)}<//>
    <${Fact} name=${_("Signing date")}>${one.signing_date}<//>
    ${one.sign_by && html`<${Fact} name=${_("Last day to sign")}>${day(one.sign_by - 1)}<//>`}
    <${Fact} name=${_("Where")}>${platform}<//></dl><//>`;
}

const Parties = ({ parties }) => html`<h2 class="section">${_("Parties of the contract")}</h2><div class="card list">${parties.map((party) => html`<div class="row" key=${party.role}>
  <span class="row-text"><b>${party.enterprise}</b>${party.handled_at && html`<small>${moment(party.handled_at)}</small>`}${party.opinion && html`<small>${party.opinion}</small>`}</span>
  <${Tag} tone=${party.status === "signed" ? "good" : party.status === "declined" ? "bad" : party.turn ? "wait" : "still"}>${party.turn ? _("To sign now") : standing()[party.status]}<//></div>`)}</div>`;

/** What was sent to this phone to be signed, wherever it is told (密码登录 at the PC). */
export function SentHere() {
  const { go } = useApp();
  const sent = useAsk("signing.sent_to_me");
  return (sent.value ?? []).map((ticket) => html`<button type="button" class="card tappable sent-here" key=${ticket.id} onClick=${() => go(`ticket/${ticket.id}`)}>
    <b>${_("Contracts to sign")}</b><small>${ticket.payload.title ?? _("Contracts: {count}", { count: ticket.payload.count })} · ${_("sent from the PC of {login}", { login: ticket.payload.login })}</small></button>`);
}

/** The screen. */
export function Contract({ id }) {
  const app = useApp();
  const found = useAsk("signing.contract_on_phone", { subject_id: id });
  const platforms = useAsk("mall.platforms");
  const [looking, setLooking] = useState(false);
  const one = found.value;
  const source = (page) => `${app.door.base}/contracts/${encodeURIComponent(one.id)}/pages/${page}?of=${one.document_id}`;
  const foot = one?.to_sign && html`<${Button} kind="primary" onClick=${() => app.go("scan")}>${_("Scan to sign")}<//>`;
  return html`<${Screen} title=${_("The contract")} foot=${foot}><${SentHere} />
    <${Loaded} of=${found}>${() => html`<h2 class="contract-name">${one.name}</h2>
      <${Facts} one=${one} platform=${both(platforms.value?.[one.platform_id]?.label)} />
      <${Button} kind="wide" onClick=${() => setLooking(true)}>${_("Look at the pages")}<//>
      <${Parties} parties=${one.parties} />
      <${ReceiptsRow} id=${one.id} />
      ${one.to_sign && html`<${Notice} tone="wait">${_("Your enterprise's seal is missing. Open the contract at the trading platform on a PC, choose to sign and seal, and scan the code there; or have it sent here by password.")}<//>`}
      ${looking && html`<${Paper} title=${one.name} source=${source} pages=${one.pages} onClose=${() => setLooking(false)} />`}`}<//><//>`;
}
