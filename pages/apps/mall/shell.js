// What stands around every screen: the strip, the platform's bar, the menu on the left, the foot.
import { html, useState } from "../vendor/htm-preact.js";
import { useAsk, useDeed } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Tag } from "../common/kit.js";
import { _, both, language, speak } from "../common/texts.js";
import { Go, LANGUAGE, sideOf, userCentre, useMall } from "./links.js";
import { screenOf } from "./screens.js";

const menuFor = (account) => [
  { path: "/workbench", icon: "apps", label: _("Workbench") },
  {
    label: _("Procurement"),
    entries: [
      { path: "/orders", icon: "order", label: _("Purchase orders") },
      ...(account.role === "purchaser"
        ? [{ path: "/orders/new", icon: "plus", label: _("Place a purchase order") }]
        : []),
    ],
  },
  { label: _("Contracts"), entries: [{ path: "/contracts", icon: "certificate", label: _("Contract signing") }] },
  { label: _("Files"), entries: [{ path: "/files", icon: "shield", label: _("File encryption and decryption") }] },
  {
    label: _("User information"),
    entries: [
      { path: "/user", icon: "person", label: userCentre(account) },
      { path: "/account", icon: "shield", label: _("Account security") },
    ],
  },
  { path: "/notice", icon: "help", label: _("Before you apply") },
];

function Entry({ entry }) {
  const { at } = useMall();
  const inside = entry.path === "/user" && at.path === "/binding";
  const here = at.path === entry.path || inside || (entry.path === "/contracts" && at.path.startsWith("/contracts/"));
  return html`<${Go} to=${entry.path} class=${`menu-entry ${here ? "is-here" : ""}`}
    aria-current=${here ? "page" : undefined}><${Icon} name=${entry.icon} size=${18} />${entry.label}<//>`;
}

function Menu({ account }) {
  const [open, setOpen] = useState(false);
  return html`<nav class=${`menu ${open ? "is-open" : ""}`} aria-label=${_("Menu")}>
    <button type="button" class="menu-toggle" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>
      <${Icon} name="apps" size=${18} /> ${_("Menu")}
    </button>
    <div class="menu-list" onClick=${() => setOpen(false)}>
      ${menuFor(account).map((one) =>
        one.entries
          ? html`<div class="menu-group"><h3>${one.label}</h3>
              ${one.entries.map((entry) => html`<${Entry} entry=${entry} />`)}</div>`
          : html`<${Entry} entry=${one} />`,
      )}
    </div>
  </nav>`;
}

function switchLanguage() {
  const chosen = language() === "en" ? "zh_CN" : "en";
  localStorage.setItem(LANGUAGE, chosen);
  speak(chosen);
}

function Strip() {
  const { platform, account, who, go, toast } = useMall();
  const [busy, deed] = useDeed();
  const leave = () =>
    deed(async (act) => {
      await act("mall.sign_out");
      await who();
      toast(_("You are signed out."));
      go("/");
    });
  const profile = useAsk("mall.profile", {}, { skip: !account });
  return html`<div class="strip">
    <span class="strip-hello">${account
      ? html`<b>${profile.value?.enterprise}</b><${Tag}>${sideOf(account.role)}<//><span>${account.login}</span>`
      : html`<span>${_("Welcome to {platform}", { platform: both(platform.label) })}</span>`}</span>
    <span class="strip-ends">
      ${account && html`<button type="button" class="link" disabled=${busy} onClick=${leave}>${_("Sign out")}</button>`}
      <button type="button" class="link" onClick=${switchLanguage}>
        ${language() === "en" ? "中文" : "English"}
      </button>
    </span>
  </div>`;
}

function Bar() {
  const { platform, account } = useMall();
  const [mark] = platform.label.zh.replace(/^新疆/, "");
  return html`<header class="bar">
    <${Go} to=${account ? "/workbench" : "/"} class="bar-name">
      <span class="bar-mark" aria-hidden="true">${mark}</span>
      <span><b>${both(platform.label)}</b><small>${_("Electronic procurement")}</small></span>
    <//>
    <span class="bar-region"><${Icon} name="globe" size=${15} />${both(platform.region)}</span>
    ${!account && html`<span class="bar-ends">
      <${Go} to="/notice" class="bar-link">${_("Before you apply")}<//>
      <${Go} to="/join" class="bar-link">${_("Onboard")}<//>
      <${Go} to="/sign-in" class="bar-link is-boxed">${_("Sign in")}<//>
    </span>`}
  </header>`;
}

function Foot() {
  const { platform } = useMall();
  const help = useAsk("messaging.help");
  return html`<footer class="foot">
    <span>${both(platform.label)} · ${_("A simulated trading platform")}</span>
    ${help.value && html`<span>${_("Biaozhengtong hotline: {number}", { number: help.value.hotline })}
      · ${help.value.open_now ? _("open now") : _("closed now")}</span>`}
  </footer>`;
}

/** The whole page around the screen that the address names. */
export function Shell() {
  const { platform, account, at, told } = useMall();
  if (platform.missing) return html`<main class="screen"><h1>${_("There is no such trading platform.")}</h1></main>`;
  if (account === undefined) return html`<div aria-busy="true"></div>`;
  const { Screen, wide } = screenOf(at, account);
  const menu = account && !wide;
  return html`<${Strip} /><${Bar} />
    <div class=${`page ${menu ? "has-menu" : ""}`}>
      ${menu && html`<${Menu} account=${account} />`}
      <main class="screen"><${Screen} key=${at.path} /></main>
    </div>
    <${Foot} />
    ${told.text && html`<div class=${`toast ${told.tone}`} role=${told.tone === "bad" ? "alert" : "status"}>${told.text}</div>`}`;
}
