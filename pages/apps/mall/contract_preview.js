// What a form would make, before it is kept: its pages, and what the uploader has to agree to.
import { html } from "../vendor/htm-preact.js";
import { Button, Notice, Sheet } from "../common/kit.js";
import { _ } from "../common/texts.js";

// What was done to an uploaded file, by the engine's codes.
const findings = (one) => ({
  links: _("Links that led elsewhere were taken out: {count}", one), fields: _("Form fields were made part of the pages: {count}", one), comments: _("Comments and marks were made part of the pages: {count}", one),
  layers: _("Layers were joined into one: {count}", one), fonts: _("Faces that are not in the file, drawn with another one: {names}", { names: one.names.join("、") }), word: _("The Word document was set anew as a PDF: compare it with yours."),
})[one.code] ?? one.code;

const warnings = () => ({
  effective_before_signing: _("The contract takes effect before the day on which it is signed. That can be meant: look once more."),
  total_differs: _("The total is another one than the purchase order's."),
});

/** The sheet. `save` keeps it; without it there is nothing to keep yet. */
export function Preview({ made, close, save, busy }) {
  const unusual = made.warnings.map((code) => warnings()[code]).filter(Boolean);
  return html`<${Sheet} title=${_("Preview of the document")} onClose=${close} wide=${true}
    foot=${html`<${Button} onClick=${close}>${_("Back to the form")}<//>${save && html`<${Button} kind="primary" busy=${busy} onClick=${save}>${made.needs_confirming ? _("Agree and save") : _("Save the contract")}<//>`}`}>
    ${made.findings.length > 0 && html`<${Notice} tone="wait"><b>${_("The file is kept like this, so that it can be signed:")}</b><ul class="plain">${made.findings.map((one) => html`<li key=${one.code}>${findings(one)}</li>`)}</ul><//>`}
    ${unusual.map((one) => html`<${Notice} tone="wait" key=${one}>${one}<//>`)}
    <p class="quiet">${made.pages > made.pictures.length ? _("The first {shown} of {pages} pages", { shown: made.pictures.length, pages: made.pages }) : _("Pages: {count}", { count: made.pages })}</p>
    <div class="paper-previews">${made.pictures.map((picture, n) => html`<img key=${n} src=${`data:image/png;base64,${picture}`} alt=${_("Page {page}", { page: n + 1 })} />`)}</div>
  <//>`;
}
