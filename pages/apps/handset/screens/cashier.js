// 收银台 (simulated): what is paid for, how much, and that it was paid. Orders of every kind are paid here.
import { html, useState } from "../../vendor/htm-preact.js";
import { yuan } from "../../common/format.js";
import { useDeed } from "../../common/hooks.js";
import { Button, Fact, Notice, Sheet } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { Done } from "../layout.js";

/** The cashier. `begin(act)` gives the payment of the order; `what` says what is paid for. */
export function Cashier({ what, number, amount, begin, onClose, onPaid }) {
  const [paid, setPaid] = useState(false);
  const [problem, setProblem] = useState("");
  const [account, setAccount] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const pay = () => deed(async (act) => {
    const payment = await begin(act);
    await act("handset.pay", { payment_id: payment.id, account: account.trim() });
    setPaid(true);
    onPaid();
  });
  return html`<${Sheet} title=${_("Cashier (simulated)")} onClose=${onClose} foot=${paid ? html`<${Button} kind="primary" onClick=${onClose}>${_("Done")}<//>` : html`<${Button} kind="primary" busy=${busy} onClick=${pay}>${_("Pay now")}<//>`}>
    ${paid ? html`<${Done} title=${_("Paid")} />` : html`<p class="big-amount"><span class="price">${yuan(amount)}</span></p><dl><${Fact} name=${_("For")}>${what}<//><${Fact} name=${_("Number")}><span class="mono">${number}</span><//></dl>
      <div class="field"><label for="payer">${_("Test account (may stay empty)")}</label><input id="payer" value=${account} maxLength="40" autocomplete="off" spellcheck=${false} onInput=${(event) => setAccount(event.target.value)} /></div>`}
    <${Notice} tone="bad">${problem}<//><//>`;
}
