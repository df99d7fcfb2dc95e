// Downloading a certificate: 证书密码 twice, the key is made under it, and the certificate is activated.
import { html, useEffect, useRef, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Notice } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { Digits } from "../keypad.js";
import { Done, Screen } from "../layout.js";

const PIN_DIGITS = 6;
const STAGES = {
  making: () => _("Making the key on this phone…"),
  sealing: () => _("Putting it under your certificate PIN…"),
  asking: () => _("The CA is issuing the certificate…"),
};

/** For an approved order, or for a certificate that was issued and not yet taken into use. */
export function Download({ order, certificate, onBack, onDone }) {
  const { keys } = useApp();
  const rules = useAsk("issuing.pin_rules", order ? { order_id: order.id } : { certificate_id: certificate.id });
  const digits = rules.value?.digits ?? PIN_DIGITS;
  const [first, setFirst] = useState("");
  const [pin, setPin] = useState("");
  const [asked, setAsked] = useState(certificate?.id ?? "");
  const [problem, setProblem] = useState("");
  const [finished, setFinished] = useState(false);
  const [stage, setStage] = useState("");
  const making = useRef(null);
  // Who leaves the screen does not want the key that was being made.
  useEffect(() => () => making.current?.abort(), []);
  const found = useAsk("issuing.certificate", { certificate_id: asked }, { skip: !asked });
  const again = (text) => { setFirst(""); setPin(""); setProblem(text); };
  const choose = (typed) => {
    if (typed.length < digits || !rules.value) return setFirst(typed);
    try {
      keys.check(typed, rules.value);
      return setFirst(typed);
    } catch (refusal) {
      return again(refusal.title);
    }
  };
  const [busy, deed] = useDeed((refusal) => again(refusal.title));
  const once = Boolean(certificate);
  const confirmed = once ? pin.length === digits : first.length === digits && pin.length === digits;

  useEffect(() => {
    if (!confirmed || asked || !rules.value) return;
    if (first !== pin) {
      again(_("The two entries differ. Choose the PIN again."));
      return;
    }
    const giveUp = new AbortController();
    making.current = giveUp;
    deed(async () => setAsked((await keys.enrol(order, pin, rules.value, { tell: setStage, signal: giveUp.signal })).id));
  }, [confirmed, Boolean(rules.value)]);
  useEffect(() => {
    if (!confirmed || !found.value?.der || finished || found.value.status !== "issued") return;
    deed(async () => {
      await keys.activate(found.value, pin);
      again("");
      setFinished(true);
    });
  }, [confirmed, found.value?.der, found.value?.status]);
  useEffect(() => {
    if (!asked || finished || found.value?.der) return undefined;
    const beat = setInterval(found.reload, 1000);
    return () => clearInterval(beat);
  }, [asked, finished, found.value?.der]);

  if (finished) {
    return html`<${Screen} title=${_("Download the certificate")} back=${false} foot=${html`<${Button} kind="primary" onClick=${onDone}>${_("Done")}<//>`}>
      <${Done} title=${_("The certificate is ready to use")}><p>${_("Bind it on the PC by scan; then sign in and sign with it.")}</p><//><//>`;
  }
  if (confirmed && !problem) {
    // Once the CA is asked there is a certificate to come: it is fetched, not given up.
    const own = !asked && (stage === "making" || stage === "sealing");
    const cancel = () => { making.current?.abort(); again(""); setPin(""); setStage(""); };
    return html`<${Screen} title=${_("Download the certificate")} back=${false} foot=${own && html`<${Button} onClick=${cancel}>${_("Cancel")}<//>`}>
      <${Done} tone="wait" title=${_("Your certificate is being made")}><p>${_("The key is made on this phone under the PIN; the CA signs it. A few seconds.")}</p>
        <p class="hint">${(STAGES[asked && !found.value?.der ? "asking" : stage] ?? STAGES.asking)()}</p><//><//>`;
  }
  const second = once || first.length === digits;
  return html`<${Screen} title=${_("Download the certificate")} onBack=${onBack}>
    <p class="lead center">${once ? _("Enter the certificate PIN that you chose for it.") : second ? _("Enter the certificate PIN once more.") : _("Choose the certificate PIN: {digits} digits, not all the same and not in sequence.", { digits })}</p>
    <${Digits} key=${second ? "second" : "first"} label=${once ? _("Certificate PIN") : second ? _("Certificate PIN once more") : _("Choose the certificate PIN")} secret length=${digits}
      value=${second ? pin : first} onChange=${(typed) => { setProblem(""); (second ? setPin : choose)(typed); }} error=${problem} busy=${busy} />
    <${Notice}>${_("It opens the certificate on this phone alone. Nobody can tell it to you again: not we, not the CA.")}<//>
  <//>`;
}
