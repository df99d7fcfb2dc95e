// The front page for a visitor: what this is, what is announced, and the two ways in.
import { html } from "../vendor/htm-preact.js";
import { _, both } from "../common/texts.js";
import { Icon } from "../common/icons.js";
import { useAsk } from "../common/hooks.js";
import { Go, useMall } from "./links.js";
import { Points, Steps } from "./notice.js";

function Announcements() {
  const told = useAsk("messaging.announcements");
  const all = told.value ?? [];
  return html`<section class="card">
    <h2>${_("Announcements")}</h2>
    ${all.length === 0
      ? html`<p class="empty">${_("Nothing is announced at present.")}</p>`
      : html`<ul class="announcements">${all.slice(0, 5).map((one, at) => html`<li>
          <details open=${at === 0}><summary><b>${both(one.title)}</b>${one.starts_on && html`<time>${one.starts_on}</time>`}</summary>
          <p>${both(one.text)}</p></details></li>`)}</ul>`}
  </section>`;
}

/** The front page. */
export function Front() {
  const { platform } = useMall();
  return html`<section class="hero">
      <div>
        <h1>${both(platform.label)}</h1>
        <p>${_("Purchasing and contracts between enterprises, signed with a mobile certificate.")}</p>
        <p class="hero-region"><${Icon} name="globe" size=${16} /> ${_("Region: {region}", { region: both(platform.region) })}</p>
      </div>
      <div class="hero-ways">
        <${Go} to="/sign-in" class="way"><${Icon} name="door" /><b>${_("Sign in")}</b>
          <span>${_("By password, or by scan with the Biaozhengtong app")}</span><//>
        <${Go} to="/join" class="way is-second"><${Icon} name="enterprise" /><b>${_("Onboard")}</b>
          <span>${_("A new account for a purchaser or a supplier")}</span><//>
      </div>
    </section>
    <${Steps} />
    <div class="columns">
      <section class="card"><h2>${_("Before you apply")}</h2><${Points} /></section>
      <${Announcements} />
    </div>`;
}
