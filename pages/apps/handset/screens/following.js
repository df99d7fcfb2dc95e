// 续期、补办、变更、授权: another order about a certificate that is there already.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { day } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Choice, Corrections, Empty, Fact, Loaded, Marked, Notice, Tick, Wrong } from "../../common/kit.js";
import { _, both } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { OnlyWith } from "./files.js";
import { Amount, Asked, Refused, Terms } from "./offers.js";

export const BUSINESS = ["renewal", "replacement", "change", "delegation"];
const TITLES = { renewal: () => _("Renew a certificate"), replacement: () => _("Replace a certificate"), change: () => _("Change a certificate"), delegation: () => _("Delegate a certificate") };
const ACTIONS = { renewal: "renew_certificate", replacement: "replace_certificate", change: "change_certificate", delegation: "delegate_certificate" };
const HINTS = {
  renewal: () => _("The days that are left are added to the new term. The old certificate ends when the new one is in use."),
  replacement: () => _("You get a new certificate for the rest of the term. The old one ends when the new one is in use."),
  change: () => _("The new certificate says what your enterprise's particulars are now, for the rest of the term."),
  delegation: () => _("The member is told when it is ready, downloads it on their own phone and sets a PIN of their own. You can withdraw it at any time."),
};
// What reasons point at on this form; everything else is of a paper, or of what is settled elsewhere.
const ON_THE_FORM = ["why", "delegate", "scope", "years", "amount"];
const BLANK = { years: 0, why: "lost_phone", account_id: "", scope: [], stranding_confirmed: false };

/** The form. `certificateId` is what it is about; `before` the rejected order that it corrects. */
export function Following({ business, certificateId, before, reasons = [], at = "" }) {
  const app = useApp();
  const found = useAsk("issuing.certificate", { certificate_id: certificateId });
  const one = found.value;
  const offering = useAsk("ordering.offers", { platform_id: one?.platform_id, product: one?.product, business }, { skip: !one });
  const form = useForm(`${business}-${certificateId}`, { ...BLANK, years: before?.years ?? 0, why: before?.why || BLANK.why, account_id: before?.delegate_account_id ?? "", scope: before?.scope ?? [] }, { never: ["stranding_confirmed"] });
  const [refused, setRefused] = useState(null);
  const [busy, deed] = useDeed((refusal) => { setRefused(refusal); form.refuse(refusal); });
  const offer = offering.value?.offers.find((other) => other.agency_id === one?.agency_id);
  useEffect(() => {
    const terms = offer?.terms.map((term) => term.years) ?? [];
    if (terms.length && !terms.includes(form.values.years)) form.set("years", terms[0]);
  }, [offer?.agency_id]);
  const place = () => deed(async (act) => {
    const order = await act(`ordering.${ACTIONS[business]}`, { certificate_id: certificateId, ...given(business, form.values) });
    form.done();
    app.router.replace(`orders/${order.id}`);
  });
  const papers = reasons.filter((reason) => !ON_THE_FORM.includes(reason.field));
  return html`<${Screen} title=${TITLES[business]()} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!offer || (business === "delegation" && !form.values.account_id)} onClick=${place}>${_("Next")}<//>`}>
    <${Refused} refusal=${refused} text=${form.errors[""] || form.errors.stranding_confirmed} />
    ${business !== "delegation" && html`<${OnlyWith} id=${certificateId} known=${form.values.stranding_confirmed} onKnown=${(yes) => form.set("stranding_confirmed", yes)} />`}
    <${Notice}>${HINTS[business]()}<//>
    <${Loaded} of=${one ? offering : found}>${(asked) => (offer ? html`<${Card} title=${_("The certificate now")}><dl>
        <${Fact} name=${_("Serial number")}><span class="mono">${one.serial_hex}</span><//><${Fact} name=${_("Valid")}>${_("{from} to {until}", { from: day(one.not_before), until: day(one.not_after) })}<//>
        <${Fact} name=${_("CA (certificate authority)")}>${both(offer.label)}<//></dl><//>
      <${Asked} offering=${asked} />
      <${Corrections} reasons=${reasons} at=${at}>
      <${Marked} fields=${papers.map((reason) => reason.field).join(" ")}>${papers.length > 0 && html`<p class="hint">${_("You hand the papers in again after this step.")}</p>`}<//>
      <${Choices} business=${business} form=${form} enterpriseId=${one.enterprise_id} />
      <${Marked} fields="years amount"><${Terms} offering=${asked} offer=${offer} value=${form.values.years} onChange=${(count) => form.set("years", count)} error=${form.errors.years} /><//>
      <${Amount} offer=${offer} count=${form.values.years} /><//>`
      : html`<${Empty} icon="certificate" title=${_("Not offered here")}>${_("Its CA does not offer this for this trading platform.")}<//>`)}<//>
  <//>`;
}

const FIELDS = { renewal: ["years", "stranding_confirmed"], replacement: ["why", "stranding_confirmed"], change: ["stranding_confirmed"], delegation: ["account_id", "scope", "years"] };
const given = (business, values) => Object.fromEntries(FIELDS[business].map((name) => [name, values[name]]));

function Choices({ business, form, enterpriseId }) {
  const words = useAsk("ordering.words");
  const named = (table) => Object.entries(words.value?.[table] ?? {}).map(([code, label]) => [code, both(label)]);
  if (business === "replacement") return html`<${Marked} fields="why"><${Choice} label=${_("Why is it replaced")} value=${form.values.why} options=${named("why")} onChange=${(one) => form.set("why", one)} error=${form.errors.why} /><//>`;
  if (business !== "delegation") return null;
  const { scope } = form.values;
  const toggle = (act, yes) => form.set("scope", yes ? [...scope, act] : scope.filter((other) => other !== act));
  return html`<${Marked} fields="delegate"><${Members} form=${form} enterpriseId=${enterpriseId} /><//>
    <${Marked} fields="scope"><fieldset class="choice"><legend>${_("What may they use it for")}</legend>${named("acts").map(([act, label]) => html`<${Tick} key=${act} checked=${scope.includes(act)} label=${label} onChange=${(yes) => toggle(act, yes)}>${label}<//>`)}
      ${form.errors.scope && html`<${Wrong}>${form.errors.scope}<//>`}</fieldset><//>`;
}

function Members({ form, enterpriseId }) {
  const { go } = useApp();
  const members = useAsk("registration.members", { enterprise_id: enterpriseId });
  return html`<${Loaded} of=${members}>${(all) => {
    const others = all.filter((one) => !one.me);
    if (!others.length) return html`<${Empty} icon="person" title=${_("No other member yet")} action=${html`<${Button} onClick=${() => go(`members/${enterpriseId}`)}>${_("Members")}<//>`}>${_("Invite the member first.")}<//>`;
    return html`<${Choice} label=${_("To which member")} value=${form.values.account_id} options=${others.map((one) => [one.account_id, one.name, one.phone])} onChange=${(one) => form.set("account_id", one)} error=${form.errors.account_id} />`;
  }}<//>`;
}
