// 办理须知 in our own words: what comes first, and in which order.
import { html } from "../vendor/htm-preact.js";
import { _, both } from "../common/texts.js";
import { Go, useMall } from "./links.js";

const points = () => [
  [_("A certificate comes before business"), _("Agreements are signed and procurement is taken part in with an active certificate of the Biaozhengtong app, bound to the account here.")],
  [_("Keep it well"), _("The certificate stands for the enterprise. An authorized person keeps it; phone, account and certificate PIN are handed to nobody.")],
  [_("Apply early"), _("Both reviews take working time. How far an application has come can be seen in the app at any time, under My orders.")],
  [_("Onboard first"), _("A certificate is applied for only by an enterprise that has an account on this platform.")],
  [_("It makes signing safe"), _("Every signature is made on the phone with the PIN and covers exactly the document that was shown.")],
];

const steps = () => [
  [_("Onboard"), _("An account for the enterprise, as purchaser or as supplier, at this page.")],
  [_("Get the certificate"), _("In the Biaozhengtong app: register, prove the real name, claim the enterprise, order the enterprise certificate.")],
  [_("Bind it"), _("Signed in here by password: user centre, binding by scan.")],
  [_("Sign in and sign by scan"), _("From then on the phone replaces the password.")],
];

/** The order of steps, as a strip. */
export const Steps = () => html`<ol class="steps">
  ${steps().map(([title, text], at) => html`<li><b><i>${at + 1}</i>${title}</b><span>${text}</span></li>`)}
</ol>`;

/** The points, as a list. */
export const Points = () => html`<ol class="points">
  ${points().map(([title, text]) => html`<li><b>${title}</b><span>${text}</span></li>`)}
</ol>`;

/** The page of its own. */
export function Notice() {
  const { platform, account } = useMall();
  return html`<h1>${_("Before you apply")}</h1>
    <p class="lead">${_("How the Biaozhengtong certificate is used on {platform}.", { platform: both(platform.label) })}</p>
    <section class="card"><${Points} /></section>
    <h2>${_("The way, step by step")}</h2>
    <${Steps} />
    ${account === null && html`<p class="row"><${Go} to="/join" class="button is-primary">${_("Onboard")}<//>
      <${Go} to="/sign-in" class="button">${_("Sign in")}<//></p>`}`;
}
