// One certificate: its pair, where it stands, and what can be done with it: hold, resume, revoke, replace, recover.
import { html, useState } from "../../vendor/htm-preact.js";
import { day, moment, worldNow } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Choice, Fact, Loaded, Notice, Row, Sheet, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { Download } from "./download.js";
import { EncryptionKey } from "./encryption.js";
import { OnlyWith } from "./files.js";
import { ReceiptsRow } from "./receipts.js";
import { proveFor } from "./returning.js";
import { Unlocking } from "./unlocking.js";

const DAYS_TO_RENEW = 90;
const DAY_MS = 86_400_000;

/** Whole days until an end, 0 once it is there. */
const daysTo = (end) => Math.max(0, Math.ceil((end - worldNow()) / DAY_MS));

/** A person's own or an enterprise's: what was delegated and what was for one act is not followed by another. */
const renewable = (one) => !one.delegated_by && one.product !== "event";

const endsSoon = (one) => renewable(one) && one.status === "active" && one.not_after > worldNow() && daysTo(one.not_after) <= DAYS_TO_RENEW;

/** Whether the enterprise's particulars have changed since: the certificate may be changed then. */
const outdated = (one, changes) => renewable(one) && !one.replaced_by && one.not_after > worldNow() && (one.status === "active" || (one.status === "revoked" && one.revocation_reason === "affiliationChanged"))
  && (changes ?? []).some((change) => change.status === "approved" && change.decided_at > one.not_before);

/** The screen of one certificate. */
export function Certificate({ id }) {
  const app = useApp();
  const found = useAsk("issuing.certificate", { certificate_id: id });
  const pair = useAsk("issuing.pair", { pair_id: id });
  const platforms = useAsk("mall.platforms");
  const one = found.value;
  const rules = useAsk("issuing.pin_rules", { certificate_id: id }, { skip: one?.status !== "active" });
  const changes = useAsk("registration.my_changes", { enterprise_id: one?.enterprise_id ?? "" }, { skip: !one?.enterprise_id || one.delegated_by !== null });
  const changed = one && outdated(one, changes.value);
  const [open, setOpen] = useState("");
  const reload = () => { found.reload(); pair.reload(); };
  const close = () => { setOpen(""); reload(); };
  if (open === "download" && one) return html`<${Download} certificate=${one} onBack=${close} onDone=${close} />`;
  return html`<${Screen} title=${_("Certificate")} foot=${one && footOf(one, changed, setOpen, app.go)}>
    <${Loaded} of=${found}>${() => html`
      ${endsSoon(one) && html`<${Notice} tone="wait">${_("It ends in {days} days, on {day}. Renew it in time: the days that are left are not lost.", { days: daysTo(one.not_after), day: day(one.not_after) })}<//>`}
      ${changed && html`<${Notice} tone="wait">${_("Your enterprise's particulars have changed since it was issued. A change gives you a certificate that names them.")}<//>`}
      ${rules.value?.locked && html`<${Unlocking} id=${id} />`}
      ${one.status === "suspended" && html`<${Notice} tone="bad">${one.held_by === "holder" ? _("You put this certificate on hold. Nothing can be done with it until you resume it.") : _("The CA put this certificate on hold. Call customer service to have it resumed.")}<//>`}
      <${Particulars} one=${one} platform=${both(platforms.value?.[one.platform_id]?.label)} />
      <${EncryptionKey} signing=${one} pair=${pair} onChange=${reload} />
      <${ReceiptsRow} id=${one.id} />
      <${Doings} one=${one} changed=${changed} onOpen=${setOpen} />`}<//>
    ${open === "suspend" && html`<${Suspending} id=${id} onClose=${close} />`}
    ${open === "resume" && html`<${Resuming} id=${id} onClose=${close} onProve=${() => proveFor(app, `certificates/${id}`)} />`}
    ${open === "revoke" && html`<${Revoking} id=${id} onClose=${close} />`}
  <//>`;
}

const statusOf = (one) => (one.status !== "revoked" && one.not_after <= worldNow() ? "expired" : one.status);

/** The one primary act, or nothing. */
function footOf(one, changed, onOpen, go) {
  if (changed && one.status === "revoked") return html`<${Button} kind="primary" onClick=${() => go(`apply/change/${one.id}`)}>${_("Change the certificate")}<//>`;
  if (endsSoon(one)) return html`<${Button} kind="primary" onClick=${() => go(`apply/renewal/${one.id}`)}>${_("Renew")}<//>`;
  if (one.status === "issued") return html`<${Button} kind="primary" onClick=${() => onOpen("download")}>${_("Take it into use")}<//>`;
  if (statusOf(one) === "active") return html`<${Button} kind="primary" onClick=${() => go("scan")}>${_("Scan")}<//>`;
  return null;
}

function Particulars({ one, platform }) {
  const status = statusOf(one);
  return html`<${Card} title=${platform}><dl>
    <${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(status)}>${ofCode(`certificate.status.${status}`)}<//><//>
    <${Fact} name=${_("Kind of certificate")}>${ofCode(`certificate.product.${one.product}`)} · ${ofCode(`certificate.kind.${one.kind}`)}<//>
    ${one.delegated_by && html`<${Fact} name=${_("Held by")}>${_("Delegated to you by the enterprise's administrator")}<//>`}
    <${Fact} name=${_("Valid")}>${_("{from} to {until}", { from: day(one.not_before), until: day(one.not_after) })}<//>
    <${Fact} name=${_("Serial number")}><span class="mono">${one.serial_hex}</span><//>
    ${one.activated_at && html`<${Fact} name=${_("In use since")}>${moment(one.activated_at)}<//>`}
    ${one.status === "suspended" && html`<${Fact} name=${_("On hold since")}>${moment(one.revoked_at)}<//>`}
    ${one.status === "revoked" && html`<${Fact} name=${_("Revoked")}>${moment(one.revoked_at)}<//><${Fact} name=${_("Why")}>${ofCode(`revocation.${one.revocation_reason}`)}<//>`}
  </dl><//>`;
}

function Doings({ one, changed, onOpen }) {
  const { go } = useApp();
  const rows = [];
  const add = (icon, title, note, onClick) => rows.push(html`<${Row} key=${title} icon=${icon} title=${title} note=${note} onClick=${onClick} />`);
  if (one.replaced_by) add("certificate", _("The certificate that took its place"), "", () => go(`certificates/${one.replaced_by}`));
  const own = renewable(one);
  const status = statusOf(one);
  if (status === "active") {
    if (endsSoon(one)) add("scan", _("Scan"), "", () => go("scan"));
    if (changed) add("order", _("Change the certificate"), _("To one that names what your enterprise is called now."), () => go(`apply/change/${one.id}`));
    add("shield", _("Change the certificate PIN"), "", () => go(`pin/${one.id}`));
    if (own && one.product === "enterprise") add("person", _("Delegate to a member"), _("The member downloads it and sets a PIN of their own."), () => go(`apply/delegation/${one.id}`));
    if (own && one.product === "individual") add("seal", _("My personal seals"), _("Seals of your own, used with this certificate."), () => go("seals/mine"));
    if (own && one.product === "enterprise") add("person", _("Delegated certificates"), _("Who holds one, and taking it back."), () => go(`delegations/${one.enterprise_id}`));
    add("warn", _("Hold the certificate"), _("Until you resume it, nothing can be done with it."), () => onOpen("suspend"));
  }
  if (one.status === "suspended" && one.held_by === "holder") add("check", _("Resume"), _("After proving your real name again."), () => onOpen("resume"));
  if (own && ["active", "suspended"].includes(status)) add("certificate", _("Replace"), _("The phone is lost or the PIN forgotten."), () => go(`apply/replacement/${one.id}`));
  const ends = ["active", "issued", "suspended"].includes(status);
  return html`${rows.length > 0 && html`<div class="card list">${rows}</div>`}
    ${ends && html`<${Button} kind="danger wide" onClick=${() => onOpen("revoke")}>${_("Revoke")}<//>`}`;
}

function Suspending({ id, onClose }) {
  const { toast } = useApp();
  const [busy, deed] = useDeed();
  const suspend = () => deed(async (act) => {
    await act("issuing.suspend", { certificate_id: id });
    toast(_("The certificate is on hold."));
    onClose();
  });
  return html`<${Sheet} title=${_("Put the certificate on hold?")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${suspend}>${_("Hold the certificate")}<//>`}>
    <${Notice}>${_("Nobody can sign in or sign with it from now on. You can resume it after proving your real name again.")}<//><//>`;
}

function Resuming({ id, onClose, onProve }) {
  const { toast } = useApp();
  const [stale, setStale] = useState(false);
  const [busy, deed] = useDeed((refusal) => refusal.code === "issuing.name_not_proved_anew" && setStale(true));
  const resume = () => deed(async (act) => {
    await act("issuing.resume", { certificate_id: id });
    toast(_("The certificate can be used again."));
    onClose();
  });
  const button = stale
    ? html`<${Button} kind="primary" onClick=${onProve}>${_("Prove my real name")}<//>`
    : html`<${Button} kind="primary" busy=${busy} onClick=${resume}>${_("Resume")}<//>`;
  return html`<${Sheet} title=${_("Resume the certificate?")} onClose=${onClose} foot=${button}>
    <${Notice}>${stale ? _("Prove your real name again, then come back here within ten minutes.") : _("It takes a fresh proof of your real name, so that nobody else lifts your hold.")}<//><//>`;
}

function Revoking({ id, onClose }) {
  const { toast } = useApp();
  const reasons = useAsk("issuing.revocation_reasons");
  const [reason, setReason] = useState("");
  const [busy, deed] = useDeed();
  const revoke = () => deed(async (act) => {
    await act("issuing.revoke", { certificate_id: id, reason });
    toast(_("The certificate has been revoked."));
    onClose();
  });
  return html`<${Sheet} title=${_("Revoke the certificate?")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!reason} onClick=${revoke}>${_("Revoke for good")}<//>`}>
    <${Notice} tone="bad">${_("It cannot be taken back: bindings with it end, and nothing can be signed with it any more.")}<//>
    <${Notice}>${_("Files that were encrypted for it open again only after two people at the CA have approved the recovery of its key. A replacement keeps them open.")}<//>
    <${OnlyWith} id=${id} />
    <${Loaded} of=${reasons}>${(all) => html`<${Choice} label=${_("Why")} value=${reason} options=${all.map((one) => [one, ofCode(`revocation.${one}`)])} onChange=${setReason} />`}<//><//>`;
}
