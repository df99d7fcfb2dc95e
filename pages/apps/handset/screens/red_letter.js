// Asking for a red letter, whole or in part, and a buyer's answer to one that somebody else asked for.
import { html, useState } from "../../vendor/htm-preact.js";
import { yuan } from "../../common/format.js";
import { useApp, useDeed, useForm } from "../../common/hooks.js";
import { Area, Button, Choice, Field, Notice, Sheet } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { FormProblem } from "./code.js";

const REASONS = ["01", "02", "03", "04"];
// An invoice that is wrong is taken back as a whole.
const WHOLE_ONLY = ["01"];

/** Fen of what was typed in yuan; null where it is no amount. */
export const fenOf = (text) => (/^\d{1,9}(\.\d{1,2})?$/.test(text.trim()) ? Math.round(Number(text.trim()) * 100) : null);

/** The page that asks for a red letter about the invoice `one`. */
export function RedLetterForm({ one, onBack, onDone }) {
  const { toast } = useApp();
  const left = one.total_fen - one.reversed_fen;
  const form = useForm(`red-${one.id}`, { reason: "01", part: "whole", amount: "", remarks: "" });
  const [busy, deed] = useDeed(form.refuse);
  const { reason, part, amount, remarks } = form.values;
  const partly = part === "part" && !WHOLE_ONLY.includes(reason);
  const send = () => deed(async (act) => {
    const fen = partly ? fenOf(amount) : 0;
    if (fen === null || (partly && (fen <= 0 || fen > left))) return form.wrong("amount", _("Enter an amount from 0.01 up to {amount}.", { amount: yuan(left) }));
    await act("invoicing.ask_red_letter", { invoice_id: one.id, reason, remarks: remarks.trim(), ...(partly ? { amount_fen: fen } : {}) });
    form.done();
    toast(_("Applied. Finance looks at it."));
    return onDone();
  });
  return html`<${Screen} title=${_("Ask for a red letter")} onBack=${onBack} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${send}>${_("Submit")}<//>`}>
    <${FormProblem} form=${form} /><${Notice}>${_("A red letter takes an invoice back, whole or in part. What it takes back can be invoiced again.")}<//>
    <${Choice} label=${_("Reason")} value=${reason} options=${REASONS.map((code) => [code, ofCode(`invoice.red_reason.${code}`)])} onChange=${(code) => form.set("reason", code)} error=${form.errors.reason} />
    ${!WHOLE_ONLY.includes(reason) && html`<${Choice} label=${_("How much")} value=${part} options=${[["whole", _("All of it"), yuan(left)], ["part", _("A part")]]} onChange=${(how) => form.set("part", how)} />`}
    ${partly && html`<${Field} form=${form} name="amount" label=${_("Amount in yuan, tax included")} inputmode="decimal" maxlength="12" hint=${_("At most {amount}", { amount: yuan(left) })} />`}
    <${Area} form=${form} name="remarks" label=${_("Remarks (optional)")} rows=${2} maxlength="200" />
  <//>`;
}

/** The buyer confirms a red letter about an invoice that was deducted, or does not. */
export function Answer({ one, onClose }) {
  const { toast } = useApp();
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const run = (name, told) => deed(async (act) => {
    setProblem("");
    await act(name, { invoice_id: one.id });
    toast(told);
    onClose();
  });
  return html`<${Sheet} title=${_("Answer the red letter")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${() => run("invoicing.confirm_red_letter", _("Confirmed."))}>${_("Confirm it")}<//><${Button} disabled=${busy} onClick=${() => run("invoicing.decline_red_letter", _("Not confirmed. Finance has been told."))}>${_("Do not confirm it")}<//>`}>
    <${Notice} tone="bad">${problem}<//><p class="lead">${_("{amount} are taken back, because: {reason}. Your tax deduction of that part has to be returned.", { amount: yuan(-one.total_fen), reason: ofCode(`invoice.red_reason.${one.reason}`) })}</p><//>`;
}
