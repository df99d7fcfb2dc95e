// What an applicant does with an invoice in a box: taking an application back, and saying that it was deducted.
import { html, useState } from "../../vendor/htm-preact.js";
import { useApp, useDeed } from "../../common/hooks.js";
import { Button, Notice, Sheet } from "../../common/kit.js";
import { _ } from "../../common/texts.js";

/** A box that asks once and then acts. */
export function Asking({ title, text, label, name, given, told, onClose }) {
  const { toast } = useApp();
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const go = () => deed(async (act) => {
    setProblem("");
    await act(name, given);
    toast(told);
    onClose();
  });
  return html`<${Sheet} title=${title} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${go}>${label}<//>`}><${Notice} tone="bad">${problem}<//><p class="lead">${text}</p><//>`;
}

/** Take an application back that nobody has decided yet. */
export const Withdrawal = ({ one, onClose }) => html`<${Asking} title=${_("Take the application back?")} text=${_("Nothing is issued. The orders can be invoiced again.")} label=${_("Take the application back")}
  name="invoicing.withdraw_application" given=${{ invoice_id: one.id }} told=${_("Taken back.")} onClose=${onClose} />`;

/** Say that a special invoice was deducted: a red letter then needs the buyer's confirmation. */
export const Deduction = ({ one, onClose }) => html`<${Asking} title=${_("Was it deducted?")} text=${_("Once it is deducted from your tax, a red letter takes effect only when you confirm it.")} label=${_("It was deducted from our tax")}
  name="invoicing.declare_deducted" given=${{ invoice_id: one.id }} told=${_("Noted.")} onClose=${onClose} />`;
