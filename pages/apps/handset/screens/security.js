// 账号安全: ways in, devices and sessions, number, password, misuse, and the end of the account.
import { html, useState } from "../../vendor/htm-preact.js";
import { moment } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Field, Loaded, Notice, Row, Sheet, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { FormProblem, PhoneAndCode, useCode } from "./code.js";

/** The overview. */
export function Security() {
  const app = useApp();
  const found = useAsk("registration.my_security");
  const browsers = useAsk("mall.browser_sessions");
  const [asking, setAsking] = useState(null);
  const [busy, deed] = useDeed();
  const end = (name, given) => deed(async (act) => {
    await act(name, given);
    setAsking(null);
    found.reload();
    browsers.reload();
    app.toast(_("Done"));
  });
  const to = (path) => () => app.go(path);
  return html`<${Screen} title=${_("Account and safety")}>
    <div class="card list"><${Row} icon="shield" title=${_("Sign-in password")} value=${found.value ? (found.value.has_password ? _("Set") : _("Not set")) : ""} onClick=${to("password")} />
      <${Row} icon="phone" title=${_("Change the number")} onClick=${to("number")} />
      <${Row} icon="box" title=${_("My data")} onClick=${to("mydata")} /></div>
    <${Loaded} of=${found}>${(mine) => html`<h2 class="section"><span>${_("Signed in on")}</span>${mine.sessions.length > 1 && html`<button type="button" class="link" onClick=${() => setAsking({ title: _("Sign out everywhere else"), text: _("{count} other sign-ins end at once.", { count: mine.sessions.length - 1 }), name: "registration.end_other_sessions", given: {} })}>${_("Sign out elsewhere")}</button>`}</h2>
      <div class="card list">${mine.sessions.map((one) => html`<${Row} key=${one.id} icon="phone" title=${one.device_label} note=${_("{way} · last used {time}", { way: ofCode(`sign_in.way.${one.way}`), time: moment(one.last_seen_at) })}>
        ${one.current ? html`<${Tag} tone="good">${_("This phone")}<//>` : html`<${Button} kind="small" onClick=${() => setAsking({ title: _("End this sign-in"), text: one.device_label, name: "registration.end_session", given: { session_id: one.id } })}>${_("End")}<//>`}<//>`)}</div>
      <h2 class="section">${_("Known devices")}</h2><div class="card list">${mine.devices.map((one) => html`<${Row} key=${one.id} icon="phone" title=${one.label} note=${_("Since {time}", { time: moment(one.created_at) })}>
        ${one.current ? html`<${Tag} tone="good">${_("This phone")}<//>` : html`<${Button} kind="small" onClick=${() => setAsking({ title: _("Remove this device"), text: _("{label} is signed out and is new when it comes again.", { label: one.label }), name: "registration.remove_device", given: { device_id: one.id } })}>${_("Remove")}<//>`}<//>`)}</div>
      ${mine.sign_ins?.length > 0 && html`<h2 class="section">${_("Newest sign-ins")}</h2><div class="card list">${mine.sign_ins.slice(0, 8).map((one, at) => html`<${Row} key=${at} title=${one.device_label} note=${ofCode(`sign_in.way.${one.way}`)} value=${moment(one.signed_in_at)} />`)}</div>`}`}<//>
    <${Browsers} of=${browsers} ask=${setAsking} />
    <h2 class="section">${_("If something is wrong")}</h2>
    <div class="card list"><${Row} icon="warn" title=${_("Report misuse")} note=${_("Freezes the account at once")} onClick=${to("misuse")} /><${Row} icon="trash" title=${_("Cancel the account")} onClick=${to("closing")} /></div>
    ${asking && html`<${Sheet} title=${asking.title} onClose=${() => setAsking(null)} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${() => end(asking.name, asking.given)}>${_("Confirm")}<//>`}><p>${asking.text}</p><//>`}
  <//>`;
}

const WAYS = { scan: () => _("By scan"), password: () => _("By password") };

/** The browsers that are signed in at platforms, each of which can be signed out from here. */
function Browsers({ of, ask }) {
  const platforms = useAsk("mall.platforms");
  if (!of.value?.length) return null;
  return html`<h2 class="section">${_("Signed in at platforms")}</h2><div class="card list">${of.value.map((one) => {
    const browser = one.browser || _("An unknown browser");
    const note = [both(platforms.value?.[one.platform_id]?.label), (WAYS[one.way] ?? WAYS.password)(), both(one.place.city), moment(one.created_at)].filter(Boolean).join(" · ");
    return html`<${Row} key=${one.id} icon="box" title=${`${one.login} · ${browser}`} note=${note}>
      <${Button} kind="small" onClick=${() => ask({ title: _("End this sign-in"), text: _("{login} is signed out at once in {browser}.", { login: one.login, browser }), name: "mall.end_browser_session", given: { session_id: one.id } })}>${_("End")}<//><//>`;
  })}</div>`;
}

/** Set or change the password. */
export function Password() {
  const app = useApp();
  const found = useAsk("registration.my_security");
  const form = useForm("password", { old_password: "", new_password: "", again: "" }, { never: ["old_password", "new_password", "again"] });
  const [busy, deed] = useDeed(form.refuse);
  const save = () => {
    const { old_password, new_password, again } = form.values;
    if (new_password !== again) return form.wrong("again", _("The two entries differ."));
    return deed(async (act) => {
      await act("registration.set_password", { new_password, ...(found.value?.has_password ? { old_password } : {}) });
      form.done();
      app.toast(_("The password is set."));
      app.router.back();
    });
  };
  return html`<${Screen} title=${_("Sign-in password")} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${save}>${_("Save")}<//>`}>
    <${FormProblem} form=${form} />
    <${Loaded} of=${found}>${(mine) => html`${mine.has_password && html`<${Field} form=${form} name="old_password" label=${_("Present password")} type="password" autocomplete="current-password" />`}
      <${Field} form=${form} name="new_password" label=${_("New password")} type="password" autocomplete="new-password" hint=${_("At least 8 characters. Long is better than complicated.")} />
      <${Field} form=${form} name="again" label=${_("New password once more")} type="password" autocomplete="new-password" />`}<//>
  <//>`;
}

/** Move the account to another number: a code to the new one. */
export function ChangeNumber() {
  const app = useApp();
  const me = useAsk("registration.me");
  const form = useForm("number", { phone: "", code: "" }, { never: ["code"] });
  const code = useCode(form, "change_number");
  const refused = (refusal) => form.refuse(refusal.field === "new_phone" ? { ...refusal, title: refusal.title, field: "phone" } : refusal);
  const [busy, deed] = useDeed(refused);
  const save = () => deed(async (act) => {
    await act("registration.change_number", { new_phone: form.values.phone.replace(/\s/g, ""), request_id: code.asked.request_id, code: form.values.code });
    form.done();
    await app.refresh();
    app.toast(_("Your number has been changed."));
    app.router.back();
  });
  return html`<${Screen} title=${_("Change the number")} foot=${code.asked && html`<${Button} kind="primary" busy=${busy} disabled=${form.values.code.length < 6} onClick=${save}>${_("Change the number")}<//>`}>
    <p class="lead">${_("Now: {phone}. We send a code to the new number, and one to the present number to confirm that it is you.", { phone: me.value?.phone ?? "" })}</p>
    <${FormProblem} form=${form} /><${PhoneAndCode} form=${form} code=${code} label=${_("New phone number")} />
  <//>`;
}

/** Report misuse: signed in with one press, otherwise with a code. */
export function Misuse() {
  const app = useApp();
  const form = useForm("misuse", { phone: "", code: "" }, { never: ["code"] });
  const code = useCode(form, "report_misuse");
  const [busy, deed] = useDeed(form.refuse);
  const [frozen, setFrozen] = useState(false);
  const report = () => deed(async (act) => {
    if (app.state.signed_in) await act("registration.report_misuse");
    else await act("registration.report_misuse_by_code", { request_id: code.asked.request_id, phone: form.values.phone, code: form.values.code });
    form.done();
    setFrozen(true);
    await app.refresh();
  });
  const ready = app.state.signed_in || (code.asked && form.values.code.length === 6);
  return html`<${Screen} title=${_("Report misuse")} foot=${frozen ? html`<${Button} kind="primary" onClick=${() => app.router.reset("unfreeze")}>${_("Unfreeze the account")}<//>` : html`<${Button} kind="primary" busy=${busy} disabled=${!ready} onClick=${report}>${_("Freeze the account now")}<//>`}>
    ${frozen ? html`<${Notice} tone="good">${_("The account is frozen. Nobody can sign in, bind or sign with it until you unfreeze it with a fresh proof of your real name.")}<//>`
      : html`<${Card}><p>${_("If somebody else used your account or your code, freeze it at once. What follows:")}</p><ul class="bullets"><li>${_("Every sign-in ends, on this phone too.")}</li><li>${_("Certificates and seals cannot be used meanwhile.")}</li><li>${_("It opens again with a fresh proof of your real name.")}</li></ul><//>
        <${FormProblem} form=${form} />${!app.state.signed_in && html`<${PhoneAndCode} form=${form} code=${code} label=${_("Phone number of the account")} />`}`}
  <//>`;
}
