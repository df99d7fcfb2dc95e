// What a platform's CAs offer for one kind of order, side by side: price by term, rules, and how fast they are.
import { html } from "../../vendor/htm-preact.js";
import { span, years, yuan } from "../../common/format.js";
import { useApp } from "../../common/hooks.js";
import { Card, Choice, Fact, Notice, useInView, Wrong } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";

/** A term in words; without years it is the rest of a term, or an event's day. */
export const termOf = (product, count) => (count ? years(count) : product === "event" ? _("One day") : _("The rest of the term"));

const priceOf = (product, { terms }) => terms.map((term) => `${yuan(term.amount_fen)} / ${termOf(product, term.years)}`).join(" · ");

const speedOf = (one) => (one.measured_ms === null
  ? _("Promised within {time}", { time: span(one.promised_ms) })
  : _("Promised within {time}, lately {measured} (median of {count})", { time: span(one.promised_ms), measured: span(one.measured_ms), count: one.measured_of }));

const rulesOf = (one) => _("PIN of {digits} digits, locked after {tries} wrong tries", { digits: one.pin_digits, tries: one.pin_tries });

/** The CAs to choose among. */
export function Offers({ offering, value, onChange, error }) {
  return html`<fieldset class="choice"><legend>${_("CA (certificate authority)")}</legend>
    <div role="radiogroup" aria-label=${_("CA (certificate authority)")}>${offering.offers.map((one) => html`<button type="button" role="radio" key=${one.agency_id} class="pick"
      aria-checked=${String(one.agency_id === value)} onClick=${() => onChange(one)}><span class="row-text"><b>${both(one.label)}</b><small>${priceOf(offering.product, one)}</small><small>${speedOf(one)}</small>
      <small>${one.country_wide ? _("Recognized country-wide") : _("For this platform only ({why})", { why: both(one.national_refused) })} · ${rulesOf(one)}</small></span></button>`)}
      ${offering.lacking.map((one) => html`<div key=${one.agency_id} class="pick" aria-disabled="true"><span class="row-text"><b>${both(one.label)}</b><small>${_("Not offered: {why}", { why: both(one.why) })}</small></span></div>`)}</div>
    ${error && html`<${Wrong}>${error}<//>`}</fieldset>`;
}

/** What the platform asks for: download, payment, papers, and who reviews. */
export function Asked({ offering }) {
  const reviewers = [offering.platform_review && _("Trading platform"), offering.agency_review && _("CA (certificate authority)")].filter(Boolean);
  return html`<${Card} title=${both(offering.label)}><dl><${Fact} name=${_("Download")}>${offering.download_mode === "automatic" ? _("Automatic after approval") : _("By hand, in orders or certificates")}<//>
    <${Fact} name=${_("Payment")}>${offering.payment === "before_review" ? _("Before the review") : _("After the review")}<//>
    <${Fact} name=${_("Papers")}>${offering.attachments.length ? offering.attachments.map((one) => both(one.label)).join(_(", ")) : _("None asked for")}<//>
    <${Fact} name=${_("Reviewed by")}>${reviewers.length ? reviewers.join(_(", ")) : _("Nobody: it can be downloaded at once")}<//></dl><//>`;
}

/** The terms of one offer. */
export function Terms({ offering, offer, value, onChange, error }) {
  return html`<${Choice} label=${_("Term")} value=${value} options=${offer.terms.map((term) => [term.years, termOf(offering.product, term.years), yuan(term.amount_fen)])} onChange=${onChange} error=${error} />`;
}

/** What it comes to, line by line where there is more than one. */
export function Amount({ offer, count }) {
  const term = offer?.terms.find((one) => one.years === count);
  if (!term) return null;
  return html`${term.price.length > 1 && html`<dl>${term.price.map((line) => html`<${Fact} key=${line.code} name=${ofCode(`price.${line.code}`)}>${yuan(line.amount_fen)}<//>`)}</dl>`}
    <p class="big-amount"><span class="price">${term.amount_fen ? yuan(term.amount_fen) : _("Free of charge")}</span></p>`;
}

/** A refusal, with the way to what is missing. */
export function Refused({ refusal, text }) {
  const { go } = useApp();
  const place = useInView(text);
  if (!text) return null;
  const { code, params = {} } = refusal ?? {};
  const ways = {
    "ordering.not_onboarded": [_("Onboard at a platform"), `onboard/${params.enterprise_id}/${params.platform_id}`],
    "ordering.holds_certificate": [_("My certificates"), "certificates"],
    "ordering.order_running": [_("See the order"), `orders/${params.order_id}`],
    "subscribing.service_order_unpaid": [_("See the order"), `services/${params.order_id}`],
    "subscribing.service_wants_onboarding": [_("Onboard at a platform"), `onboard/${params.enterprise_id}/${params.platform_id}`],
    "registration.not_real_named": [_("Prove your name"), "real-name"],
  };
  const [label, path] = ways[code] ?? [];
  return html`<div ref=${place}><${Notice} tone="bad" action=${label && html`<button type="button" class="link" onClick=${() => go(path)}>${label}</button>`}>${text}<//></div>`;
}
