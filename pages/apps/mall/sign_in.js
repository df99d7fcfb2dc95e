// Signing in: by password, or by scanning one of the two QR codes.
import { html, useEffect, useState } from "../vendor/htm-preact.js";
import { useDeed, useForm } from "../common/hooks.js";
import { Button, Field, Notice } from "../common/kit.js";
import { _, both } from "../common/texts.js";
import { Go, useMall } from "./links.js";
import { Points } from "./notice.js";
import { QrPanel } from "./qr_panel.js";

/** What happens once somebody is signed in: on to where they wanted to be, or to the workbench. */
function useArrive() {
  const { at, go, who, toast } = useMall();
  return async () => {
    await who();
    toast(_("You are signed in."));
    if (at.path === "/sign-in") go("/workbench", {}, { replace: true });
  };
}

function ByPassword() {
  const { at } = useMall();
  const form = useForm("sign-in", { login: "", password: "" }, { never: ["password"] });
  useEffect(() => {
    if (at.query.login) form.fill({ login: at.query.login });
  }, []);
  const arrive = useArrive();
  const [busy, deed] = useDeed(form.refuse);
  const submit = (event) => {
    event.preventDefault();
    const { login, password } = form.values;
    deed(async (act) => {
      await act("mall.sign_in", { login: login.trim(), password });
      form.fill({ password: "" });
      await arrive();
    });
  };
  return html`<form onSubmit=${submit}>
    <${Notice} tone="bad">${form.errors[""]}<//>
    <${Field} form=${form} name="login" label=${_("Login")} autocomplete="username" required maxlength="32" />
    <${Field} form=${form} name="password" type="password" label=${_("Password")}
      autocomplete="current-password" required />
    <${Button} kind="primary" type="submit" busy=${busy}>${_("Sign in")}<//>
    <p class="quiet">${_("The first time, sign in by password and bind your certificate in the user centre.")}</p>
  </form>`;
}

const kinds = () => [
  ["platform", _("Biaozhengtong app QR code"), _("For a certificate of this platform.")],
  [
    "national",
    _("National CA mutual recognition QR code"),
    _("For a certificate of the national edition, of any recognized CA."),
  ],
];

/**
 * The tabs over the two codes, and the code of the chosen one. `fits`, where it is known, is the kind of the
 * certificate that was chosen: the other code would open nothing with it, and says so.
 */
export function QrOfKind({ act, given = {}, fits = "", confirmed, ended }) {
  const [kind, setKind] = useState(fits || "platform");
  const [, label, note] = kinds().find(([one]) => one === kind);
  const other = kinds().find(([one]) => one === fits)?.[1];
  return html`<div class="tabs is-small" role="tablist">
      ${kinds().map(([one, text]) => html`<button type="button" role="tab" aria-selected=${String(one === kind)}
        onClick=${() => setKind(one)}>${text}</button>`)}
    </div>
    <div role="tabpanel"><p class="quiet is-centred">${note}</p>
    ${fits && fits !== kind
      ? html`<${Notice} tone="wait" action=${html` <button type="button" class="link" onClick=${() => setKind(fits)}>${_("Show that code")}</button>`}>
          ${_("The certificate you chose goes with the other code: {code}.", { code: other })}<//>`
      : html`<${QrPanel} key=${kind} act=${act} given=${{ ...given, kind }} confirmed=${confirmed} alt=${label} ended=${ended} />`}</div>`;
}

/** Who never bound a certificate is sent to the password, and told where to bind. */
const neverBound = (byPassword) => (why) =>
  why === "never_bound" && html`<${Notice} tone="wait" action=${html`<button type="button" class="link" onClick=${byPassword}>${_("Sign in by password")}</button>`}>
    ${_("The person who scanned has bound no certificate here yet. Sign in by password and bind it in the user centre first.")}<//>`;

function ByScan({ byPassword }) {
  const [refusal, refused] = useState(null);
  const [, deed] = useDeed(refused);
  const arrive = useArrive();
  const confirmed = (ticketId) =>
    deed(async (act) => {
      await act("binding.finish_login", { ticket_id: ticketId });
      await arrive();
    });
  return html`<h2 class="is-centred">${_("Sign in by scan with the Biaozhengtong app")}</h2>
    <${Notice} tone="bad">${refusal?.title}<//>
    <${QrOfKind} act="binding.open_login_ticket" confirmed=${confirmed} ended=${neverBound(byPassword)} />`;
}

/** The sign-in page. */
export function SignIn() {
  const { at, go, platform } = useMall();
  const way = at.query.way === "scan" ? "scan" : "password";
  const choose = (chosen) => go(at.path, { ...at.query, way: chosen }, { replace: true });
  return html`<div class="sign-in">
    <div class="sign-in-side"><h1>${both(platform.label)}</h1>
      <p>${_("Purchasing and contracts between enterprises, signed with a mobile certificate.")}</p>
      <${Points} /></div>
    <div class="card sign-in-card">
      ${at.path !== "/sign-in" && html`<${Notice}>${_("Sign in first; then you are taken where you wanted to go.")}<//>`}
      <div class="tabs" role="tablist">
        <button type="button" role="tab" aria-selected=${String(way === "password")} onClick=${() => choose("password")}>${_("By password")}</button>
        <button type="button" role="tab" aria-selected=${String(way === "scan")} onClick=${() => choose("scan")}>${_("By scan")}</button>
      </div>
      <div role="tabpanel">${way === "scan" ? html`<${ByScan} byPassword=${() => choose("password")} />` : html`<${ByPassword} />`}</div>
      <p class="quiet">${_("No account here yet?")} <${Go} to="/join">${_("Onboard")}<//></p>
    </div>
  </div>`;
}
