// 模版制作: which template (选择模板), and what it asks for beyond the contract's own particulars.
import { html, useState } from "../vendor/htm-preact.js";
import { Button, Sheet } from "../common/kit.js";
import { _, both } from "../common/texts.js";

/** The template that a form means, by its name or the version that a contract kept; or the first there is. */
export const templateOf = (templates, id) => templates.find((one) => one.id === id || (id && one.version === id)) ?? templates[0];

/** The button 选择模板 with the name of the chosen one; 暂无模板 where there is none. */
export function ChooseTemplate({ templates, chosen, choose }) {
  const [open, setOpen] = useState(false);
  if (!templates.length) return html`<span class="quiet">${_("No template yet")}</span>`;
  return html`<span class="with-why"><${Button} onClick=${() => setOpen(true)}>${_("Choose a template")}<//><small>${both(chosen.label)}</small></span>
    ${open && html`<${Sheet} title=${_("Choose a template")} onClose=${() => setOpen(false)}>
      <div class="choices is-list" role="radiogroup" aria-label=${_("Templates")}>${templates.map((one) => html`<button type="button" role="radio" key=${one.id} class="option" aria-checked=${String(one.id === chosen.id)}
        onClick=${() => { choose(one.id); setOpen(false); }}><b>${both(one.label)}</b><small>${both(one.note)}</small></button>`)}</div><//>`}`;
}

const MODES = { number: "numeric", money: "decimal" };

function Asked({ asked, value, change, error }) {
  const id = `template-${asked.code}`;
  const label = `${both(asked.label)}${asked.required ? "" : ` ${_("(optional)")}`}`;
  const input = asked.kind === "choice"
    ? html`<select id=${id} value=${value} onChange=${(event) => change(event.target.value)}><option value="">${_("Choose")}</option>${asked.choices.map((one) => html`<option key=${one} value=${one}>${one}</option>`)}</select>`
    : html`<input id=${id} type=${asked.kind === "date" ? "date" : "text"} inputmode=${MODES[asked.kind]} maxlength=${asked.kind === "text" ? asked.length : 20} value=${value} onInput=${(event) => change(event.target.value)} />`;
  return html`<div class=${`field ${error ? "wrong" : ""}`} data-field=${asked.code}><label for=${id}>${label}</label><div class="field-line">${input}</div>
    ${error ? html`<p class="error" role="alert">${error}</p>` : asked.hint && html`<p class="hint">${both(asked.hint)}</p>`}</div>`;
}

/** The fields of the chosen template. */
export function TemplateFields({ template, form }) {
  const { fields } = form.values;
  const wrong = form.errors.fields ?? {};
  const change = (code, value) => form.fill({ fields: { ...fields, [code]: value } });
  return html`<div class="form-grid">${template.fields.map((asked) => html`<${Asked} key=${asked.code} asked=${asked} value=${fields[asked.code] ?? ""} change=${(value) => change(asked.code, value)} error=${wrong[asked.code]} />`)}</div>`;
}

/** What is filled in, of the fields that the template has. */
export const filledIn = (template, fields) =>
  Object.fromEntries(template.fields.filter((one) => fields[one.code]).map((one) => [one.code, fields[one.code]]));
