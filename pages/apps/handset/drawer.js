// The simulated phone around the app, in demo worlds only: its SIM, its SMS, and particulars to type.
import { html, useEffect, useRef, useState } from "../vendor/htm-preact.js";
import { grouped, shortMoment } from "../common/format.js";
import { useApp, useDeed, useForm } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Field, Notice } from "../common/kit.js";
import { _ } from "../common/texts.js";
import { phoneNumber, samplePerson } from "./samples.js";

const codeIn = (text) => /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0] ?? "";

/** What has come to this phone's SIM, and the newest as a banner: `[banner, setBanner, messages]`. */
export function useSms(door, state, seq) {
  const [messages, setMessages] = useState([]);
  const [banner, setBanner] = useState(null);
  const seen = useRef(null);
  const read = async () => {
    const found = await door.fetch("sms").catch(() => []);
    const newest = found[0] ? `${found[0].sent_at}|${found[0].text}` : "";
    if (seen.current !== null && newest && newest !== seen.current) setBanner(found[0]);
    seen.current = newest;
    setMessages(found);
  };
  useEffect(() => {
    if (!state?.demo) return undefined;
    seen.current = null;
    setBanner(null);
    read();
    const timers = [];
    const stop = door.afterAct(() => timers.push(...[150, 900, 2500].map((ms) => setTimeout(read, ms))));
    return () => {
      stop();
      timers.forEach(clearTimeout);
    };
  }, [door, state?.demo, state?.sim]);
  useEffect(() => {
    if (state?.demo && seen.current !== null) read();
  }, [seq]);
  useEffect(() => {
    // A guest has no event stream; the bank's code may come a minute after the act that asked for it.
    if (!state?.demo || state.signed_in) return undefined;
    const beat = setInterval(() => !document.hidden && seen.current !== null && read(), 3_000);
    return () => clearInterval(beat);
  }, [door, state?.demo, state?.signed_in]);
  useEffect(() => {
    if (!banner) return undefined;
    const gone = setTimeout(() => setBanner(null), 20_000);
    return () => clearTimeout(gone);
  }, [banner]);
  return [banner, setBanner, messages];
}

function fillCode(codes, text) {
  const take = [...codes].at(-1);
  if (take) take(text);
  return Boolean(take);
}

/** An SMS arriving over whatever is shown; a tap fills its code in. */
export function Banner({ sms, codes, onClose }) {
  const code = codeIn(sms.text);
  const tap = () => {
    if (code) fillCode(codes, code);
    onClose();
  };
  return html`<div class="banner" role="status">
    <button type="button" onClick=${tap}><${Icon} name="sms" /><span><b>${_("Messages")}</b><span class="sms-text">${sms.text}</span>
      ${code && html`<small>${_("Tap to fill in {code}", { code })}</small>`}</span></button>
    <button type="button" class="bare" aria-label=${_("Close")} onClick=${onClose}><${Icon} name="close" size=${18} /></button>
  </div>`;
}

/** The drawer below the app: clearly not a part of it. */
export function Drawer({ messages }) {
  const [open, setOpen] = useState(false);
  const { state } = useApp();
  return html`<aside class="drawer" aria-label=${_("Simulated phone")}>
    <button type="button" class="drawer-handle" aria-expanded=${String(open)} onClick=${() => setOpen(!open)}>
      <${Icon} name="phone" size=${18} /><span>${_("Simulated phone")}</span>
      <small>${state.sim ? _("SIM {number}", { number: state.sim }) : _("No SIM")} · ${_("{count} SMS", { count: messages.length })}</small></button>
    ${open && html`<div class="drawer-body"><${SimCard} /><${Inbox} messages=${messages} onUsed=${() => setOpen(false)} /><${Particulars} onUsed=${() => setOpen(false)} /></div>`}
  </aside>`;
}

function SimCard() {
  const { state, refresh, place } = useApp();
  const form = useForm("sim", { phone: samplePerson(place).phone });
  const [busy, deed] = useDeed(form.refuse);
  const put = (phone) => deed(async (act) => {
    await act("handset.set_sim", { phone });
    await refresh();
  });
  return html`<section><h3>${_("SIM card")}</h3>
    <p class="hint">${state.sim ? _("In the phone: {number}", { number: state.sim }) : _("There is no SIM in the phone. One-tap sign-in needs one.")}</p>
    <${Field} form=${form} name="phone" label=${_("Number of the SIM")} inputmode="numeric" maxlength="11" />
    <${Notice} tone="bad">${form.errors[""]}<//>
    <div class="buttons"><${Button} kind="small" busy=${busy} onClick=${() => put(form.values.phone)}>${_("Put in")}<//>
      <${Button} kind="small" onClick=${() => form.set("phone", phoneNumber())}>${_("Another number")}<//>
      ${state.sim && html`<${Button} kind="small" busy=${busy} onClick=${() => put("")}>${_("Take out")}<//>`}</div>
  </section>`;
}

function Inbox({ messages, onUsed }) {
  const { codes } = useApp();
  if (!messages.length) return html`<section><h3>${_("SMS on this phone")}</h3><p class="hint">${_("None yet. Codes that the app sends to this SIM arrive here.")}</p></section>`;
  return html`<section><h3>${_("SMS on this phone")}</h3>
    ${messages.slice(0, 8).map((sms) => html`<button type="button" class="sms" key=${sms.sent_at + sms.text} onClick=${() => fillCode(codes, codeIn(sms.text)) && onUsed()}>
      <span>${sms.text}</span><small>${shortMoment(sms.sent_at)}</small></button>`)}</section>`;
}

function Particulars({ onUsed }) {
  const { place, forms } = useApp();
  const [one, setOne] = useState(() => samplePerson(place));
  const rows = [
    [_("Name"), one.name], [_("Resident ID number"), one.resident_id], [_("Bank card number"), one.bank_card], [_("Phone number"), grouped(one.phone)],
    [_("Enterprise name"), one.enterprise], [_("Unified social credit code"), one.uscc], [_("Legal representative"), one.legal_representative],
  ];
  const fill = () => {
    for (const form of forms) {
      const known = Object.keys(form.values).filter((field) => field in one);
      const own = { ...one, name: "uscc" in form.values ? one.enterprise : one.name };
      if (known.length) form.fill(Object.fromEntries(known.map((field) => [field, own[field]])));
    }
    onUsed();
  };
  return html`<section><h3>${_("Particulars to try with")}</h3><p class="hint">${_("Made up, but valid by their check digits.")}</p>
    <dl>${rows.map(([name, value]) => html`<div class="fact" key=${name}><dt>${name}</dt><dd class="mono">${value}</dd></div>`)}</dl>
    <div class="buttons"><${Button} kind="small" onClick=${fill}>${_("Fill in the form")}<//>
      <${Button} kind="small" onClick=${() => setOne(samplePerson(place, true))}>${_("Somebody else")}<//></div></section>`;
}
