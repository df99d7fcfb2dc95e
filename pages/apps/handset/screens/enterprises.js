// 我的企业: what one belongs to, claims under way, invitations, and joining another.
import { html, useState } from "../../vendor/htm-preact.js";
import { day } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Area, Button, Card, Empty, Fact, Field, Loaded, Notice, Row, Sheet, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { FormProblem } from "./code.js";

/** The list. */
export function Enterprises() {
  const { go } = useApp();
  const me = useAsk("registration.me");
  const mine = useAsk("registration.my_enterprises");
  const claims = useAsk("registration.my_claims");
  const invitations = useAsk("registration.my_invitations");
  const asked = useAsk("registration.authorizations_asked", {}, { skip: !me.value?.real_named });
  const transfers = useAsk("registration.my_transfers");
  const applied = useAsk("registration.my_applications");
  const open = (claims.value ?? []).filter((one) => one.status !== "approved");
  const waiting = (invitations.value ?? []).filter((one) => one.status === "open").length + (transfers.value ?? []).length + (asked.value ?? []).length;
  const closed = me.value && !me.value.real_named;
  return html`<${Screen} title=${_("My enterprises")} foot=${html`<${Button} kind="primary" onClick=${() => go(closed ? "real-name" : "claim")}>${closed ? _("Verify your real name first") : _("Claim an enterprise")}<//>${!closed && html`<${Button} onClick=${() => go("join")}>${_("Join one that is here")}<//>`}`}>
    ${waiting > 0 && html`<div class="card list"><${Row} icon="bell" title=${_("Waiting for your answer")} note=${_("Invitations, authorizations and transfers")} value=${String(waiting)} onClick=${() => go("invitations")} /></div>`}
    <${Loaded} of=${mine}>${(all) => all.length ? html`<div class="card list">${all.map((one) => html`<${Row} key=${one.membership_id} icon="enterprise" title=${one.enterprise.name} note=${one.enterprise.uscc} onClick=${() => go(`enterprises/${one.enterprise.id}`)}>
        <${Tag}>${ofCode(`member.role.${one.role}`)}<//><//>`)}</div>` : !open.length && html`<${Empty} icon="enterprise" title=${_("No enterprise yet")}>${_("Claim the one you work for with its papers, or join one that is here already.")}<//>`}<//>
    ${applied.value?.length > 0 && html`<h2 class="section">${_("Applied to join")}</h2><div class="card list">${applied.value.map((one) => html`<${Row} key=${one.id} icon="enterprise" title=${one.enterprise} note=${day(one.created_at)}><${Tag} tone=${toneOf(one.status)}>${ofCode(`invitation.status.${one.status}`)}<//><//>`)}</div>`}
    ${open.length > 0 && html`<h2 class="section">${_("My claims")}</h2><div class="card list">${open.map((one) => html`<${Row} key=${one.id} icon="order" title=${one.name} note=${day(one.created_at)} onClick=${() => go(`claims/${one.id}`)}>
        <${Tag} tone=${toneOf(shown(one.status))}>${ofCode(`enterprise_claim.status.${shown(one.status)}`)}<//><//>`)}</div>`}
  <//>`;
}

/** Two reviews, one label. */
export const shown = (status) => (status === "in_second_review" ? "in_review" : status);

/** One enterprise: what one may do in it. */
export function Enterprise({ id }) {
  const app = useApp();
  const mine = useAsk("registration.my_enterprises");
  const changes = useAsk("registration.my_changes", { enterprise_id: id });
  const members = useAsk("registration.members", { enterprise_id: id });
  const alone = members.value?.length === 1 && members.value[0].role === "administrator";
  const [leaving, setLeaving] = useState(false);
  const [busy, deed] = useDeed();
  const leave = () => deed(async (act) => {
    await act(alone ? "registration.close_enterprise" : "registration.leave_enterprise", { enterprise_id: id });
    app.toast(alone ? _("The enterprise has been closed.") : _("You have left the enterprise."));
    app.router.reset("enterprise");
  });
  const to = (path) => () => app.go(path);
  return html`<${Screen} title=${_("Enterprise")}>
    <${Loaded} of=${mine}>${(all) => {
      const one = all.find((found) => found.enterprise.id === id);
      if (!one) return html`<${Empty} icon="enterprise" title=${_("You do not belong to this enterprise.")} />`;
      const admin = one.role === "administrator";
      return html`<${Card} title=${one.enterprise.name}><dl><${Fact} name=${_("Unified social credit code")}><span class="mono">${one.enterprise.uscc}</span><//>
          <${Fact} name=${_("Class")}>${ofCode(`entity_class.${one.enterprise.entity_class}`)}<//><${Fact} name=${_("My role")}>${ofCode(`member.role.${one.role}`)}<//></dl><//>
        <div class="card list"><${Row} icon="person" title=${_("Members")} note=${admin ? _("Invite, roles, transfer") : undefined} onClick=${to(`members/${id}`)} />
          <${Row} icon="zone" title=${_("Onboard at a platform")} onClick=${to(`onboard/${id}`)} /><${Row} icon="certificate" title=${_("Apply for a certificate")} onClick=${to(`apply/${id}`)} />
          ${admin && html`<${Row} icon="person" title=${_("Delegation")} note=${_("Certificates that members hold")} onClick=${to(`delegations/${id}`)} />`}
          <${Row} icon="seal" title=${_("Seals")} onClick=${to(`seals/${id}`)} />${admin && html`<${Row} icon="order" title=${_("Change of particulars")} value=${changes.value?.some((change) => change.status === "in_review") ? _("In review") : ""} onClick=${to(`change/${id}`)} />`}</div>
        <${Button} kind="danger wide" onClick=${() => setLeaving(true)}>${alone ? _("Close the enterprise") : _("Leave the enterprise")}<//>`;
    }}<//>
    ${leaving && html`<${Sheet} title=${alone ? _("Close the enterprise?") : _("Leave the enterprise?")} onClose=${() => setLeaving(false)} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${leave}>${alone ? _("Close the enterprise") : _("Leave")}<//>`}><p>${alone ? _("Nobody else belongs to it. Its certificates are revoked, its seals deleted and its accounts at platforms closed; what was signed stays valid. It can be claimed again.") : _("You can no longer act for it. An administrator can invite you again.")}</p><//>`}
  <//>`;
}

/** Apply to join one that is on the platform. */
export function Join() {
  const app = useApp();
  const form = useForm("join", { text: "", note: "" });
  const [chosen, setChosen] = useState(null);
  const wanted = form.values.text.trim();
  const found = useAsk("registration.find_enterprises", { text: wanted }, { skip: wanted.length < 2 });
  const [busy, deed] = useDeed(form.refuse);
  const send = () => deed(async (act) => {
    await act("registration.apply_to_join", { enterprise_id: chosen.id, note: form.values.note });
    form.done();
    app.toast(_("Applied. An administrator of the enterprise will answer."));
    app.router.back();
  });
  return html`<${Screen} title=${_("Join an enterprise")}>
    <${Field} form=${form} name="text" label=${_("Name or credit code")} type="search" hint=${_("At least two characters. With a QR invitation, use the scan instead.")} />
    ${wanted.length >= 2 && html`<${Loaded} of=${found}>${(all) => all.length ? html`<div class="card list">${all.map((one) => html`<${Row} key=${one.id} icon="enterprise" title=${one.name} note=${one.uscc} onClick=${() => setChosen(one)} />`)}</div>`
      : html`<${Empty} icon="search" title=${_("Not found here")} action=${html`<${Button} onClick=${() => app.go("claim")}>${_("Claim an enterprise")}<//>`}>${_("It may not have been claimed yet.")}<//>`}<//>`}
    ${chosen && html`<${Sheet} title=${chosen.name} onClose=${() => setChosen(null)} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${send}>${_("Apply to join")}<//>`}>
      <${FormProblem} form=${form} /><${Area} form=${form} name="note" label=${_("A word to the administrator")} maxlength="200" /><${Notice}>${_("The administrator sees your name and number masked.")}<//><//>`}
  <//>`;
}
