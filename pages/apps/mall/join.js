// 入驻: an enterprise gets its account on this platform, proved by a code to the phone of who handles it.
import { html, useState } from "../vendor/htm-preact.js";
import { useAsk, useCountdown, useDeed, useForm } from "../common/hooks.js";
import { Icon } from "../common/icons.js";
import { Button, Choice, Field, Loaded, Notice, Sheet, Tick } from "../common/kit.js";
import { _, both } from "../common/texts.js";
import { requestCode } from "./codes.js";
import { Go, useMall } from "./links.js";

const BLANK = {
  role: "purchaser", enterprise_name: "", uscc: "", phone: "", code: "", request_id: "", login: "", password: "",
};

function Terms({ close }) {
  const terms = useAsk("registration.terms");
  return html`<${Sheet} title=${_("The terms of use and of privacy")} onClose=${close}>
    <${Loaded} of=${terms}>${(value) => html`<p class="terms">${both(value.text)}</p>`}<//><//>`;
}

function CodeField({ form, agreed }) {
  const { door } = useMall();
  const [until, setUntil] = useState(0);
  const [sent, setSent] = useState(false);
  const left = useCountdown(until);
  const [busy, deed] = useDeed((refusal) => {
    if (refusal.params?.seconds) setUntil(Date.now() + Number(refusal.params.seconds) * 1000);
    form.refuse(refusal);
  });
  const send = () =>
    deed(async () => {
      const asked = await requestCode(door, { phone: form.values.phone, purpose: "onboard", terms_accepted: agreed });
      form.fill({ request_id: asked.request_id });
      setUntil(Date.now() + 60_000);
      setSent(true);
    });
  const button = html`<${Button} busy=${busy} disabled=${left > 0} onClick=${send}>
    ${left > 0 ? _("Again in {seconds} s", { seconds: left }) : _("Send code")}<//>`;
  return html`<${Field} form=${form} name="code" label=${_("Code")} inputmode="numeric" maxlength="6"
    autocomplete="one-time-code" required after=${button}
    hint=${sent ? _("If this number has a Biaozhengtong account, a code is on its way. It is good for 5 minutes.") : ""} />`;
}

function Joined({ account }) {
  const { platform } = useMall();
  return html`<section class="card is-narrow is-centred">
    <p class="success"><${Icon} name="tick" size=${40} /><b>${_("Onboarding succeeded")}</b></p>
    <p>${_("The enterprise has its account on {platform}. The login is {login}.", { platform: both(platform.label), login: account.login })}</p>
    <p>${_("Next: order the enterprise certificate in the app, then sign in here and bind it.")}</p>
    <p><${Go} to="/sign-in" query=${{ login: account.login }} class="button primary">${_("Sign in")}<//></p>
  </section>`;
}

function JoinForm({ joined }) {
  const form = useForm("join", BLANK, { never: ["code", "password"] });
  const [agreed, setAgreed] = useState(false);
  const [reading, setReading] = useState(false);
  const [busy, deed] = useDeed(form.refuse);
  const submit = (event) => {
    event.preventDefault();
    if (!form.values.request_id) {
      form.wrong("code", _("Send a code to the phone first."));
      return;
    }
    deed(async (act) => {
      const account = await act("mall.onboard_at_pc", form.values);
      form.done();
      joined(account);
    });
  };
  return html`<form class="card is-narrow" onSubmit=${submit}>
    <${Notice} tone="bad">${form.errors[""] || form.errors.request_id}<//>
    <${Choice} label=${_("Onboard as")} value=${form.values.role} onChange=${(role) => form.fill({ role })}
      error=${form.errors.role} options=${[
        ["purchaser", _("Purchaser"), _("places purchase orders")],
        ["supplier", _("Supplier"), _("receives purchase orders")],
      ]} />
    <h2>${_("The enterprise")}</h2>
    <${Field} form=${form} name="enterprise_name" label=${_("Enterprise name")} required maxlength="100"
      autocomplete="organization" hint=${_("As it was claimed and approved in the app.")} />
    <${Field} form=${form} name="uscc" label=${_("Unified social credit code")} required maxlength="18" class="mono" />
    <h2>${_("Who handles it")}</h2>
    <${Field} form=${form} name="phone" label=${_("Phone number")} type="tel" inputmode="numeric" required
      maxlength="16" autocomplete="tel" hint=${_("Of the enterprise's administrator or handler.")} />
    <${Tick} checked=${agreed} onChange=${setAgreed} label=${_("I agree")}>${_("I agree")}
      <button type="button" class="link" onClick=${() => setReading(true)}>${_("The terms of use and of privacy")}</button><//>
    ${form.errors.terms_accepted && html`<p class="error" role="alert">${form.errors.terms_accepted}</p>`}
    <${CodeField} form=${form} agreed=${agreed} />
    <h2>${_("The account here")}</h2>
    <${Field} form=${form} name="login" label=${_("Login")} required maxlength="32" autocomplete="username"
      hint=${_("4 to 32 letters, digits, dots or dashes, beginning with a letter.")} />
    <${Field} form=${form} name="password" label=${_("Password")} type="password" required
      autocomplete="new-password" hint=${_("At least 8 characters; a sentence is best. Common passwords are refused.")} />
    <${Button} kind="primary" type="submit" busy=${busy}>${_("Onboard")}<//>
    <p class="quiet">${_("On this platform already?")} <${Go} to="/sign-in">${_("Sign in")}<//></p>
    ${reading && html`<${Terms} close=${() => setReading(false)} />`}
  </form>`;
}

/** The page. */
export function Join() {
  const { platform } = useMall();
  const [account, setAccount] = useState(null);
  return html`<div class="is-middle flow">
    <h1>${_("Onboard on {platform}", { platform: both(platform.label) })}</h1>
    ${account
      ? html`<${Joined} account=${account} />`
      : html`<p class="lead">${_("The enterprise must be claimed in the Biaozhengtong app and approved before.")}</p>
          <${JoinForm} joined=${setAccount} />`}
  </div>`;
}
