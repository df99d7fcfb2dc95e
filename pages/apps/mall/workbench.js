// 工作台: what the account can do here, and the way to trading with the step that comes next.
import { html } from "../vendor/htm-preact.js";
import { useAsk } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Loaded, Notice, Tag } from "../common/kit.js";
import { Paused } from "../common/paused.js";
import { _, ofCode } from "../common/texts.js";
import { bindLabel, Go, sideOf, userCentre, useMall } from "./links.js";

// The engine's names of screens at the PC → this page's addresses.
const PLACES = {
  "mall/contracts": "/contracts", "mall/procurement": "/orders", "mall/user-information": "/user",
  "mall/user-center": "/user", "mall/binding": "/binding", "mall/password": "/account",
  "mall/onboard": "/join", "mall/files": "/files",
};
const ICONS = {
  contracts: "certificate", files: "shield", procurement: "order", user_information: "idcard", user_center: "person",
  personal_center: "person", binding_by_scan: "scan", supplier_binding: "scan", password: "shield",
};

const labelOf = (entry, account) =>
  ({
    contracts: _("Contract signing"), files: _("File encryption and decryption"), procurement: _("Purchase orders"), user_information: _("User information"),
    user_center: userCentre(account), personal_center: userCentre(account), binding_by_scan: bindLabel(account),
    supplier_binding: bindLabel(account), password: _("Account security"),
  })[entry.code] ?? ofCode(entry.code);

const steps = () => ({
  onboard: [_("Onboard"), _("The enterprise has its account here.")],
  apply: [_("Order the certificate"), _("On the phone: certificates, enterprise certificate, this platform.")],
  download: [_("Download the certificate"), _("On the phone, after both reviews: my orders, download, set the PIN.")],
  bind: [_("Bind the certificate"), _("Here: show the QR code and scan it with the phone.")],
  scan_login: [_("Sign in by scan"), _("Sign out and in again with the phone.")],
});

/** The way to a step: a link where it is taken here, words where it is taken on the phone. */
function Way({ link }) {
  if (PLACES[link]) return html`<${Go} to=${PLACES[link]} class="way-link">${_("Do it now")}<//>`;
  if (!link.startsWith("handset/")) return null;
  return html`<span class="way-phone"><${Icon} name="phone" size=${16} />${_("Do it on the phone")}</span>`;
}

function Entry({ entry, account }) {
  const label = labelOf(entry, account);
  const inside = html`<${Icon} name=${ICONS[entry.code] ?? "apps"} size=${28} /><b>${label}</b>`;
  if (entry.enabled) return html`<${Go} to=${PLACES[entry.link] ?? "/workbench"} class="entry" data-entry=${entry.code}>${inside}<//>`;
  const [title] = steps()[entry.step] ?? [ofCode(entry.reason)];
  return html`<div class="entry is-closed" data-entry=${entry.code} aria-disabled="true">${inside}
    <small>${_("Missing: {step}", { step: title })}</small>
    <${Way} link=${entry.fix} />
  </div>`;
}

function Progress({ found }) {
  const next = found.steps.find((step) => !step.done);
  return html`<section class="card">
    <div class="card-head"><h2>${_("The way to trading")}</h2>
      ${!next && html`<${Tag} tone="good">${_("Complete")}<//>`}</div>
    <ol class="progress">${found.steps.map((step) => {
      const [title, text] = steps()[step.code] ?? [ofCode(step.code), ""];
      const state = step.done ? "is-done" : step === next ? "is-next" : "";
      return html`<li class=${state} data-step=${step.code}>
        <i aria-hidden="true">${step.done ? "✓" : ""}</i>
        <b>${title} <span class="unseen">${step.done ? _("done") : _("not done")}</span></b><span>${text}</span>
        ${step === next && html`<${Way} link=${step.link} />`}
      </li>`;
    })}</ol>
  </section>`;
}

/** The page. */
export function Workbench() {
  const { account } = useMall();
  const found = useAsk("home.workbench");
  return html`<div class="head"><h1>${_("Workbench")}</h1><${Tag}>${sideOf(account.role)}<//></div>
    <${Loaded} of=${found}>${(value) => html`
      ${value.entries.some((entry) => !entry.enabled) && html`<${Notice} tone="wait">
        ${_("Contracts and procurement open once an active certificate is bound to this account.")}<//>`}
      ${value.waiting.map((one) => html`<${Paused} key=${one.order_id} one=${one} />`)}
      <div class="entries">${value.entries.map((entry) => html`<${Entry} key=${entry.code} entry=${entry} account=${account} />`)}</div>
      <${Progress} found=${value} />`}<//>`;
}
