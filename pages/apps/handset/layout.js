// A screen: title bar, what scrolls, and the one primary button at thumb height.
import { html, useEffect, useRef } from "../vendor/htm-preact.js";
import { useApp } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { _ } from "../common/texts.js";

/** One screen. `foot` holds the primary action; `tab` is the bottom tab it belongs to, `back` false on those. */
export function Screen({ title, foot, tab, back = !tab, right, children, onBack }) {
  const app = useApp();
  const heading = useRef(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), [app.path]);
  return html`<main class="screen" key=${app.path}>
    <div class="titlebar">
      ${back ? html`<button type="button" class="bare" aria-label=${_("Back")} onClick=${onBack ?? (() => app.router.back())}><${Icon} name="back" /></button>` : html`<span class="bare"></span>`}
      <h1 tabindex="-1" ref=${heading}>${title}</h1>
      <span class="bare right">${right}</span>
    </div>
    <div class="body">${children}</div>
    ${foot && html`<div class="foot">${foot}</div>`}
    ${tab && html`<${Tabs} current=${tab} />`}
  </main>`;
}

function Tabs({ current }) {
  const { router, unread } = useApp();
  const tabs = [
    ["home", "home", _("Home"), 0],
    ["messages", "bell", _("Messages"), unread],
    ["account", "person", _("Mine"), 0],
  ];
  return html`<nav class="tabs" aria-label=${_("Main areas")}>
    ${tabs.map(([path, icon, label, count]) => html`<button type="button" key=${path} aria-current=${path === current ? "page" : undefined}
      onClick=${() => path !== current && router.reset(path)}>
      <span class="tab-icon"><${Icon} name=${icon} />${count > 0 && html`<i class="badge"><span class="hidden">${_("{count} unread", { count })}</span><span aria-hidden="true">${count > 99 ? "99+" : count}</span></i>`}</span>
      ${label}</button>`)}
  </nav>`;
}

/** The end of a way: what was reached, and where to go now. */
export function Done({ title, children, foot, tone = "good" }) {
  return html`<div class=${`done ${tone}`} role="status"><${Icon} name=${tone === "good" ? "tick" : tone === "bad" ? "warn" : "clock"} size=${64} />
    <h2>${title}</h2>${children && html`<div>${children}</div>`}${foot}</div>`;
}

/** Short news at the foot of the screen. */
export function Toasts({ all }) {
  return html`<div class="toasts" aria-live="polite">${all.map((toast) => html`<div class=${`toast ${toast.tone}`} key=${toast.id}>
    <${Icon} name=${toast.tone === "bad" ? "warn" : "tick"} size=${20} /><span>${toast.text}</span></div>`)}</div>`;
}
