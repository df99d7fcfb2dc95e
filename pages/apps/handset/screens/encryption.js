// The encryption certificate of a pair: whether its key is on this phone, and how it comes (back) here.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { day } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Choice, Fact, Loaded, Notice, Sheet, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { takeShare } from "../keys/encryption.js";
import { Digits } from "../keypad.js";
import { OpenFile } from "./envelope.js";
import { PIN_LOCKED, Unlocking } from "./unlocking.js";

const WHY = ["phone_lost", "pin_forgotten", "phone_changed", "key_damaged"];
const OPEN = ["in_review", "approved"];

/** What stands beside a signing certificate: the other one of its pair. */
export function EncryptionKey({ signing, pair, onChange }) {
  const recoveries = useAsk("issuing.my_recoveries");
  const [asking, setAsking] = useState(false);
  return html`<${Loaded} of=${pair}>${(both) => {
    const one = both.find((each) => each.usage === "encryption");
    if (!one) return html`<${Missing} signing=${signing} onChange=${onChange} />`;
    const recovery = (recoveries.value ?? []).find((each) => each.certificate_id === one.id && OPEN.includes(each.status));
    const divided = (recoveries.value ?? []).some((each) => each.certificate_id === one.id && each.status === "divided");
    const ended = ["revoked", "active"].includes(one.status) && signing.delegated_by === null;
    return html`<${Card} title=${_("Encryption certificate")}><dl>
        <${Fact} name=${_("Where it stands")}><${Tag} tone=${one.status === "issued" ? "wait" : toneOf(one.status)}>${one.status === "issued" ? _("Its key is not on this phone yet") : ofCode(`certificate.status.${one.status}`)}<//><//>
        <${Fact} name=${_("Valid")}>${_("{from} to {until}", { from: day(one.not_before), until: day(one.not_after) })}<//>
        <${Fact} name=${_("Serial number")}><span class="mono">${one.serial_hex}</span><//>
      </dl>
      ${one.status === "issued" && html`<p class="hint">${_("The pair is complete once this phone holds its part of the encryption key. Signing in and signing work before that.")}</p>`}
      <${Taking} one=${one} signing=${signing} recoveries=${recoveries} onChange=${onChange} />
      <${OpenFile} one=${one} />
      ${recovery ? html`<${Recovering} recovery=${recovery} onChange=${() => { recoveries.reload(); onChange(); }} />`
        : ended && !divided && html`<${Button} kind="wide" onClick=${() => setAsking(true)}>${_("Recover the encryption key")}<//>`}<//>
      ${asking && html`<${Asking} id=${one.id} onClose=${() => { setAsking(false); recoveries.reload(); }} />`}`;
  }}<//>`;
}

/** What the phone has to take: the first time, and after a recovery. */
function Taking({ one, signing, recoveries, onChange }) {
  const { keys, toast } = useApp();
  const [pin, setPin] = useState("");
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState("");
  const [locked, setLocked] = useState(false);
  const [busy, deed] = useDeed((refusal) => { setPin(""); setProblem(refusal.title); setLocked(refusal.code === PIN_LOCKED); });
  const close = () => { setOpen(false); setPin(""); setProblem(""); setLocked(false); };
  const divided = (recoveries.value ?? []).find((each) => each.certificate_id === one.id && each.status === "divided");
  const opensWith = divided?.opens_with ?? signing.id;
  const rules = useAsk("issuing.pin_rules", { certificate_id: opensWith }, { skip: !open });
  const digits = rules.value?.digits;
  useEffect(() => {
    if (!digits || pin.length !== digits) return;
    deed(async () => {
      await takeShare(keys, one.id, opensWith, pin);
      close();
      toast(_("The encryption key is on this phone: the pair is complete."));
      recoveries.reload();
      onChange();
    });
  }, [pin, digits]);
  if (!divided && !(one.status === "issued" && signing.status === "active")) return null;
  return html`<${Button} kind="wide" onClick=${() => setOpen(true)}>${_("Take the encryption key")}<//>
    ${open && html`<${Sheet} title=${_("Take the encryption key")} onClose=${close}>
      ${locked ? html`<${Unlocking} id=${opensWith} />`
        : html`<p class="lead center">${_("Enter the certificate PIN: the key is kept under it on this phone.")}</p>
          <${Loaded} of=${rules}>${() => html`<${Digits} label=${_("Certificate PIN")} secret length=${digits} value=${pin} onChange=${(typed) => { setProblem(""); setPin(typed); }} error=${problem} busy=${busy} />`}<//>`}<//>`}`;
}

function Missing({ signing, onChange }) {
  const { toast } = useApp();
  const [busy, deed] = useDeed();
  if (signing.status !== "active" || signing.delegated_by || signing.product === "event") return null;
  const ask = () => deed(async (act) => {
    await act("issuing.ask_encryption_key", { certificate_id: signing.id });
    toast(_("The encryption certificate has been asked for again."));
    onChange();
  });
  return html`<${Card} title=${_("Encryption certificate")}><p class="hint">${_("The encryption certificate of this pair is not there yet.")}</p>
    <${Button} kind="wide" busy=${busy} onClick=${ask}>${_("Ask for it again")}<//><//>`;
}

function Recovering({ recovery, onChange }) {
  const { toast } = useApp();
  const [busy, deed] = useDeed();
  const withdraw = () => deed(async (act) => {
    await act("issuing.withdraw_recovery", { recovery_id: recovery.id });
    toast(_("The request has been taken back."));
    onChange();
  });
  return html`<${Notice}>${_("Recovery of the key: {status}", { status: ofCode(`key_recovery.status.${recovery.status}`) })}<//>
    ${recovery.status === "in_review" && html`<${Button} kind="wide" busy=${busy} onClick=${withdraw}>${_("Take the request back")}<//>`}`;
}

function Asking({ id, onClose }) {
  const { toast } = useApp();
  const [why, setWhy] = useState("");
  const [busy, deed] = useDeed();
  const ask = () => deed(async (act) => {
    await act("issuing.ask_recovery", { certificate_id: id, why });
    toast(_("Asked for. Two people at the CA decide."));
    onClose();
  });
  return html`<${Sheet} title=${_("Recover the encryption key?")} onClose=${onClose} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!why} onClick=${ask}>${_("Ask for the recovery")}<//>`}>
    <${Notice}>${_("Two people at the CA have to approve. The key then comes onto this phone, and the one that was given out before no longer works. A signing key is never recovered.")}<//>
    <${Choice} label=${_("Why it is recovered")} value=${why} options=${WHY.map((one) => [one, ofCode(`key_recovery.why.${one}`)])} onChange=${setWhy} /><//>`;
}
