// 申请证书: for whom, platform, CA and seal agency, term, download mode, 下一步, and the order.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Choice, Corrections, Empty, Loaded, Marked, Notice } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { BUSINESS, Following } from "./following.js";
import { Amount, Asked, Offers, Refused, Terms } from "./offers.js";
import { EnterprisePicker, PlatformPicker } from "./pickers.js";

const BLANK = { product: "enterprise", enterprise_id: "", platform_id: "", agency_id: "", seal_agency_id: "", certificate_kind: "platform", years: 0, scope: [], text: "" };
const PRODUCTS = ["enterprise", "individual", "event"];
const TITLES = { enterprise: () => _("Enterprise certificate"), individual: () => _("Individual certificate"), event: () => _("Event certificate") };

// What reasons point at, by the step of the form where it is chosen; everything else is a paper.
const ON_FIRST = ["enterprise", "uscc", "applicant", "platform", "product"];
const ON_SECOND = ["agency", "years", "amount", "scope"];

/**
 * The application. `id` is the enterprise where it is known, a product, the rejected order that it corrects,
 * or a kind of business, and then `more` the certificate that it is about.
 */
export function Apply({ id, more }) {
  const again = id.startsWith("ord_");
  const rejected = useAsk("ordering.order", { order_id: id }, { skip: !again });
  const reasons = useAsk("ordering.rejection", { order_id: id }, { skip: !again });
  if (BUSINESS.includes(id)) return html`<${Following} business=${id} certificateId=${more} />`;
  if (!again) return html`<${Application} key=${id} product=${PRODUCTS.includes(id) ? id : "enterprise"} enterpriseId=${PRODUCTS.includes(id) ? "" : id} />`;
  if (!rejected.value || !reasons.value) return html`<${Screen} title=${_("New certificate")}><${Loaded} of=${rejected.value ? reasons : rejected}>${() => null}<//><//>`;
  const before = rejected.value;
  if (before.business !== "new") return html`<${Following} business=${before.business} certificateId=${before.replaces} before=${before} reasons=${reasons.value} at=${more} />`;
  return html`<${Application} product=${before.product} enterpriseId=${before.enterprise_id ?? ""} before=${before} reasons=${reasons.value} at=${more} />`;
}

function Application({ product, enterpriseId, before, reasons = [], at = "" }) {
  const form = useForm(`apply-${product}`, { ...BLANK, product, enterprise_id: enterpriseId });
  const platforms = useAsk("mall.platforms");
  const me = useAsk("registration.me");
  const [step, setStep] = useState("platform");
  const { values } = form;
  useEffect(() => {
    const own = me.value?.enterprises;
    if (product === "enterprise" && !values.enterprise_id && own?.length === 1) form.set("enterprise_id", own[0].id);
  }, [me.value]);
  useEffect(() => {
    if (!before || !platforms.value) return;
    const kept = ["platform_id", "agency_id", "seal_agency_id", "certificate_kind", "years", "scope"];
    form.fill({ ...Object.fromEntries(kept.map((name) => [name, before[name]])), enterprise_id: before.enterprise_id ?? "" });
    if (!ON_FIRST.includes(at)) setStep("particulars");
  }, [platforms.value && before?.id]);
  const chosen = platforms.value?.[values.platform_id];
  const ready = chosen && (product !== "enterprise" || values.enterprise_id);
  if (step === "particulars" && chosen) return html`<${Particulars} form=${form} product=${product} reasons=${reasons} at=${at} onBack=${() => setStep("platform")} />`;
  return html`<${Screen} title=${TITLES[product]()} foot=${html`<${Button} kind="primary" disabled=${!ready} onClick=${() => setStep("particulars")}>${_("Next")}<//>`}>
    <${Corrections} reasons=${reasons} at=${at}>
    ${product === "enterprise" && html`<h2 class="section">${_("For which enterprise")}</h2><${Marked} fields="enterprise uscc applicant"><${EnterprisePicker} value=${values.enterprise_id} onChange=${(one) => form.set("enterprise_id", one)} /><//>`}
    ${product === "event" && html`<${ForWhom} form=${form} own=${me.value?.enterprises ?? []} />`}
    ${product === "individual" && html`<${Notice}>${_("In your own proven name. It signs for you alone, never for an enterprise.")}<//>`}
    <h2 class="section">${_("For which trading platform")}</h2><${Marked} fields="platform product"><${PlatformPicker} form=${form} value=${values.platform_id} onChange=${(one) => form.fill({ platform_id: one, agency_id: "" })} /><//><//>
  <//>`;
}

function ForWhom({ form, own }) {
  const options = [["", _("Myself")], ...own.map((one) => [one.id, one.name])];
  return html`<${Choice} label=${_("For whom")} value=${form.values.enterprise_id} options=${options} onChange=${(one) => form.set("enterprise_id", one)} />`;
}

function Particulars({ form, product, reasons, at, onBack }) {
  const app = useApp();
  const { values } = form;
  const offering = useAsk("ordering.offers", { platform_id: values.platform_id, product, business: "new" });
  const [refused, setRefused] = useState(null);
  const [busy, deed] = useDeed((refusal) => { setRefused(refusal); form.refuse(refusal); });
  const { offers = [], seal_agencies: seals = {} } = offering.value ?? {};
  const offer = offers.find((one) => one.agency_id === values.agency_id) ?? offers[0];
  useEffect(() => {
    if (!offer) return;
    const kept = (value, all) => (all.includes(value) ? value : all[0]);
    form.fill({
      agency_id: offer.agency_id,
      years: kept(values.years, offer.terms.map((term) => term.years)),
      certificate_kind: kept(values.certificate_kind, offer.certificate_kinds),
      seal_agency_id: kept(values.seal_agency_id, Object.keys(seals)) ?? "",
    });
  }, [offer?.agency_id]);
  const place = () => deed(async (act) => {
    if (product === "event" && !values.scope.length) return form.wrong("scope", _("Choose the act that it is for."));
    const { text, ...given } = values;
    const order = await act("ordering.place_order", { ...given, scope: product === "event" ? given.scope : [] });
    form.done();
    return app.router.replace(`orders/${order.id}`);
  });
  const papers = reasons.filter((reason) => ![...ON_FIRST, ...ON_SECOND].includes(reason.field));
  return html`<${Screen} title=${TITLES[product]()} onBack=${onBack} foot=${html`<${Button} kind="primary" busy=${busy} disabled=${!offer} onClick=${place}>${_("Next")}<//>`}>
    <${Refused} refusal=${refused} text=${form.errors[""] || form.errors.platform_id} />
    <${Loaded} of=${offering}>${(found) => (found.offered && offer ? html`<${Asked} offering=${found} />
      <${Corrections} reasons=${reasons} at=${at}>
      <${Marked} fields=${papers.map((reason) => reason.field).join(" ")}>${papers.length > 0 && html`<p class="hint">${_("You hand the papers in again after this step.")}</p>`}<//>
      ${product === "event" && html`<${Marked} fields="scope"><${Act} form=${form} /><//>`}
      <${Marked} fields="agency"><${Offers} offering=${found} value=${offer.agency_id} onChange=${(one) => form.set("agency_id", one.agency_id)} error=${form.errors.agency_id} /><//>
      ${Object.keys(seals).length > 0 && html`<${Choice} label=${_("Seal agency")} value=${values.seal_agency_id} options=${Object.entries(seals).map(([one, label]) => [one, both(label)])} onChange=${(one) => form.set("seal_agency_id", one)} error=${form.errors.seal_agency_id} />`}
      <${Choice} label=${_("Kind of certificate")} value=${values.certificate_kind} options=${offer.certificate_kinds.map((one) => [one, ofCode(`certificate.kind.${one}`)])} onChange=${(one) => form.set("certificate_kind", one)} error=${form.errors.certificate_kind} />
      <${Marked} fields="years amount"><${Terms} offering=${found} offer=${offer} value=${values.years} onChange=${(one) => form.set("years", one)} error=${form.errors.years} /><//>
      <${Amount} offer=${offer} count=${values.years} /><//>`
      : html`<${Empty} icon="certificate" title=${_("Not offered here")}>${_("This trading platform does not take this kind of certificate. Choose another platform.")}<//>`)}<//>
  <//>`;
}

function Act({ form }) {
  const words = useAsk("ordering.words");
  const options = Object.entries(words.value?.acts ?? {}).map(([one, label]) => [one, both(label)]);
  return html`<${Choice} label=${_("For which act")} value=${form.values.scope[0]} options=${options} onChange=${(one) => form.set("scope", [one])} error=${form.errors.scope} />`;
}
