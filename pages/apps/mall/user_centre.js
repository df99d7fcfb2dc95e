// 用户信息 → 用户中心: who the account is, and the way to binding in its place for each side.
import { html, useState } from "../vendor/htm-preact.js";
import { moment } from "../common/format.js";
import { useAsk } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Fact, Loaded, Tag } from "../common/kit.js";
import { _, both } from "../common/texts.js";
import { bindLabel, Go, sideOf, userCentre, useMall } from "./links.js";

/** The purchaser's right side bar; it can be folded away and comes back unfolded. */
function SideBar({ bound }) {
  const { account } = useMall();
  const [open, setOpen] = useState(true);
  return html`<aside class=${`side ${open ? "is-open" : ""}`} aria-label=${_("Side bar")}>
    <button type="button" class="side-toggle" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>
      <${Icon} name=${open ? "next" : "back"} size=${16} /><span>${open ? _("Fold") : _("Unfold")}</span>
    </button>
    ${open && html`<div class="side-list">
      <${Go} to="/binding" class="side-entry is-first"><${Icon} name="scan" size=${20} />${bindLabel(account)}
        <small>${bound ? _("Bound") : _("Not bound")}</small><//>
      <${Go} to="/account" class="side-entry"><${Icon} name="shield" size=${20} />${_("Account security")}<//>
      <${Go} to="/notice" class="side-entry"><${Icon} name="help" size=${20} />${_("Before you apply")}<//>
    </div>`}
  </aside>`;
}

function Facts({ profile }) {
  return html`<dl class="facts">
    <${Fact} name=${_("Enterprise")}>${profile.enterprise}<//>
    <${Fact} name=${_("Unified social credit code")}><span class="mono">${profile.uscc}</span><//>
    <${Fact} name=${_("Trading platform")}>${both(profile.platform)}<//>
    <${Fact} name=${_("Side")}>${sideOf(profile.role)}<//>
    <${Fact} name=${_("Login")}>${profile.login}<//>
    <${Fact} name=${_("Contact person")}>${profile.person} · ${profile.phone}<//>
    <${Fact} name=${_("Onboarded")}>${moment(profile.created_at)}<//>
  </dl>`;
}

/** The page. */
export function UserCentre() {
  const { account } = useMall();
  const profile = useAsk("mall.profile");
  const binding = useAsk("binding.mine");
  const bound = binding.value;
  const supplier = account.role === "supplier";
  return html`<p class="crumbs">${_("User information")} / ${userCentre(account)}</p>
    <div class=${supplier ? "flow" : "with-side"}>
      <div class="flow">
        <h1>${userCentre(account)}</h1>
        <section class="card">
          <h2>${_("User information")}</h2>
          <${Loaded} of=${profile}>${(value) => html`<${Facts} profile=${value} />`}<//>
        </section>
        <section class="card">
          <div class="card-head"><h2>${_("Mobile certificate")}</h2>
            ${!binding.loading && html`<${Tag} tone=${bound ? "good" : "wait"}>${bound ? _("Bound") : _("Not bound")}<//>`}</div>
          <p>${bound
            ? _("Bound since {time}. The account can be signed in to, and contracts signed, by scan.", { time: moment(bound.bound_at) })
            : _("Once a certificate is bound to this account, its holder signs in and signs contracts by scan.")}</p>
          ${supplier
            ? html`<p><${Go} to="/binding" class="button primary"><${Icon} name="scan" size=${18} />${bindLabel(account)}<//></p>`
            : html`<p class="quiet">${_("The entry is in the side bar on the right: {entry}.", { entry: bindLabel(account) })}</p>`}
        </section>
      </div>
      ${!supplier && html`<${SideBar} bound=${Boolean(bound)} />`}
    </div>`;
}
