// Signing in: 一键登录, 短信登录, 密码登录.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Field, Loaded, Notice } from "../../common/kit.js";
import { _ } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { FormProblem, FullCode, useCode } from "./code.js";
import { rememberScreen, screenBefore } from "./staying.js";
import { TermsBox } from "./terms.js";

const WAYS = { onetap: OneTap, sms: Sms, password: WithPassword };
const NOT_YET = "registration.terms_not_accepted";
const PENDING = "registration.one_tap_pending";

/** The login; `id` is the way. Without a SIM in the phone it begins with the SMS. */
export function Login({ id }) {
  const app = useApp();
  useEffect(() => rememberScreen(app), []);
  const way = id in WAYS ? id : app.state.sim === null && !id ? "sms" : "onetap";
  return html`<${way === "onetap" ? OneTap : WAYS[way]} key=${way} />`;
}

function useWelcome() {
  const app = useApp();
  return async (session) => {
    await app.refresh();
    const before = screenBefore(app);
    app.toast(session?.new_account ? _("Welcome. Your account has been opened.") : _("Signed in"));
    if (app.path.startsWith("login")) app.router.reset(before || "home");
  };
}

function OtherWays({ but }) {
  const { go } = useApp();
  const ways = [["onetap", _("One-tap sign-in")], ["sms", _("Sign in by SMS")], ["password", _("Sign in by password")]];
  return html`<section class="other-ways" aria-label=${_("Choose how to sign in")}><span>${_("Choose how to sign in")}</span>
    <div class="buttons">${ways.filter(([way]) => way !== but).map(([way, label]) => html`<${Button} kind="small" key=${way} onClick=${() => go(`login/${way}`)}>${label}<//>`)}</div>
    <div class="links"><button type="button" class="link" onClick=${() => go("recover")}>${_("The number is lost")}</button>
      <button type="button" class="link" onClick=${() => go("unfreeze")}>${_("The account is frozen")}</button>
      <button type="button" class="link" onClick=${() => go("help")}>${_("Help")}</button></div></section>`;
}

function Brand() {
  return html`<div class="brand"><span class="brand-mark" aria-hidden="true">印</span><b>${_("Biaozhengtong")}</b><small>${_("Mobile certificates for tenders, seals and contracts")}</small></div>`;
}

/** A refusal about the terms goes beside their box, a frozen account leads on. */
function LoginProblem({ form }) {
  const { go } = useApp();
  const text = form.errors[""];
  const frozen = form.code === "registration.account_frozen";
  return html`<${Notice} tone="bad" action=${frozen && html`<button type="button" class="link" onClick=${() => go("unfreeze")}>${_("Unfreeze the account")}</button>`}>${text}<//>`;
}

function useLoginForm(name, blank, options) {
  const form = useForm(`login-${name}`, { ...blank, terms_accepted: false }, options);
  const [code, setCode] = useState("");
  return { ...form, code, refuse: (refusal) => { setCode(refusal.code); form.refuse(refusal.code === NOT_YET ? { ...refusal, title: refusal.title, field: "terms_accepted" } : refusal); } };
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

function OneTap() {
  const app = useApp();
  const welcome = useWelcome();
  const number = useAsk("handset.carrier_number");
  const form = useLoginForm("onetap", {});
  const [busy, deed] = useDeed(form.refuse);
  const accepted = form.values.terms_accepted;
  const signIn = () => deed(async (act) => {
    for (let tries = 0; ; tries += 1) {
      try {
        return await welcome(await act("handset.one_tap", { terms_accepted: accepted }));
      } catch (refusal) {
        if (refusal.code !== PENDING || tries >= 8) throw refusal;
        await pause(700);
      }
    }
  });
  return html`<${Screen} title=${_("One-tap sign-in")} back=${false}
    foot=${number.value && html`<${Button} kind="primary" busy=${busy} onClick=${signIn}>${_("One-tap sign-in with this number")}<//><${TermsBox} accepted=${accepted} onChange=${(value) => form.set("terms_accepted", value)} error=${form.errors.terms_accepted} />`}>
    <${Brand} />
    ${number.error ? html`<div class="onetap"><p class="number">${_("No SIM")}</p><p class="hint">${number.error.title}</p>
        <${Button} kind="primary" onClick=${() => app.router.replace("login/sms")}>${_("Sign in by SMS")}<//></div>`
      : html`<${Loaded} of=${number}>${(found) => html`<div class="onetap"><p class="number" aria-label=${_("This phone's number")}>${found.masked}</p><p class="hint">${_("The number of this phone, told by the carrier")}</p></div>`}<//>`}
    <${LoginProblem} form=${form} />
    <${OtherWays} but="onetap" />
  <//>`;
}

function Sms() {
  const app = useApp();
  const welcome = useWelcome();
  const form = useLoginForm("sms", { phone: "", code: "", password: "" }, { never: ["code", "password"] });
  const code = useCode(form, "sign_in", () => form.values.terms_accepted);
  const [busy, deed] = useDeed((refusal) => { form.set("code", ""); form.refuse(refusal); });
  const signIn = (digits) => deed(async (act) => {
    const { phone, password } = form.values;
    const given = { request_id: code.asked.request_id, phone: phone.replace(/\s/g, ""), code: digits };
    const session = await act("handset.sign_in", password ? { ...given, password } : given);
    form.done();
    await welcome(session);
  });
  if (code.asked) {
    return html`<${Screen} title=${_("Enter the code")} back onBack=${() => { code.setAsked(null); form.set("code", ""); }}>
      <p class="lead">${_("Sent by SMS to {phone}. It holds for 5 minutes.", { phone: form.values.phone })}</p>
      <${FullCode} value=${form.values.code} onChange=${(digits) => form.set("code", digits)} onFull=${signIn} error=${form.errors.code} busy=${busy} />
      <${LoginProblem} form=${form} />
      <div class="center"><${Button} kind="quiet" busy=${code.busy} disabled=${code.wait > 0} onClick=${() => code.send()}>${code.wait > 0 ? _("Send again in {seconds} s", { seconds: code.wait }) : _("Send the code again")}<//></div>
    <//>`;
  }
  return html`<${Screen} title=${_("Sign in by SMS")} back=${false}
    foot=${html`<${Button} kind="primary" busy=${code.busy} onClick=${() => code.send()}>${_("Send code")}<//><${TermsBox} accepted=${form.values.terms_accepted} onChange=${(value) => form.set("terms_accepted", value)} error=${form.errors.terms_accepted} />`}>
    <${Brand} />
    ${app.state.sim === null && html`<p class="hint center">${_("There is no SIM in this phone: the code comes to the number you enter.")}</p>`}
    <${Field} form=${form} name="phone" label=${_("Phone number")} type="tel" inputmode="numeric" maxlength="13" autocomplete="tel-national" big hint=${_("A number that is new here opens an account.")} />
    <details class="optional"><summary>${_("Set a password with a new account (optional)")}</summary>
      <${Field} form=${form} name="password" label=${_("Password")} type="password" autocomplete="new-password" hint=${_("At least 8 characters. Long is better than complicated.")} /></details>
    <${LoginProblem} form=${form} />
    <${OtherWays} but="sms" />
  <//>`;
}

function WithPassword() {
  const { go } = useApp();
  const welcome = useWelcome();
  const form = useLoginForm("password", { phone: "", password: "" }, { never: ["password"] });
  const [busy, deed] = useDeed(form.refuse);
  const signIn = () => deed(async (act) => {
    const { phone, password, terms_accepted } = form.values;
    const session = await act("handset.sign_in_by_password", { phone: phone.replace(/\s/g, ""), password, terms_accepted });
    form.done();
    await welcome(session);
  });
  return html`<${Screen} title=${_("Sign in by password")} back=${false}
    foot=${html`<${Button} kind="primary" busy=${busy} onClick=${signIn}>${_("Sign in")}<//><${TermsBox} accepted=${form.values.terms_accepted} onChange=${(value) => form.set("terms_accepted", value)} error=${form.errors.terms_accepted} />`}>
    <${Brand} />
    <${Field} form=${form} name="phone" label=${_("Phone number")} type="tel" inputmode="numeric" maxlength="13" autocomplete="username" />
    <${Field} form=${form} name="password" label=${_("Password")} type="password" autocomplete="current-password"
      onKeyDown=${(event) => event.key === "Enter" && signIn()} />
    <div class="center"><button type="button" class="link" onClick=${() => go("forgotten")}>${_("Forgotten the password?")}</button></div>
    <${LoginProblem} form=${form} />
    <${OtherWays} but="password" />
  <//>`;
}
