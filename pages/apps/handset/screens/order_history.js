// What happened to an order: what, who and when, oldest first.
import { html } from "../../vendor/htm-preact.js";
import { moment, yuan } from "../../common/format.js";
import { Card } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";

// Whose step it is, these say themselves.
const SAYS_WHO = ["approved_by_platform", "back_at_platform", "approved_by_agency"];

/** The steps of an order; `of` is the kind that their codes belong to. */
export function History({ steps, of = "order" }) {
  return html`<${Card} title=${_("Progress of the order")}><ol class="plain progress">${steps.map((step, at) => html`<li key=${at}>
    <span><b>${ofCode(`${of}.step.${step.code}`)}</b>${step.who && !SAYS_WHO.includes(step.code) && html`<small>${ofCode(`order.who.${step.who}`)}</small>`}</span>
    <span>${moment(step.occurred_at)}${step.amount_fen ? html`<small>${yuan(step.amount_fen)}</small>` : ""}</span></li>`)}</ol><//>`;
}
