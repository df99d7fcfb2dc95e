// What was scanned: what it is, where and for whom; the certificate, 证书密码, and what came of it.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useApp, useAsk, useCountdown, useDeed } from "../../common/hooks.js";
import { Button, Card, Empty, Fact, Loaded, Notice, Sheet } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { Digits } from "../keypad.js";
import { Done, Screen } from "../layout.js";
import { EntityForm, useEntity } from "./entity.js";
import { ABOUT_FILES, FileFacts, NoKeyHere, useOpener } from "./files.js";
import { JoinByQr } from "./joining.js";
import { OtherPhone, ToSign } from "./signing.js";
import { PIN_LOCKED, Unlocking } from "./unlocking.js";

const held = new Map();

/** Keep what was scanned until it is answered. It lives in this page alone. */
export const keepTicket = (place, ticket) => held.set(place, ticket);

const TITLES = { bind: () => _("Bind by scan"), login: () => _("Sign in by scan"), sign: () => _("Sign by scan"), make_file: () => _("File made by scan"), decrypt: () => _("Decryption by scan"), join: () => _("Join an enterprise") };
const DONE = { bind: () => _("Binding succeeded"), login: () => _("Signed in on the PC"), sign: () => _("Signed"), make_file: () => _("The file is signed; the PC encrypts it now"), decrypt: () => _("Opened on the PC") };
const REFUSED = { bind: () => _("Not bound"), login: () => _("Not signed in"), sign: () => _("Not signed"), make_file: () => _("Not signed"), decrypt: () => _("Not opened") };
const PIN_DIGITS = 6;
const NUMBER_DIGITS = 2;

/** The scanned ticket, or one that was sent to this phone, by its id. */
export function Ticket({ id }) {
  const { place, router } = useApp();
  const before = held.get(place);
  const scanned = before && (before.id ?? "invitation") === (id || before.id) ? before : undefined;
  const awaited = !scanned && id.startsWith("tkt_");
  const sent = useAsk("signing.sent_to_me", {}, { skip: !awaited });
  const waiting = sent.value?.find((one) => one.id === id);
  const [kept, setKept] = useState(null);
  // What is answered is no longer among what was sent; its outcome still has to be told.
  useEffect(() => {
    if (waiting) setKept(waiting);
  }, [waiting?.id]);
  const ticket = scanned ?? waiting ?? kept;
  if (!ticket && awaited && sent.loading) return html`<${Screen} title=${_("Sign by scan")}><${Loaded} of=${sent}>${() => null}<//><//>`;
  if (!ticket && awaited) return html`<${Screen} title=${_("Sign by scan")}><${Empty} icon="clock" title=${_("This is over")} action=${html`<${Button} onClick=${() => router.reset("home")}>${_("To the home screen")}<//>`}>${_("What is sent to a phone is valid for 3 minutes. Have it sent once more from the PC.")}<//><//>`;
  if (!ticket) return html`<${Screen} title=${_("Scan")}><${Empty} icon="scan" title=${_("Nothing scanned")} action=${html`<${Button} onClick=${() => router.replace("scan")}>${_("Scan")}<//>`} /><//>`;
  if (ticket.purpose === "join") return html`<${JoinByQr} ticket=${ticket} forget=${() => held.delete(place)} />`;
  return html`<${Answer} ticket=${ticket} />`;
}

/** One scan from its first screen to its last: the registration where it is asked for, the PIN, the outcome. */
function Answer({ ticket }) {
  const app = useApp();
  const leave = () => { held.delete(app.place); app.router.reset("home"); };
  const asked = useAsk("binding.entity_form", { ticket_id: ticket.id }, { skip: ticket.purpose !== "bind" });
  const form = useEntity(asked.value);
  const [filled, setFilled] = useState(false);
  const [outcome, setOutcome] = useState(null);
  const platforms = useAsk("mall.platforms");
  const platform = both(platforms.value?.[ticket.platform_id]?.label);
  if (outcome?.binding) return html`<${Awaited} binding=${outcome.binding} platform=${platform} leave=${leave} />`;
  if (outcome) {
    const good = outcome.tone === "good";
    return html`<${Ended} title=${TITLES[ticket.purpose]()} tone=${good ? "good" : "wait"} said=${good ? DONE[ticket.purpose]() : REFUSED[ticket.purpose]()} leave=${leave}><p>${platform}</p><//>`;
  }
  if (ticket.purpose === "bind" && !asked.value) return html`<${Screen} title=${_("Entity registration")} onBack=${leave}><${Loaded} of=${asked}>${() => null}<//><//>`;
  if (asked.value?.fields.length && !filled) return html`<${EntityForm} asked=${asked.value} form=${form} leave=${leave} go=${() => setFilled(true)} />`;
  const particulars = asked.value?.fields.length ? form.values : {};
  const refill = (refusal) => {
    if (!asked.value?.fields.some((one) => one.code === refusal.field)) return false;
    form.refuse(refusal);
    setFilled(false);
    return true;
  };
  return html`<${Confirm} ticket=${ticket} platform=${platform} platforms=${platforms.value} particulars=${particulars} refill=${refill} leave=${leave} ended=${setOutcome} />`;
}

function Ended({ title, tone, said, leave, children }) {
  return html`<${Screen} title=${title} back=${false} foot=${html`<${Button} kind="primary" onClick=${leave}>${_("Done")}<//>`}>
    <${Done} tone=${tone} title=${said}>${children}<//><//>`;
}

/** A binding that may still be in review: the screen changes by itself when staff have decided. */
function Awaited({ binding, platform, leave }) {
  const newest = useAsk("binding.on_phone", { binding_id: binding.id });
  const shown = newest.value ?? binding;
  const title = _("Bind by scan");
  if (shown.status === "bound") return html`<${Ended} title=${title} tone="good" said=${DONE.bind()} leave=${leave}><p>${platform}</p><//>`;
  if (shown.status === "in_review") return html`<${Ended} title=${title} tone="wait" said=${_("Submitted, in review")} leave=${leave}><p>${_("The platform looks at the particulars. You are told here and by message as soon as the account is bound.")}</p><//>`;
  return html`<${Ended} title=${title} tone="bad" said=${shown.status === "rejected" ? _("Not accepted") : REFUSED.bind()} leave=${leave}>
    ${(shown.reasons ?? []).map((one) => html`<p key=${one.en}>${both(one)}</p>`)}
    ${shown.status === "rejected" && html`<p>${_("Scan the code on the PC once more to correct it.")}</p>`}<//>`;
}

const fits = (ticket, one) => (ticket.purpose === "decrypt" ? one.id === ticket.opensWith : isOfKind(ticket, one));
const isOfKind = (ticket, one) => (ticket.purpose !== "sign" || one.id === ticket.payload?.certificate) && one.status === "active" && (one.usage ?? "signing") === "signing" && (ticket.kind === "national" ? one.kind === "national" : one.kind === "platform" && one.platform_id === ticket.platform_id);

/** Which digits are being entered: none, the two of the PC, or the PIN; and what was said of them. */
function useEntering(wantsNumber, length, confirm) {
  const [step, setStep] = useState("");
  const [number, setNumber] = useState("");
  const [pin, setPin] = useState("");
  const [problem, setProblem] = useState("");
  const [locked, setLocked] = useState(false);
  const begin = () => { setProblem(""); setStep(wantsNumber && number.length < NUMBER_DIGITS ? "number" : "pin"); };
  const enterNumber = (digits) => {
    setProblem("");
    setNumber(digits);
    if (digits.length === NUMBER_DIGITS) setStep("pin");
  };
  const enterPin = (digits) => {
    setProblem("");
    setPin(digits);
    if (digits.length === length) confirm(digits, number);
  };
  const close = () => { setStep(""); setPin(""); setProblem(""); };
  const refused = (refusal) => {
    setPin("");
    if (refusal.code === PIN_LOCKED) {
      setLocked(true);
      setStep("");
      return;
    }
    setProblem(refusal.title);
    if (refusal.field === "number") setNumber("");
    setStep(refusal.field === "number" && refusal.code !== "scanning.number_spent" ? "number" : refusal.field === "pin" ? "pin" : "");
  };
  return { step, number, pin, length, problem, locked, begin, enterNumber, enterPin, close, refused };
}

function Confirm({ ticket, platform, platforms, particulars, refill, leave, ended }) {
  const app = useApp();
  const me = useAsk("registration.me");
  const certificates = useAsk("issuing.mine");
  const asked = useAsk("scanning.asked", { ticket_id: ticket.id });
  const [chosen, setChosen] = useState("");
  const opensWith = useOpener(ticket);
  const usable = (certificates.value ?? []).filter((one) => fits({ ...ticket, opensWith }, one));
  const own = usable.find((one) => one.id === (ticket.payload?.certificate || chosen)) ?? usable[0];
  const rules = useAsk("issuing.pin_rules", { certificate_id: own?.id ?? "" }, { skip: !own });
  const left = useCountdown(ticket.expires_at);
  const [busy, deed] = useDeed((refusal) => refill(refusal) || entering.refused(refusal));
  const confirm = (pin, number) => deed(async () => {
    const done = await app.keys.confirm({ ticket, certificateId: own.id, pin, number, particulars });
    ended(ticket.purpose === "bind" ? { binding: done } : { tone: "good" });
  });
  const entering = useEntering(Boolean(asked.value?.step_up.length), rules.value?.digits ?? PIN_DIGITS, confirm);
  const refuse = () => deed(async (act) => {
    await act("handset.refuse", { ticket_id: ticket.id });
    ended({ tone: "refused" });
  });
  const locked = entering.locked || rules.value?.locked;
  const over = left === 0 || ["cancelled", "refused", "expired"].includes(asked.value?.status);
  return html`<${Screen} title=${TITLES[ticket.purpose]?.() ?? _("Scan")} onBack=${leave} foot=${over ? html`<${Button} kind="primary" onClick=${() => app.router.replace("scan")}>${_("Scan again")}<//>`
      : html`<${Button} kind="primary" busy=${busy && !entering.step} disabled=${!own || !asked.value || locked} onClick=${entering.begin}>${_("Confirm with the certificate PIN")}<//><${Button} disabled=${busy} onClick=${refuse}>${_("This was not me")}<//>`}>
    ${asked.value?.second_scans > 0 && html`<${Notice} tone="bad">${_("Another phone has tried to scan the same code and was refused.")}<//>`}
    <${What} ticket=${ticket} platform=${platform} me=${me.value} />
    ${ticket.purpose === "sign" && html`<${ToSign} ticket=${ticket} />`}
    ${ABOUT_FILES.includes(ticket.purpose) && html`<${FileFacts} ticket=${ticket} />`}
    <${Where} asked=${asked.value} />
    <p class="hint center" aria-live="off">${over ? _("This QR code has expired. Scan a new one.") : _("Valid for {seconds} s", { seconds: left })}</p>
    ${locked && own && html`<${Unlocking} id=${own.id} />`}
    ${entering.problem && !entering.step && html`<${Notice} tone="bad">${entering.problem}<//>`}
    <h2 class="section">${_("With this certificate")}</h2>
    <${Loaded} of=${certificates}>${() => html`<${Choose} ticket=${ticket} usable=${usable} own=${own} choose=${setChosen} platforms=${platforms} others=${certificates.value} />`}<//>
    <${Entering} entering=${entering} busy=${busy} />
  <//>`;
}

function Choose({ ticket, usable, own, choose, platforms, others }) {
  const app = useApp();
  if (usable.length) {
    return html`<div role="radiogroup" aria-label=${_("Certificate")}>${usable.map((one) => html`<button type="button" role="radio" key=${one.id} class="pick" aria-checked=${String(one === own)} onClick=${() => choose(one.id)}>
        <span class="row-text"><b>${both(platforms?.[one.platform_id]?.label)}</b><small>${_("{kind} · until {day}", { kind: ofCode(`certificate.kind.${one.kind}`), day: moment(one.not_after) })}</small></span></button>`)}</div>`;
  }
  if (ticket.purpose === "sign") return html`<${OtherPhone} />`;
  if (ticket.purpose === "decrypt") return html`<${NoKeyHere} />`;
  const other = ticket.kind === "national" ? "platform" : "national";
  const hasOther = others.some((one) => fits({ ...ticket, kind: other }, one));
  return html`<${Notice} tone="wait" action=${html`<button type="button" class="link" onClick=${() => app.router.replace("certificates")}>${_("To the certificates")}</button>`}>
    ${ticket.kind === "national" ? _("This is a national QR code; it needs a national certificate, and there is none on this phone.") : _("It needs an active certificate of this platform, and there is none on this phone.")}
    ${hasOther && html`<p><b>${_("Use the other QR code: {code}", { code: ofCode(`ticket.kind.${other}`) })}</b></p>`}<//>`;
}

function Entering({ entering, busy }) {
  const { step, number, pin, length, problem, enterNumber, enterPin, close } = entering;
  if (step === "number") {
    return html`<${Sheet} title=${_("Enter the two digits on the PC")} onClose=${close}>
      <p class="hint center">${_("If no digits are shown there, somebody else may have sent you this code: refuse.")}</p>
      <${Digits} label=${_("Two digits")} value=${number} length=${NUMBER_DIGITS} onChange=${enterNumber} error=${problem} /><//>`;
  }
  return step === "pin" && html`<${Sheet} title=${_("Certificate PIN")} onClose=${close}>
      <${Digits} label=${_("Certificate PIN")} value=${pin} secret length=${length} onChange=${enterPin} error=${problem} busy=${busy} />${busy && html`<p class="center hint">${_("One moment…")}</p>`}<//>`;
}

const WHY = { network: () => _("The PC is in another network than this phone"), browser: () => _("You have never signed in on this PC's browser"), sent: () => _("This was sent here by a password, without a scan") };

/** Where and when the code was asked for, beside where this phone is; and why two digits are needed. */
function Where({ asked }) {
  if (!asked) return null;
  const placed = (place) => (place.id ? `${both(place.city)} · ${both(place.network)}` : _("Unknown"));
  return html`<${Card}><dl><${Fact} name=${_("PC")}>${placed(asked.place)}${asked.browser && html`<br /><small>${asked.browser}</small>`}<//>
      <${Fact} name=${_("This phone")}>${placed(asked.own_place)}<//>
      <${Fact} name=${_("Time")}>${moment(asked.created_at)}<//></dl>
    ${asked.step_up.map((why) => html`<p class="hint" key=${why}>${WHY[why]?.()}</p>`)}<//>`;
}

function What({ ticket, platform, me }) {
  const payload = ticket.payload ?? {};
  return html`<${Card}><dl><${Fact} name=${_("What")}><b>${TITLES[ticket.purpose]?.()}</b><//><${Fact} name=${_("Where")}>${platform}<//>
    ${Object.entries(payload).filter(([name, value]) => SHOWN[name] && value && (name !== "title" || ticket.purpose === "sign") && !(["sign", ...ABOUT_FILES].includes(ticket.purpose) && LISTED.includes(name))).map(([name, value]) => html`<${Fact} key=${name} name=${SHOWN[name]()}><span class=${name === "digest" ? "mono" : ""}>${name === "digest" ? `${value.slice(0, 32)}…` : value}</span><//>`)}
    <${Fact} name=${_("In whose name")}>${me ? `${me.name} ${me.phone}` : ""}<//><${Fact} name=${_("QR code")}>${ofCode(`ticket.kind.${ticket.kind}`)}<//></dl><//>`;
}

// Of what is signed these stand with each contract.
const LISTED = ["number", "title", "pages", "amount", "digest"];
const SHOWN = {
  login: () => _("Account"), enterprise: () => _("Enterprise"), number: () => _("Contract number"), title: () => _("Name of the document"), pages: () => _("Number of pages"), amount: () => _("Amount (CNY)"), digest: () => _("Fingerprint of the document"),
};
