// A number, 发送验证码, six digits: the same everywhere a code opens something.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { useApp, useCountdown, useDeed } from "../../common/hooks.js";
import { Button, Field, Notice, useInView } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { Digits } from "../keypad.js";

/** `[asked, send, wait, busy]`: what the server said of the last code, and how to ask for another. */
export function useCode(form, purpose, accepted = () => true) {
  const [asked, setAsked] = useState(null);
  const [busy, deed] = useDeed(form.refuse);
  const wait = useCountdown(asked?.next_at);
  const send = (phone = form.values.phone) =>
    deed(async (act) => setAsked(await act("handset.request_code", { phone: phone.replace(/\s/g, ""), purpose, terms_accepted: accepted() })));
  return { asked, setAsked, send, wait, busy };
}

/** The number's field with 发送验证码 beside it. */
export function PhoneAndCode({ form, code, label, name = "phone" }) {
  const after = html`<${Button} kind="small" busy=${code.busy} disabled=${code.wait > 0} onClick=${() => code.send(form.values[name])}>
    ${code.wait > 0 ? _("{seconds} s", { seconds: code.wait }) : code.asked ? _("Send again") : _("Send code")}<//>`;
  return html`<${Field} form=${form} name=${name} label=${label ?? _("Phone number")} type="tel" inputmode="numeric" maxlength="13"
      autocomplete="tel-national" after=${after} />
    ${code.asked && html`<${Field} form=${form} name="code" label=${_("Code")} inputmode="numeric" maxlength="6" autocomplete="one-time-code" big
      hint=${_("Six digits, sent by SMS. They hold for 5 minutes.")} /><${CodeTaker} form=${form} />`}`;
}

/** Lets a tapped SMS fill the form's `code`. */
export function CodeTaker({ form }) {
  useTaker((digits) => form.set("code", digits));
  return null;
}

/** Six digits on the keypad; `onFull(code)` is called once all are there. */
export function FullCode({ value, onChange, onFull, error, busy, label }) {
  useEffect(() => {
    if (value.length === 6) onFull(value);
  }, [value]);
  return html`<${Digits} label=${label ?? _("Code")} value=${value} onChange=${onChange} error=${error} busy=${busy} />`;
}

/** What the server said of the whole form. */
export function FormProblem({ form }) {
  const place = useInView(form.errors[""]);
  return html`<div ref=${place}><${Notice} tone="bad">${form.errors[""]}<//></div>`;
}

function useTaker(take) {
  const { codes } = useApp();
  useEffect(() => {
    codes.add(take);
    return () => codes.delete(take);
  });
}
