// Parts of a contract's page that the form and the look share: numbered sections, the order, the parties.
import { html } from "../vendor/htm-preact.js";
import { moment, yuan } from "../common/format.js";
import { Fact, Tag } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { Go } from "./links.js";

/** A section with its number, as the guide counts them. */
export const Section = ({ number, title, right, children }) => html`<section class="card numbered" aria-label=${`${number} ${title}`}>
  <div class="card-head"><h2><i aria-hidden="true">${number}</i>${title}</h2>${right}</div>${children}</section>`;

/** 01: the purchase order that it starts from. */
export const OrderFacts = ({ order }) => html`<dl class="facts is-two">
  <${Fact} name=${_("Order number")}><${Go} to=${`/orders/${order.id}`} class="mono">${order.number}<//><//>
  <${Fact} name=${_("Title")}>${order.title || "—"}<//>
  <${Fact} name=${_("Awardee")}>${order.awardee || "—"}<//>
  <${Fact} name=${_("Total (yuan)")}>${yuan(order.total_fen)}<//>
  <${Fact} name=${_("Placed")}>${moment(order.created_at)}<//>
</dl>`;

/** What a party is called: purchaser, supplier, or which further one. */
export const roleName = (role) => (role === "purchaser" ? _("Purchaser") : role === "supplier" ? _("Supplier") : _("Party {n}", { n: role.replace("party", "") }));

const standing = () => ({ waiting: _("Comes later"), asked: _("Asked to sign"), signed: _("Signed and sealed"), declined: _("Declined to sign") });
const TONE = { signed: "good", declined: "bad", asked: "wait" };

/** 02: who signs, in which order, and how far each is. */
export const Parties = ({ parties, inTurn }) => html`<ol class="parties">${parties.map((one) => html`<li key=${one.role} class=${one.mine ? "is-mine" : ""} data-party=${one.role}>
  ${inTurn && html`<i aria-hidden="true">${one.ordinal}</i>`}
  <span><b>${one.enterprise}</b><small>${roleName(one.role)} · <span class="mono">${one.uscc}</span>${one.mine ? ` · ${_("your party")}` : ""}</small>
    ${one.opinion && html`<small class="said">${one.opinion}</small>`}</span>
  <span class="party-state"><${Tag} tone=${TONE[one.status] ?? "still"}>${one.turn ? _("To sign now") : standing()[one.status]}<//>
    ${one.handled_at && html`<small>${moment(one.handled_at)}</small>`}
    ${!one.handled_at && one.turn && html`<small>${one.read_at ? _("Read {time}", { time: moment(one.read_at) }) : _("Not read yet")}</small>`}</span>
</li>`)}</ol>`;
