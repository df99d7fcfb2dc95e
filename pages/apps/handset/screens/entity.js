// 主体注册: what a platform asks of an enterprise when an account is bound to a certificate for the first time.
import { html, useEffect } from "../../vendor/htm-preact.js";
import { useForm } from "../../common/hooks.js";
import { Button, Card, Fact, Field, Marked, Notice } from "../../common/kit.js";
import { _, both } from "../../common/texts.js";
import { Screen } from "../layout.js";

const TYPES = { phone: "tel", email: "email" };

function Asked({ form, field }) {
  const label = field.required ? both(field.label) : _("{label} (optional)", { label: both(field.label) });
  if (field.kind !== "choice") {
    return html`<${Field} form=${form} name=${field.code} label=${label} hint=${field.hint && both(field.hint)}
      type=${TYPES[field.kind] ?? "text"} maxlength=${field.longest} />`;
  }
  const error = form.errors[field.code];
  return html`<div class=${`field ${error ? "wrong" : ""}`}><label for=${`entity-${field.code}`}>${label}</label>
    <select id=${`entity-${field.code}`} value=${form.values[field.code]} aria-invalid=${error ? "true" : undefined}
      onChange=${(event) => form.set(field.code, event.target.value)}>
      <option value="">${_("Please choose")}</option>
      ${field.choices.map((one) => html`<option key=${one.code} value=${one.code} selected=${one.code === form.values[field.code]}>${both(one.label)}</option>`)}</select>
    ${error ? html`<p class="error" role="alert">${error}</p>` : field.hint && html`<p class="hint">${both(field.hint)}</p>`}</div>`;
}

/** The form as values: what is known stands in it already. It is not kept in the tab: it names a person. */
export function useEntity(asked) {
  const fields = asked?.fields ?? [];
  const codes = fields.map((one) => one.code);
  const form = useForm("entity", {}, { never: codes });
  useEffect(() => {
    if (fields.length && !(codes[0] in form.values)) form.fill(Object.fromEntries(fields.map((one) => [one.code, one.value])));
  }, [asked]);
  return form;
}

/** The page; `go` leads on to the certificate and its PIN. */
export function EntityForm({ asked, form, go, leave }) {
  const complete = asked.fields.every((one) => !one.required || (form.values[one.code] ?? "").trim());
  return html`<${Screen} title=${_("Entity registration")} onBack=${leave}
    foot=${html`<${Button} kind="primary" disabled=${!complete} onClick=${go}>${_("Save and go on")}<//>`}>
    ${asked.reasons.length > 0 && html`<${Notice} tone="bad">${asked.reasons.map((one) => html`<p key=${one.en}>${both(one)}</p>`)}<//>`}
    <p class="lead">${_("Fill in what is missing, and submit it with the certificate's PIN.")}</p>
    <${Card}><dl><${Fact} name=${_("Enterprise")}>${asked.enterprise}<//>
      <${Fact} name=${_("Unified social credit code")}><span class="mono">${asked.uscc}</span><//>
      <${Fact} name=${_("Account")}>${asked.login}<//></dl><//>
    <${Notice} tone="bad">${form.errors[""]}<//>
    ${codesKnown(form, asked) && asked.fields.map((one) => html`<${Asked} key=${one.code} form=${form} field=${one} />`)}
  <//>`;
}

const codesKnown = (form, asked) => asked.fields.every((one) => one.code in form.values);
