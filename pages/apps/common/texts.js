// Texts: English message ids in the code, the reader's language from the server's catalogue.
import { ENGLISH } from "./codes_en.js";

// What a code begins with and a reader need not be told: where it belongs.
const PREFIX = /^.*\b(?:status|role|verdict|report|kind|service|category|way|authority|reverse_payment|revocation|entity_class|reason|consequence|blocker)\./;

let spoken = "zh_CN";
let catalogue = {};
const listeners = new Set();
const known = new Map();

/** The language now: `zh_CN` or `en`. */
export const language = () => spoken;

/** Load a language and tell every mounted page. English needs no catalogue beyond its codes. */
export async function speak(wanted) {
  const chosen = String(wanted || "").toLowerCase().startsWith("en") ? "en" : "zh_CN";
  if (!known.has(chosen)) {
    // Beside these files: under the name of the release, which a browser keeps.
    const answer = await fetch(new URL(`../texts/${chosen}.json`, import.meta.url), { credentials: "same-origin" });
    if (answer.ok) known.set(chosen, await answer.json());
  }
  catalogue = known.get(chosen) ?? {};
  spoken = chosen;
  for (const tell of listeners) tell(chosen);
}

/** Call `tell` whenever the language changes; what it returns ends that. */
export function onLanguage(tell) {
  listeners.add(tell);
  return () => listeners.delete(tell);
}

function filled(text, params) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** A message in the reader's language. */
export const _ = (id, params = {}) => filled(catalogue[id] || id, params);

/** A coded text (a status, a fact, a message); English reads the code itself. */
export function ofCode(code, params = {}) {
  if (!code) return "";
  const known = catalogue[code] ?? (spoken === "en" ? ENGLISH[code] : undefined);
  if (known) return filled(known, params ?? {});
  const told = code.replace(PREFIX, "").replace(/[._]/g, " ");
  const read = told.charAt(0).toUpperCase() + told.slice(1);
  return catalogue[read] ?? read;
}

/** A text of the settings, `{zh, en}`, in the reader's language. */
export const both = (text) => (text ? (spoken === "en" ? text.en : text.zh) : "");
