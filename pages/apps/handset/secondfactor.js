// Before a weighty act: a code to one's own number, six digits, then the act goes on by itself.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { GIVEN_UP, Refusal } from "../common/door.js";
import { worldNow } from "../common/format.js";
import { useApp, useCountdown, useDeed } from "../common/hooks.js";
import { Button, Notice, Sheet } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { Digits } from "./keypad.js";

/** Wire a door so that it asks for the second factor; `show` takes the sheet's settle functions or null. */
export function guardDoor(door, show) {
  let asking = null;
  door.onSecondFactor = () => {
    asking ??= new Promise((resolve, reject) => {
      const giveUp = () => reject(new Refusal({ code: GIVEN_UP, title: _("Not done: it was not confirmed.") }));
      show({ resolve, giveUp });
    }).finally(() => {
      asking = null;
      show(null);
    });
    return asking;
  };
}

/** The sheet. `settle.resolve()` lets the act go on, `settle.giveUp()` gives it up. */
export function SecondFactor({ settle }) {
  const { door } = useApp();
  const [asked, setAsked] = useState(null);
  const [code, setCode] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const wait = useCountdown(asked?.next_at);
  const send = () =>
    deed(async (act) => {
      setProblem("");
      const sent = await act("registration.request_step_up");
      door.stepUp = sent;
      setAsked(sent);
    });
  useEffect(() => {
    // A code that was sent a moment ago still serves; another would be refused.
    if (door.stepUp?.next_at > worldNow()) setAsked(door.stepUp);
    else send();
  }, []);
  useEffect(() => {
    if (code.length < 6 || !asked) return;
    deed(async (act) => {
      try {
        await act("registration.step_up", { request_id: asked.request_id, code });
      } catch (refusal) {
        setCode("");
        throw refusal;
      }
      door.stepUp = null;
      settle.resolve();
    });
  }, [code]);
  return html`<${Sheet} title=${_("Confirm that it is you")} onClose=${settle.giveUp}>
    <p class="lead">${_("This step matters, so we send a code to your own number. It opens such steps for 5 minutes.")}</p>
    ${!asked && problem && html`<${Notice} tone="bad">${problem}<//>`}
    ${asked && html`<${Digits} label=${_("Code")} value=${code} onChange=${(digits) => { setProblem(""); setCode(digits); }} error=${problem} busy=${busy} />`}
    <div class="center">${asked || !busy ? html`<${Button} kind="quiet" disabled=${wait > 0} busy=${busy} onClick=${send}>
      ${wait > 0 ? _("Send again in {seconds} s", { seconds: wait }) : _("Send the code again")}<//>` : html`<span class="spinner"></span>`}</div>
  <//>`;
}
