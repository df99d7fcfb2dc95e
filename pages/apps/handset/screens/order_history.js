// What happened to an order: what, who and when, oldest first.
import { html } from "../../vendor/htm-preact.js";
import { moment, yuan } from "../../common/format.js";
import { Card, Fact } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";

/** The steps of an order. */
export function History({ steps }) {
  return html`<${Card} title=${_("Progress of the order")}><ol class="plain">${steps.map((step, at) => html`<li key=${at}><dl><${Fact} name=${html`<b>${ofCode(`order.step.${step.code}`)}</b><small class="hint"> ${ofCode(`order.who.${step.who}`)}</small>`}>
    <span>${step.amount_fen ? `${yuan(step.amount_fen)} · ` : ""}${moment(step.occurred_at)}</span><//></dl></li>`)}</ol><//>`;
}
