// The parts that screens are built from. Each is a small component; how they look is kit.css.
import { createContext, html, useContext, useEffect, useLayoutEffect, useRef } from "../vendor/htm-preact.js";
import { readFile } from "./format.js";
import { Icon } from "./icons.js";
import { _, both } from "./texts.js";

let counted = 0;
function useStableId() {
  const made = useRef("");
  if (!made.current) made.current = `yx${++counted}`;
  return made.current;
}

const CorrectionsContext = createContext(null);

/** Around a form that is filled in again: `reasons` of the rejection, and the field `at` which it opens. */
export const Corrections = ({ reasons, at, children }) => html`<${CorrectionsContext.Provider} value=${{ reasons: reasons ?? [], at }}>${children}<//>`;

/**
 * A part of a form, by the names that reasons point at: what a rejection said of it stands above it, and
 * the form opens there. `fields` are names with blanks between.
 */
export function Marked({ fields, children }) {
  const given = useContext(CorrectionsContext);
  const part = useRef(null);
  const names = fields.split(" ");
  const found = (given?.reasons ?? []).filter((reason) => names.includes(reason.field));
  const first = found.length > 0 && names.includes(given.at);
  useEffect(() => {
    if (!first) return;
    part.current?.scrollIntoView({ block: "center" });
    part.current?.querySelector("input, textarea, [role=radio]")?.focus({ preventScroll: true });
  }, [first]);
  return html`<div class=${found.length ? "marked" : undefined} data-field=${fields} ref=${part}>
    ${found.map((reason) => html`<p class="mark" role="note" key=${reason.code}><${Icon} name="warn" size=${18} /><span>${both(reason.text)}</span></p>`)}${children}</div>`;
}

/** Whatever says what is wrong comes into view: a long form may have been sent off from far below it. */
export function useInView(text) {
  const part = useRef(null);
  useEffect(() => {
    if (text) part.current?.scrollIntoView({ block: "nearest" });
  }, [text]);
  return part;
}

/** What is wrong with something that was chosen. */
export function Wrong({ children }) {
  const line = useInView(children);
  return html`<p class="error" role="alert" ref=${line}>${children}</p>`;
}

/** A button; `kind` is primary (one on a screen), plain, quiet or danger. Busy ones say so and do nothing. */
export function Button({ kind = "plain", busy, disabled, children, ...more }) {
  return html`<button type="button" class=${`button ${kind}`} disabled=${disabled || busy} aria-busy=${busy ? "true" : undefined} ...${more}>
    ${busy && html`<span class="spinner" aria-hidden="true"></span>`}<span>${children}</span>
  </button>`;
}

/** A field of a form with its label, hint and error. `form` is of `useForm`, `name` its field. */
export function Field({ form, name, label, hint, type = "text", after, big, ...more }) {
  const id = useStableId();
  const input = useRef(null);
  const error = form.errors[name];
  useEffect(() => {
    if (error) input.current?.focus({ preventScroll: false });
  }, [error]);
  return html`<div class=${`field ${error ? "wrong" : ""} ${big ? "big" : ""}`}>
    <label for=${id}>${label}</label>
    <div class="field-line">
      <input id=${id} ref=${input} type=${type} value=${form.values[name]} autocapitalize="off" autocomplete="off" spellcheck=${false}
        aria-invalid=${error ? "true" : undefined} aria-describedby=${error || hint ? `${id}d` : undefined}
        onInput=${(event) => form.set(name, event.target.value)} ...${more} />${after}
    </div>
    ${error ? html`<p class="error" id=${`${id}d`} role="alert">${error}</p>` : hint && html`<p class="hint" id=${`${id}d`}>${hint}</p>`}
  </div>`;
}

/** Several lines of text. */
export function Area({ form, name, label, rows = 3, ...more }) {
  const id = useStableId();
  const error = form.errors[name];
  return html`<div class=${`field ${error ? "wrong" : ""}`}>
    <label for=${id}>${label}</label>
    <textarea id=${id} rows=${rows} value=${form.values[name]} aria-invalid=${error ? "true" : undefined}
      onInput=${(event) => form.set(name, event.target.value)} ...${more}></textarea>
    ${error && html`<p class="error" role="alert">${error}</p>`}
  </div>`;
}

/** One of a few: `options` are `[value, label, note?]`. */
export function Choice({ label, value, options, onChange, error }) {
  return html`<fieldset class="choice">
    <legend>${label}</legend>
    <div class="choices" role="radiogroup" aria-label=${label}>
      ${options.map(([of, text, note]) => html`<button type="button" role="radio" key=${of} class="option"
        aria-checked=${String(of === value)} onClick=${() => onChange(of)}><b>${text}</b>${note && html`<small>${note}</small>`}</button>`)}
    </div>
    ${error && html`<${Wrong}>${error}<//>`}
  </fieldset>`;
}

/** A box to tick, with a label that may hold links; one that is off says why in its label. */
export function Tick({ checked, onChange, children, label, off }) {
  return html`<div class=${`tick ${off ? "off" : ""}`}>
    <button type="button" role="checkbox" aria-checked=${String(!!checked)} aria-label=${label} class="tickbox" disabled=${off}
      onClick=${() => onChange(!checked)}>${checked && html`<${Icon} name="check" size=${16} />`}</button>
    <span class="tick-text" onClick=${(event) => off || event.target.closest("button") || onChange(!checked)}>${children}</span>
  </div>`;
}

/** On or off: a line with its label, a hint and the switch. */
export function Switch({ checked, onChange, label, hint }) {
  return html`<div class="switch-line"><span class="row-text" onClick=${() => onChange(!checked)}><b>${label}</b>${hint && html`<small>${hint}</small>`}</span>
    <button type="button" role="switch" class="switch" aria-checked=${String(!!checked)} aria-label=${label} onClick=${() => onChange(!checked)}><i></i></button></div>`;
}

/** A file or a photo to hand in. `value` is `{name, size, content}`. */
export function FileField({ label, hint, value, onChange, error, accept = "image/png,image/jpeg,application/pdf", sample, children }) {
  const id = useStableId();
  const chosen = async (event) => {
    const file = event.target.files[0];
    if (file) onChange(await readFile(file));
    event.target.value = "";
  };
  return html`<div class=${`field file ${error ? "wrong" : ""}`}>
    <span class="label" id=${`${id}l`}>${label}</span>
    <div class="field-line">
      <label class="filebox" for=${id}><${Icon} name=${value ? "tick" : "upload"} />
        <span>${value ? `${value.name} · ${Math.ceil(value.size / 1024)} kB` : _("Take a photo or choose a file")}</span>
        <input id=${id} type="file" accept=${accept} aria-labelledby=${`${id}l`} onChange=${chosen} /></label>
      ${sample && html`<${Button} kind="quiet small" onClick=${async () => onChange(await sample())}>${_("Sample")}<//>`}
    </div>
    ${error ? html`<p class="error" role="alert">${error}</p>` : hint && html`<p class="hint">${hint}</p>`}${children}
  </div>`;
}

/** A card; with `onClick` it is a button. */
export function Card({ title, children, onClick, ...more }) {
  const inside = html`${title && html`<h2>${title}</h2>`}${children}`;
  if (onClick) return html`<button type="button" class="card tappable" onClick=${onClick} ...${more}>${inside}</button>`;
  return html`<section class="card" ...${more}>${inside}</section>`;
}

/** A row of a list that leads somewhere. */
export function Row({ icon, title, note, value, onClick, href, tone, children, ...more }) {
  const inside = html`${icon && html`<span class="row-icon"><${Icon} name=${icon} /></span>`}
    <span class="row-text"><b>${title}</b>${note && html`<small>${note}</small>`}</span>
    ${value !== undefined && html`<span class=${`row-value ${tone ?? ""}`}>${value}</span>`}${children}
    ${(onClick || href) && html`<${Icon} name="next" size=${16} />`}`;
  if (href) return html`<a class="row" href=${href} ...${more}>${inside}</a>`;
  if (!onClick) return html`<div class="row" ...${more}>${inside}</div>`;
  return html`<button type="button" class="row" onClick=${onClick} ...${more}>${inside}</button>`;
}

/** A fact: its name and its value. */
export const Fact = ({ name, children }) => html`<div class="fact"><dt>${name}</dt><dd>${children}</dd></div>`;

/** A state, always a word; `tone` is good, wait, bad or still. */
export const Tag = ({ tone = "still", children }) => html`<span class=${`tag ${tone}`}>${children}</span>`;

const SIGNS = { bad: "warn", good: "tick", wait: "clock", note: "help" };

/** Something to know: `tone` note, good, wait or bad. */
export function Notice({ tone = "note", children, action }) {
  if (!children) return null;
  return html`<div class=${`notice ${tone}`} role=${tone === "bad" ? "alert" : "status"}>
    <${Icon} name=${SIGNS[tone] ?? "help"} size=${20} /><div>${children}${action}</div></div>`;
}

/** Nothing here: what would be, and how to make it. */
export const Empty = ({ icon = "box", title, children, action }) => html`<div class="empty">
  <${Icon} name=${icon} size=${44} /><b>${title}</b>${children && html`<p>${children}</p>`}${action}</div>`;

/** What `useAsk` gave, in its three states; `children` is a function of the value. */
export function Loaded({ of, children }) {
  if (of.value !== undefined) return children(of.value);
  if (of.error) {
    return html`<div class="empty"><${Icon} name="warn" size=${44} /><b>${of.error.title}</b>
      <${Button} onClick=${of.reload}>${_("Try again")}<//></div>`;
  }
  return html`<div class="loading" role="status"><span class="spinner"></span>${_("Loading…")}</div>`;
}

/** A sheet from below. Escape, the shade and the cross close it; the focus stays inside and comes back. */
export function Sheet({ title, onClose, children, foot, wide, tall }) {
  const box = useRef(null);
  const id = useStableId();
  // Before it is seen: a key that is pressed at once belongs to it already.
  useLayoutEffect(() => {
    const root = box.current.getRootNode();
    const before = root.activeElement;
    (box.current.querySelector("[autofocus], input, textarea") ?? box.current).focus({ preventScroll: true });
    return () => before?.focus?.({ preventScroll: true });
  }, []);
  const onKeyDown = (event) => {
    if (event.key === "Escape" && onClose) {
      event.stopPropagation();
      onClose();
    }
    if (event.key !== "Tab") return;
    const all = [...box.current.querySelectorAll("button:not(:disabled), input, textarea, a[href]")];
    const at = all.indexOf(box.current.getRootNode().activeElement);
    const last = event.shiftKey ? 0 : all.length - 1;
    if (at === last || at < 0) {
      event.preventDefault();
      all[event.shiftKey ? all.length - 1 : 0]?.focus();
    }
  };
  return html`<div class="shade" onClick=${(event) => event.target === event.currentTarget && onClose?.()}>
    <div class=${`sheet ${wide ? "is-wide" : ""} ${tall ? "is-tall" : ""}`} role="dialog" aria-modal="true" aria-labelledby=${id} tabindex="-1" ref=${box} onKeyDown=${onKeyDown}>
      <header><h2 id=${id}>${title}</h2>${onClose && html`<button type="button" class="bare" aria-label=${_("Close")} onClick=${onClose}><${Icon} name="close" /></button>`}</header>
      <div class="sheet-body">${children}</div>${foot && html`<footer>${foot}</footer>`}
    </div></div>`;
}
