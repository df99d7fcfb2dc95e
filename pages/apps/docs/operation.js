// One operation: its fields, its answer, what it refuses, and how to call it.
import { _, language } from "../common/texts.js";
import { html, useState } from "../vendor/htm-preact.js";
import { bodyOf, kindOf, paragraphs, resolved } from "./reading.js";
import { curl, python } from "./samples.js";

const DEEPEST = 4;
const WHO = {
  person: () => _("A person's session"), mall: () => _("An account's session at a trading platform"),
  staff: () => _("The console's cookie, or a machine's token"), anybody: () => _("Nobody has to sign in"),
};

/** A schema's kind in a few words, and what its parts are. */
function kind(told, schema) {
  if (schema.$ref) return kind(told, resolved(told, schema));
  if (schema.enum) return schema.enum.map((one) => JSON.stringify(one)).join(" | ");
  if ("const" in schema) return JSON.stringify(schema.const);
  const several = schema.anyOf ?? schema.oneOf;
  if (several) return [...new Set(several.map((one) => kind(told, one)))].join(" | ");
  if (schema.allOf) return kind(told, schema.allOf[0]);
  if (schema.type === "array") return `[${kind(told, schema.items ?? {})}]`;
  if (schema.format === "base64" || schema.format === "binary" || schema.contentEncoding) return "base64";
  if (schema.type === "object" || schema.properties) return schema.title ?? "object";
  return schema.type ?? _("anything");
}

/** The object inside a schema whose fields are worth a table, if there is one. */
function inner(told, schema) {
  const found = resolved(told, schema);
  if (found.properties) return found;
  if (found.type === "array" && found.items) return inner(told, found.items);
  const several = found.anyOf ?? found.oneOf ?? found.allOf ?? [];
  for (const one of several) {
    const part = inner(told, one);
    if (part) return part;
  }
  return typeof found.additionalProperties === "object" ? inner(told, found.additionalProperties) : null;
}

function bounds(schema) {
  const told = [];
  if ("minimum" in schema || "maximum" in schema) told.push(`${schema.minimum ?? "…"}–${schema.maximum ?? "…"}`);
  if ("maxLength" in schema) told.push(`≤ ${schema.maxLength}`);
  if ("default" in schema && schema.default !== null && schema.default !== "") told.push(`= ${JSON.stringify(schema.default)}`);
  return told.join(" ");
}

/** The fields of an object; those of its parts are opened by who wants to know. */
function Fields({ told, schema, depth = 0, seen = [] }) {
  const properties = Object.entries(schema.properties ?? {});
  if (!properties.length) return html`<p class="quiet">${_("No fields.")}</p>`;
  const required = new Set(schema.required ?? []);
  return html`<ul class="fields">${properties.map(([name, one]) => {
    const part = inner(told, one);
    const opens = part && depth < DEEPEST && !seen.includes(part.title);
    return html`<li key=${name}><div class="line"><code class="name">${name}</code>
      <span class="kind">${kind(told, one)}</span>
      ${required.has(name) && depth === 0 && html`<span class="must">${_("required")}</span>`}
      <span class="bounds">${bounds(one)}</span></div>
      ${one.description && paragraphs(one.description)}
      ${opens && html`<${Part} told=${told} schema=${part} depth=${depth + 1} seen=${[...seen, part.title]} />`}</li>`;
  })}</ul>`;
}

function Part({ told, schema, depth, seen }) {
  const [open, setOpen] = useState(false);
  return html`<details open=${open} onToggle=${(event) => setOpen(event.target.open)}>
    <summary>${_("Fields of {name}", { name: schema.title ?? "object" })}</summary>
    ${open && html`<${Fields} told=${told} schema=${schema} depth=${depth} seen=${seen} />`}</details>`;
}

function Answer({ told, schema }) {
  const part = inner(told, schema);
  return html`<p class="kind">${kind(told, schema)}</p>
    ${part && html`<${Fields} told=${told} schema=${part} depth=${1} seen=${[part.title]} />`}`;
}

function Refusals({ told, codes }) {
  const rows = codes.map((code) => [code, told["x-refusals"][code]]).filter(([, one]) => one)
    .sort(([, one], [, other]) => one.status - other.status);
  return html`<table class="refusals"><thead><tr><th scope="col">${_("Status")}</th><th scope="col">${_("Code")}</th>
    <th scope="col">${_("What it says")}</th></tr></thead><tbody>
    ${rows.map(([code, one]) => html`<tr key=${code}><td>${one.status}</td><td><code>${code}</code></td>
      <td>${one.title[language()]}</td></tr>`)}</tbody></table>`;
}

function Sample({ title, text }) {
  const [copied, setCopied] = useState(false);
  const copy = () => navigator.clipboard.writeText(text).then(() => setCopied(true), () => {});
  return html`<figure class="sample"><figcaption><b>${title}</b>
    <button type="button" class="link" onClick=${copy}>${copied ? _("Copied") : _("Copy")}</button></figcaption>
    <pre tabindex="0"><code>${text}</code></pre></figure>`;
}

/** Everything about one operation. */
export function Operation({ of: one, told }) {
  const { post } = one;
  const done = post.responses["200"].content["application/json"].schema;
  const who = kindOf(one);
  return html`<article class="operation">
    <h1>${one.summary}</h1>
    <p class="address"><b class="method">${one.get ? "POST · GET" : "POST"}</b> <code>${one.path}</code></p>
    <p class="quiet">${WHO[who]()}</p>
    ${paragraphs(post.description)}
    <h2>${_("What it takes")}</h2>
    <${Fields} told=${told} schema=${bodyOf(told, post)} />
    <h2>${_("What it answers")}</h2>
    <${Answer} told=${told} schema=${done} />
    <h2>${_("What it refuses")}</h2>
    <${Refusals} told=${told} codes=${post["x-refusals"]} />
    <h2>${_("How to call it")}</h2>
    <${Sample} title="curl" text=${curl(one, who)} />
    <${Sample} title="Python" text=${python(one, who)} />
  </article>`;
}
