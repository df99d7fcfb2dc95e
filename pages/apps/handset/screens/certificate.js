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

const DAYS_TO_RENEW = 90;
const DAY_MS = 86_400_000;

/** The screen of one certificate. */
export function Certificate({ id }) {
  const app = useApp();
  const found = useAsk("issuing.certificate", { certificate_id: id });
  const pair = useAsk("issuing.pair", { pair_id: id });
  const platforms = useAsk("mall.platforms");
  const [open, setOpen] = useState("");
  const reload = () => { found.reload(); pair.reload(); };
  const close = () => { setOpen(""); reload(); };
  if (open === "download" && found.value) return html`<${Download} certificate=${found.value} onBack=${close} onDone=${close} />`;
  return html`<${Screen} title=${_("Certificate")} foot=${html`<${Foot} one=${found.value} onOpen=${setOpen} />`}>
    <${Loaded} of=${found}>${(one) => html`
      ${one.status === "suspended" && html`<${Notice} tone="bad">${one.held_by === "holder" ? _("You put this certificate on hold. Nothing can be done with it until you resume it.") : _("The CA put this certificate on hold. Call customer service to have it resumed.")}<//>`}
      <${Particulars} one=${one} platform=${both(platforms.value?.[one.platform_id]?.label)} />
      <${EncryptionKey} signing=${one} pair=${pair} onChange=${reload} />
      <${Doings} one=${one} onOpen=${setOpen} />`}<//>
    ${open === "suspend" && html`<${Suspending} id=${id} onClose=${close} />`}
    ${open === "resume" && html`<${Resuming} id=${id} onClose=${close} onProve=${() => app.go("real-name")} />`}
    ${open === "revoke" && html`<${Revoking} id=${id} onClose=${close} />`}
  <//>`;
}

const statusOf = (one) => (one.status !== "revoked" && one.not_after <= worldNow() ? "expired" : one.status);

function Foot({ one, onOpen }) {
  const { go } = useApp();
  if (one?.status === "issued") return html`<${Button} kind="primary" onClick=${() => onOpen("download")}>${_("Take it into use")}<//>`;
  if (one?.status === "active") return html`<${Button} kind="primary" onClick=${() => go("scan")}>${_("Scan")}<//>`;
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

function Doings({ one, onOpen }) {
  const { go } = useApp();
  const rows = [];
  const add = (icon, title, note, onClick) => rows.push(html`<${Row} key=${title} icon=${icon} title=${title} note=${note} onClick=${onClick} />`);
  if (one.replaced_by) add("certificate", _("The certificate that took its place"), "", () => go(`certificates/${one.replaced_by}`));
  const own = !one.delegated_by && one.product !== "event";
  if (one.status === "active") {
    if (own && one.not_after - worldNow() <= DAYS_TO_RENEW * DAY_MS) add("clock", _("Renew"), _("The days that are left are added to the new term."), () => go(`apply/renewal/${one.id}`));
    add("shield", _("Change the certificate PIN"), "", () => go(`pin/${one.id}`));
    if (own && one.product === "enterprise") add("person", _("Delegate to a member"), _("The member downloads it and sets a PIN of their own."), () => go(`apply/delegation/${one.id}`));
    add("warn", _("Hold the certificate"), _("Until you resume it, nothing can be done with it."), () => onOpen("suspend"));
  }
  if (one.status === "suspended" && one.held_by === "holder") add("check", _("Resume"), _("After proving your real name again."), () => onOpen("resume"));
  if (own && ["active", "suspended"].includes(one.status)) add("certificate", _("Replace"), _("The phone is lost or the PIN forgotten."), () => go(`apply/replacement/${one.id}`));
  const ends = ["active", "issued", "suspended"].includes(one.status);
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
  const chosen = reason || reasons.value?.[0];
  const revoke = () => deed(async (act) => {
    await act("issuing.revoke", { certificate_id: id, reason: chosen });
    toast(_("The certificate has been revoked."));
    onClose();
  });
  return html`<${Sheet} title=${_("Revoke the certificate?")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!chosen} onClick=${revoke}>${_("Revoke for good")}<//>`}>
    <${Notice} tone="bad">${_("It cannot be taken back: bindings with it end, and nothing can be signed with it any more.")}<//>
    <${Notice}>${_("Files that were encrypted for it open again only after two people at the CA have approved the recovery of its key. A replacement keeps them open.")}<//>
    <${Loaded} of=${reasons}>${(all) => html`<${Choice} label=${_("Why")} value=${chosen} options=${all.map((one) => [one, ofCode(`revocation.${one}`)])} onChange=${setReason} />`}<//><//>`;
}
