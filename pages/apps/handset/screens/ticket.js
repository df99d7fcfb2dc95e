// What was scanned: what it is, where and for whom; the certificate, 证书密码, and what came of it.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useApp, useAsk, useCountdown, useDeed } from "../../common/hooks.js";
import { Button, Card, Empty, Fact, Loaded, Notice, Sheet } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { Digits } from "../keypad.js";
import { Done, Screen } from "../layout.js";

const held = new Map();

/** Keep what was scanned until it is answered. It lives in this page alone. */
export const keepTicket = (place, ticket) => held.set(place, ticket);

const TITLES = { bind: () => _("Bind by scan"), login: () => _("Sign in by scan"), sign: () => _("Sign by scan"), join: () => _("Join an enterprise") };
const DONE = { bind: () => _("Binding succeeded"), login: () => _("Signed in on the PC"), sign: () => _("Signed") };
const REFUSED = { bind: () => _("Not bound"), login: () => _("Not signed in"), sign: () => _("Not signed") };

/** The scanned ticket. */
export function Ticket() {
  const { place, router } = useApp();
  const ticket = held.get(place);
  if (!ticket) return html`<${Screen} title=${_("Scan")}><${Empty} icon="scan" title=${_("Nothing scanned")} action=${html`<${Button} onClick=${() => router.replace("scan")}>${_("Scan")}<//>`} /><//>`;
  return ticket.purpose === "join" ? html`<${JoinByQr} ticket=${ticket} />` : html`<${Confirm} ticket=${ticket} />`;
}

function Confirm({ ticket }) {
  const app = useApp();
  const platforms = useAsk("mall.platforms");
  const me = useAsk("registration.me");
  const certificates = useAsk("issuing.mine");
  const [chosen, setChosen] = useState("");
  const [entering, setEntering] = useState(false);
  const [pin, setPin] = useState("");
  const [problem, setProblem] = useState("");
  const [ended, setEnded] = useState("");
  const [busy, deed] = useDeed((refusal) => { setPin(""); setProblem(refusal.title); });
  const left = useCountdown(ticket.expires_at);
  const usable = (certificates.value ?? []).filter((one) => one.status === "active" && (ticket.kind === "national" ? one.kind === "national" : one.platform_id === ticket.platform_id));
  const named = ticket.payload?.certificate;
  const own = usable.find((one) => one.id === (named || chosen)) ?? usable[0];
  const title = TITLES[ticket.purpose]?.() ?? _("Scan");
  const platform = both(platforms.value?.[ticket.platform_id]?.label);
  const confirm = (digits) => deed(async (act) => {
    await act("handset.confirm", { ticket, certificate_id: own.id, pin: digits });
    setEntering(false);
    setPin("");
    setEnded("good");
  });
  const refuse = () => deed(async (act) => {
    await act("handset.refuse", { ticket_id: ticket.id });
    setEnded("refused");
  });
  const leave = () => { held.delete(app.place); app.router.reset("home"); };
  const enter = (digits) => {
    setProblem("");
    setPin(digits);
    if (digits.length === 6) confirm(digits);
  };
  if (ended) {
    return html`<${Screen} title=${title} back=${false} foot=${html`<${Button} kind="primary" onClick=${leave}>${_("Done")}<//>`}>
      <${Done} tone=${ended === "good" ? "good" : "wait"} title=${ended === "good" ? DONE[ticket.purpose]() : REFUSED[ticket.purpose]()}><p>${platform}</p><//><//>`;
  }
  const over = left === 0;
  return html`<${Screen} title=${title} onBack=${leave} foot=${over ? html`<${Button} kind="primary" onClick=${() => app.router.replace("scan")}>${_("Scan again")}<//>`
      : html`<${Button} kind="primary" busy=${busy && !entering} disabled=${!own} onClick=${() => setEntering(true)}>${_("Confirm with the certificate PIN")}<//><${Button} disabled=${busy} onClick=${refuse}>${_("This was not me")}<//>`}>
    <${What} ticket=${ticket} platform=${platform} me=${me.value} />
    <p class="hint center" aria-live="off">${over ? _("This QR code has expired. Scan a new one.") : _("Valid for {seconds} s", { seconds: left })}</p>
    ${problem && !entering && html`<${Notice} tone="bad">${problem}<//>`}
    <h2 class="section">${_("With this certificate")}</h2>
    <${Loaded} of=${certificates}>${() => usable.length ? html`<div role="radiogroup" aria-label=${_("Certificate")}>${usable.map((one) => html`<button type="button" role="radio" key=${one.id} class="pick" aria-checked=${String(one === own)} onClick=${() => setChosen(one.id)}>
        <span class="row-text"><b>${both(platforms.value?.[one.platform_id]?.label)}</b><small>${_("{kind} · until {day}", { kind: ofCode(`certificate.kind.${one.kind}`), day: moment(one.not_after) })}</small></span></button>`)}</div>`
      : html`<${Notice} tone="wait" action=${html`<button type="button" class="link" onClick=${() => app.router.replace("certificates")}>${_("To the certificates")}</button>`}>${ticket.kind === "national" ? _("This is a national QR code; it needs a national certificate, and there is none on this phone.") : _("It needs an active certificate of this platform, and there is none on this phone.")}<//>`}<//>
    ${entering && html`<${Sheet} title=${_("Certificate PIN")} onClose=${() => { setEntering(false); setPin(""); setProblem(""); }}>
      <${Digits} label=${_("Certificate PIN")} value=${pin} secret onChange=${enter} error=${problem} busy=${busy} />${busy && html`<p class="center hint">${_("One moment…")}</p>`}<//>`}
  <//>`;
}

function What({ ticket, platform, me }) {
  const payload = ticket.payload ?? {};
  return html`<${Card}><dl><${Fact} name=${_("What")}><b>${TITLES[ticket.purpose]?.()}</b><//><${Fact} name=${_("Where")}>${platform}<//>
    ${Object.entries(payload).filter(([name, value]) => SHOWN[name] && value && (name !== "title" || ticket.purpose === "sign")).map(([name, value]) => html`<${Fact} key=${name} name=${SHOWN[name]()}><span class=${name === "digest" ? "mono" : ""}>${name === "digest" ? `${value.slice(0, 32)}…` : value}</span><//>`)}
    <${Fact} name=${_("In whose name")}>${me ? `${me.name} ${me.phone}` : ""}<//><${Fact} name=${_("QR code")}>${ofCode(`ticket.kind.${ticket.kind}`)}<//></dl><//>`;
}

const SHOWN = {
  login: () => _("Account"), enterprise: () => _("Enterprise"), number: () => _("Contract number"), title: () => _("Name of the document"), pages: () => _("Number of pages"), amount: () => _("Amount (CNY)"), digest: () => _("Fingerprint of the document"),
};

function JoinByQr({ ticket }) {
  const app = useApp();
  const { invitation } = ticket;
  const [joined, setJoined] = useState(false);
  const [problem, setProblem] = useState("");
  const [busy, deed] = useDeed((refusal) => setProblem(refusal.title));
  const join = () => deed(async (act) => {
    await act("registration.accept_invitation_by_qr", { qr_text: ticket.qr_text });
    setJoined(true);
  });
  if (joined) return html`<${Screen} title=${_("Join an enterprise")} back=${false} foot=${html`<${Button} kind="primary" onClick=${() => { held.delete(app.place); app.router.reset("enterprise"); }}>${_("Done")}<//>`}><${Done} title=${_("You are a member now")}><p>${invitation.enterprise}</p><//><//>`;
  return html`<${Screen} title=${_("Join an enterprise")} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${join}>${_("Join")}<//>`}>
    <${Notice} tone="bad">${problem}<//><${Card} title=${invitation.enterprise}><dl><${Fact} name=${_("Role")}>${ofCode(`member.role.${invitation.role}`)}<//><${Fact} name=${_("Holds until")}>${moment(invitation.expires_at)}<//></dl><//>
  <//>`;
}
