// Members of an enterprise: roles, invitations by phone and QR, who asks to join, and the transfer.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, moment } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Choice, Empty, Fact, Field, Loaded, Notice, Row, Sheet, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { FormProblem } from "./code.js";

const roles = (withAdmin = false) => [...(withAdmin ? ["administrator"] : []), "handler", "seal_user"].map((role) => [role, ofCode(`member.role.${role}`), ABOUT[role]()]);
const ABOUT = {
  administrator: () => _("Members, seals, particulars"),
  handler: () => _("Certificates, orders, contracts"),
  seal_user: () => _("Signs with a seal"),
};

/** The members of one enterprise; without `id` the first of one's own. */
export function Members({ id }) {
  const mine = useAsk("registration.my_enterprises");
  return html`<${Loaded} of=${mine}>${(all) => {
    const one = all.find((found) => found.enterprise.id === id) ?? all[0];
    return one ? html`<${Team} key=${one.enterprise.id} own=${one} />` : html`<${Screen} title=${_("Members")}><${Empty} icon="enterprise" title=${_("No enterprise yet")} /><//>`;
  }}<//>`;
}

function Team({ own }) {
  const id = own.enterprise.id;
  const admin = own.role === "administrator";
  const found = useAsk("registration.members", { enterprise_id: id });
  const requests = useAsk("registration.join_requests", { enterprise_id: id }, { skip: !admin });
  const sent = useAsk("registration.invitations", { enterprise_id: id }, { skip: !admin });
  const [busy, deed] = useDeed();
  const takeBack = (one) => deed(async (act) => {
    await act("registration.cancel_invitation", { invitation_id: one.id });
    sent.reload();
  });
  const [member, setMember] = useState(null);
  const [inviting, setInviting] = useState(false);
  const [request, setRequest] = useState(null);
  const reload = () => { found.reload(); requests.reload(); setMember(null); setRequest(null); };
  return html`<${Screen} title=${_("Members")} foot=${admin && html`<${Button} kind="primary" onClick=${() => setInviting(true)}>${_("Invite")}<//>`}>
    <p class="lead">${own.enterprise.name}</p>
    ${requests.value?.length > 0 && html`<h2 class="section">${_("Want to join")}</h2><div class="card list">${requests.value.map((one) => html`<${Row} key=${one.invitation_id} icon="person" title=${one.name} note=${`${one.phone} ${one.note}`} onClick=${() => setRequest(one)} />`)}</div>`}
    <${Loaded} of=${found}>${(all) => html`<div class="card list">${all.map((one) => html`<${Row} key=${one.membership_id} icon="person" title=${one.me ? _("{name} (me)", { name: one.name }) : one.name} note=${_("{phone} · since {day}", { phone: one.phone, day: day(one.created_at) })}
      onClick=${admin && !one.me ? () => setMember(one) : undefined}><${Tag}>${ofCode(`member.role.${one.role}`)}<//><//>`)}</div>`}<//>
    ${sent.value?.length > 0 && html`<h2 class="section">${_("Invited")}</h2><div class="card list">${sent.value.map((one) => html`<${Row} key=${one.id} icon=${one.way === "qr" ? "scan" : "phone"} title=${one.phone || _("QR invitation")} note=${_("{role} · until {time}", { role: ofCode(`member.role.${one.role}`), time: moment(one.expires_at) })}>
      <${Button} kind="small" busy=${busy} onClick=${() => takeBack(one)}>${_("Take back")}<//><//>`)}</div>`}
    ${inviting && html`<${Invite} id=${id} onClose=${() => { setInviting(false); sent.reload(); }} />`}
    ${member && html`<${MemberSheet} one=${member} id=${id} onClose=${() => setMember(null)} onDone=${reload} />`}
    ${request && html`<${RequestSheet} one=${request} onClose=${() => setRequest(null)} onDone=${reload} />`}
  <//>`;
}

function Invite({ id, onClose }) {
  const app = useApp();
  const form = useForm(`invite-${id}`, { phone: "", role: "handler" });
  const [opened, setOpened] = useState(null);
  const [busy, deed] = useDeed(form.refuse);
  const byPhone = () => deed(async (act) => {
    await act("registration.invite_by_phone", { enterprise_id: id, phone: form.values.phone, role: form.values.role });
    form.done();
    app.toast(_("Invited."));
    onClose();
  });
  const byQr = () => deed(async (act) => setOpened(await act("registration.open_invitation", { enterprise_id: id, role: form.values.role })));
  if (opened) {
    return html`<${Sheet} title=${_("QR invitation")} onClose=${onClose}><p class="lead center">${_("The new member scans this with the app. It holds until {time}.", { time: moment(opened.invitation.expires_at) })}</p>
      ${opened.qr_png && html`<img class="qr" alt=${_("QR code of the invitation")} src=${`data:image/png;base64,${opened.qr_png}`} data-yx-qr="" />`}<//>`;
  }
  return html`<${Sheet} title=${_("Invite a member")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${byPhone}>${_("Invite by phone number")}<//><${Button} disabled=${busy} onClick=${byQr}>${_("Show a QR code instead")}<//>`}>
    <${FormProblem} form=${form} /><${Choice} label=${_("Role")} value=${form.values.role} options=${roles()} onChange=${(role) => form.set("role", role)} error=${form.errors.role} />
    <${Field} form=${form} name="phone" label=${_("Phone number")} type="tel" inputmode="numeric" maxlength="13" /><//>`;
}

function MemberSheet({ one, id, onClose, onDone }) {
  const app = useApp();
  const [role, setRole] = useState(one.role);
  const [busy, deed] = useDeed();
  const run = (name, given, told) => deed(async (act) => {
    await act(name, given);
    app.toast(told);
    onDone();
  });
  const transfer = () => run("registration.offer_transfer", { enterprise_id: id, membership_id: one.membership_id }, _("Offered. It moves once they accept."));
  const remove = () => run("registration.remove_member", { membership_id: one.membership_id }, _("Removed."));
  const change = () => run("registration.change_role", { membership_id: one.membership_id, role }, _("The role has been changed."));
  return html`<${Sheet} title=${one.name} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${role === one.role} onClick=${change}>${_("Change the role")}<//>`}>
    <${Choice} label=${_("Role")} value=${role} options=${roles(true)} onChange=${setRole} />
    <div class="buttons"><${Button} disabled=${busy} onClick=${transfer}>${_("Hand the administrator's role over")}<//><${Button} kind="danger" disabled=${busy} onClick=${remove}>${_("Remove from the enterprise")}<//></div><//>`;
}

function RequestSheet({ one, onClose, onDone }) {
  const [role, setRole] = useState("handler");
  const [busy, deed] = useDeed();
  const decide = (accept) => deed(async (act) => {
    await act("registration.decide_join", { invitation_id: one.invitation_id, accept, role });
    onDone();
  });
  return html`<${Sheet} title=${_("Wants to join")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${() => decide(true)}>${_("Accept")}<//><${Button} disabled=${busy} onClick=${() => decide(false)}>${_("Decline")}<//>`}>
    <dl><${Fact} name=${_("Name")}>${one.name}<//><${Fact} name=${_("Phone number")}>${one.phone}<//>${one.note && html`<${Fact} name=${_("A word")}>${one.note}<//>`}</dl>
    <${Choice} label=${_("Role")} value=${role} options=${roles()} onChange=${setRole} /><//>`;
}

/** What waits for this person's answer: invitations, offers of the administrator's role, authorizations. */
export function Invitations() {
  const app = useApp();
  const invitations = useAsk("registration.my_invitations");
  const transfers = useAsk("registration.my_transfers");
  const asked = useAsk("registration.authorizations_asked");
  const [busy, deed] = useDeed();
  const run = (name, given) => deed(async (act) => {
    await act(name, given);
    app.toast(_("Answered."));
    [invitations, transfers, asked].forEach((one) => one.reload());
  });
  const open = (invitations.value ?? []).filter((one) => one.status === "open");
  const nothing = !open.length && !transfers.value?.length && !asked.value?.length;
  return html`<${Screen} title=${_("Waiting for your answer")}>
    <${Loaded} of=${invitations}>${() => html`
      ${open.map((one) => html`<${Card} key=${one.id} title=${one.enterprise}><p class="lead">${_("You are invited as {role}, until {time}.", { role: ofCode(`member.role.${one.role}`), time: moment(one.expires_at) })}</p>
        <div class="buttons"><${Button} busy=${busy} onClick=${() => run("registration.accept_invitation", { invitation_id: one.id })}>${_("Accept")}<//><${Button} disabled=${busy} onClick=${() => run("registration.decline_invitation", { invitation_id: one.id })}>${_("Decline")}<//></div><//>`)}
      ${(transfers.value ?? []).map((one) => html`<${Card} key=${one.transfer_id} title=${one.enterprise}><p class="lead">${one.incoming ? _("{name} offers you the administrator's role, until {time}.", { name: one.other, time: moment(one.expires_at) }) : _("Offered to {name}, until {time}.", { name: one.other, time: moment(one.expires_at) })}</p>
        ${one.incoming && html`<div class="buttons"><${Button} busy=${busy} onClick=${() => run("registration.answer_transfer", { transfer_id: one.transfer_id, accept: true })}>${_("Accept")}<//><${Button} disabled=${busy} onClick=${() => run("registration.answer_transfer", { transfer_id: one.transfer_id, accept: false })}>${_("Decline")}<//></div>`}<//>`)}
      ${(asked.value ?? []).map((one) => html`<${Card} key=${one.claim_id} title=${one.enterprise}><${Notice}>${_("{name} wants to act for this enterprise, of which you are the legal representative.", { name: one.claimant })}<//>
        <dl><${Fact} name=${_("Unified social credit code")}><span class="mono">${one.uscc}</span><//></dl><${Button} busy=${busy} onClick=${() => run("registration.authorize_claim", { claim_id: one.claim_id })}>${_("Authorize")}<//><//>`)}
      ${nothing && html`<${Empty} icon="bell" title=${_("Nothing waits for you")}>${_("Invitations to enterprises and offers of the administrator's role appear here.")}<//>`}`}<//>
  <//>`;
}
