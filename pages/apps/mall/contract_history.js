// 05 处理历史: who did what, when it came to them, how long it took, and whether it was read.
import { html } from "../vendor/htm-preact.js";
import { moment, span } from "../common/format.js";
import { _, both, ofCode } from "../common/texts.js";
import { useAsk } from "../common/hooks.js";
import { Loaded } from "../common/kit.js";

/** What a step came to; whoever has not signed yet reads [未签署], as the guide has it. */
const opinions = () => ({
  not_signed: _("[not signed]"), signed: _("Signed and sealed"), declined: _("Declined to sign"), given_up: _("Given up"), submitted: _("Has been submitted"), withdrawn: _("Withdrawn"),
  extended: _("Extended"), voiding_proposed: _("Proposed to void it"), voiding_agreed: _("Agreed to void it"), voiding_refused: _("Refused to void it"), voiding_taken_back: _("Proposal taken back"),
  approved: _("Passed"), rejected: _("Returned"),
});

function Opinion({ step, known }) {
  return html`${opinions()[step.opinion] ?? _("In review")}
    ${step.text && html`<small class="said">${step.text}</small>`}
    ${(step.reasons ?? []).map((one) => html`<small class="said" key=${one.en ?? one}>${one.en ? both(one) : known?.[one] ? both(known[one]) : one}</small>`)}`;
}

const none = "—";
const took = (step) => (step.took_ms === null || step.took_ms === undefined ? none : step.took_ms < 60_000 ? _("under a minute") : span(step.took_ms));

function Row({ step, known }) {
  return html`<tr>
    <td data-label=${_("Step")}>${ofCode(step.step)}</td>
    <td data-label=${_("Handled by")}><span>${step.actor || _("The platform's reviewer")}${step.handler && html`<small class="said mono">${step.handler}</small>`}</span></td>
    <td data-label=${_("Received")}><time>${moment(step.received_at)}</time></td>
    <td data-label=${_("Handled")}>${step.handled_at ? html`<time>${moment(step.handled_at)}</time>` : "--"}</td>
    <td data-label=${_("Opinion")}><span><${Opinion} step=${step} known=${known} /></span></td>
    <td data-label=${_("Time taken")}>${took(step)}</td>
    <td data-label=${_("Read")}>${step.read_at ? _("Yes") : _("No")}</td>
    <td data-label=${_("Read at")}>${step.read_at ? html`<time>${moment(step.read_at)}</time>` : none}</td></tr>`;
}

/** The table with its eight columns; `known` are the texts of the reasons, by their codes. */
export function History({ id, known }) {
  const steps = useAsk("signing.history", { contract_id: id });
  return html`<${Loaded} of=${steps}>${(all) => html`<div class="table-frame"><table class="table is-history">
    <thead><tr><th>${_("Step")}</th><th>${_("Handled by")}</th><th>${_("Received")}</th><th>${_("Handled")}</th>
      <th>${_("Opinion")}</th><th>${_("Time taken")}</th><th>${_("Read")}</th><th>${_("Read at")}</th></tr></thead>
    <tbody>${all.map((step, n) => html`<${Row} key=${n} step=${step} known=${known} />`)}</tbody></table></div>`}<//>`;
}
