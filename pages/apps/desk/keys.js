// The desk's keyboard: a key presses the button that the page has drawn for it, and nothing else.
//
// A key belongs to the case that was on the screen when it was pressed. While the page is still being drawn keys
// wait their turn; those meant for a case that has gone in the meantime are dropped, and so are acts on a case
// that has only just come up: a key pressed twice must never decide a case that nobody has read.
const READ_MS = 400;
const WAIT_MS = 8000;

// Other keys that mean the same.
const ALSO = { arrowright: "]", arrowleft: "[", arrowdown: "j", arrowup: "k", "=": "+", f1: "?" };

const state = { data: null, shown: "", since: 0, last: 0, begun: "", awaited: "", waiting: [], ticking: false };

const busy = () => document.querySelector("[data-testid=stApp]")?.dataset.testScriptState !== "notRunning";
const typing = (element) =>
  element instanceof HTMLElement &&
  (element.isContentEditable ||
    element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [role=combobox], [role=listbox], [role=textbox]"));
const dialog = () => document.querySelector("[role=dialog]");
const pressed = (name) => {
  const place = document.querySelector(`.st-key-${CSS.escape(name)}`);
  return place?.querySelector("input[type=checkbox]:not([disabled])") ?? place?.querySelector("button:not([disabled])");
};

/** What a key does without asking the server: papers, the queue, and going to a field. */
const LOCAL = {
  paper: (by) => document.dispatchEvent(new CustomEvent("desk-paper", { detail: by })),
  row: (by) => {
    const rows = [...document.querySelectorAll(".desk-row")];
    const here = rows.findIndex((row) => row.getAttribute("aria-current") === "true");
    const next = rows[Math.min(rows.length - 1, Math.max(0, here + Number(by)))];
    if (next && next !== rows[here]) next.click();
  },
  wide: () => document.documentElement.classList.toggle("desk-wide"),
  focus: (name) => {
    const field = document.querySelector(`.st-key-${CSS.escape(name)}`)?.querySelector("input, textarea");
    field?.focus();
    field?.select?.();
  },
};

function carryOut(entry) {
  const { binding, shown, at } = entry;
  if (shown !== state.data?.case) return;
  if (binding.act && at - state.since < READ_MS) return;
  if (binding.local) {
    LOCAL[binding.local](binding.value);
    return;
  }
  const button = pressed(binding.press);
  if (!button) {
    // Bound, and not drawn yet: a moment later it is.
    if (performance.now() - at < WAIT_MS) state.waiting.unshift(entry);
    return;
  }
  // The next key waits for the page that this one brings: only that one knows what it means.
  state.awaited = state.data.draw;
  button.click();
}

function work() {
  const drawing = busy() || state.awaited === state.data?.draw;
  if (drawing && performance.now() - (state.waiting[0]?.at ?? state.last) < WAIT_MS) {
    setTimeout(work, 25);
    return;
  }
  const entry = state.waiting.shift();
  if (!entry) {
    state.ticking = false;
    return;
  }
  state.last = performance.now();
  state.awaited = "";
  // The page may have been drawn since: what the key means is looked up as late as it can be.
  const binding = state.data?.bindings[entry.key];
  if (binding) carryOut({ ...entry, binding });
  setTimeout(work, 40);
}

function onKey(event) {
  if (!state.data || event.isComposing || event.keyCode === 229) return;
  if (typing(event.target)) {
    // Out of the field, back to the keys; what was typed stays.
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || dialog()) return;
  const lower = event.key.toLowerCase();
  const key = state.data.bindings[lower] ? lower : (ALSO[lower] ?? lower);
  const binding = state.data.bindings[key];
  const plain = key.length === 1 && key !== " ";
  // What comes after a key that is still being carried out may have a meaning only then.
  const later = state.ticking && (binding || plain);
  // A bare letter is the desk's alone: the page around it would run or clear itself by it.
  if (binding || plain) event.stopPropagation();
  if (!binding && !later) return;
  event.preventDefault();
  if (event.repeat && !binding?.repeats) return;
  if (binding?.local && !later) {
    LOCAL[binding.local](binding.value);
    return;
  }
  state.waiting.push({ key, shown: state.data.case, at: performance.now() });
  if (!state.ticking) {
    state.ticking = true;
    work();
  }
}

/** A PDF that was clicked keeps the keys to itself; the desk takes them back. */
function onBlur() {
  setTimeout(() => {
    if (document.activeElement?.tagName !== "IFRAME") return;
    document.activeElement.blur();
    window.focus();
  }, 150);
}

/** Listen for `data = {case, draw, bindings}`; called at every draw. Answers how to stop. */
export function listen(data) {
  if (data.case !== state.shown) {
    state.shown = data.case;
    state.since = performance.now();
  }
  // The same listener twice is one.
  document.addEventListener("keydown", onKey, true);
  window.addEventListener("blur", onBlur);
  const begin = data.begin ? `${data.case}/${data.begin.panel}` : "";
  if (begin && begin !== state.begun) LOCAL.focus(data.begin.field);
  state.begun = begin;
  state.data = data;
  document.documentElement.dataset.deskKeys = data.case || "none";
  return () => {
    document.removeEventListener("keydown", onKey, true);
    window.removeEventListener("blur", onBlur);
    delete document.documentElement.dataset.deskKeys;
    state.data = null;
  };
}
