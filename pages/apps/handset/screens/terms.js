// The terms box (同意协议), with their text in a sheet. It must be ticked before anything is sent.
import { html, useState } from "../../vendor/htm-preact.js";
import { useAsk } from "../../common/hooks.js";
import { Button, Loaded, Sheet, Tick } from "../../common/kit.js";
import { _, both } from "../../common/texts.js";

/** The box. `accepted` and `onChange` belong to the form around it. */
export function TermsBox({ accepted, onChange, error }) {
  const [reading, setReading] = useState(false);
  return html`<div class="terms">
    <${Tick} checked=${accepted} onChange=${onChange} label=${_("Agree to the terms")}>
      ${_("Agree to the terms")} <button type="button" class="link" onClick=${() => setReading(true)}>${_("“Terms of use”")}</button><//>
    ${error && html`<p class="error" role="alert">${error}</p>`}
    ${reading && html`<${Terms} onClose=${() => setReading(false)} onAgree=${() => { onChange(true); setReading(false); }} />`}
  </div>`;
}

function Terms({ onClose, onAgree }) {
  const terms = useAsk("registration.terms");
  return html`<${Sheet} title=${_("Terms of use")} onClose=${onClose}
    foot=${html`<${Button} kind="primary" onClick=${onAgree}>${_("I have read them and agree")}<//>`}>
    <${Loaded} of=${terms}>${(found) => html`<p class="prose">${both(found.text)}</p><p class="hint">${_("Version {version}", { version: found.version })}</p>`}<//>
  <//>`;
}
