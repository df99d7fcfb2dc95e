// 申请企业证书: enterprise, platform, CA and seal agency, term, download mode, 下一步, and the order.
import { html, useEffect, useState } from "../../vendor/htm-preact.js";
import { years, yuan } from "../../common/format.js";
import { useApp, useAsk, useDeed, useForm } from "../../common/hooks.js";
import { Button, Card, Choice, Corrections, Fact, Loaded, Marked, Notice } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { EnterprisePicker, PlatformPicker } from "./pickers.js";

const BLANK = { enterprise_id: "", platform_id: "", agency_id: "", seal_agency_id: "", certificate_kind: "platform", years: 0, text: "" };

// What reasons point at, by the step of the form where it is chosen; everything else is a paper.
const ON_FIRST = ["enterprise", "uscc", "applicant", "platform"];
const ON_SECOND = ["agency", "years", "amount"];

/** The application; `id` is the enterprise where it is known, or the rejected order that it corrects. */
export function Apply({ id, more }) {
  const again = id.startsWith("ord_");
  const rejected = useAsk("ordering.order", { order_id: id }, { skip: !again });
  const reasons = useAsk("ordering.rejection", { order_id: id }, { skip: !again });
  if (!again) return html`<${Application} enterpriseId=${id} />`;
  if (!rejected.value || !reasons.value) return html`<${Screen} title=${_("Enterprise certificate")}><${Loaded} of=${rejected.value ? reasons : rejected}>${() => null}<//><//>`;
  return html`<${Application} enterpriseId=${rejected.value.enterprise_id} before=${rejected.value} reasons=${reasons.value} at=${more} />`;
}

function Application({ enterpriseId, before, reasons = [], at = "" }) {
  const app = useApp();
  const form = useForm("apply", { ...BLANK, enterprise_id: enterpriseId });
  const platforms = useAsk("mall.platforms");
  const me = useAsk("registration.me");
  const agencies = useAsk("ordering.agencies");
  const [step, setStep] = useState("platform");
  const papers = reasons.filter((reason) => ![...ON_FIRST, ...ON_SECOND].includes(reason.field));
  const [code, setCode] = useState("");
  const [busy, deed] = useDeed((refusal) => { setCode(refusal.code); form.refuse(refusal); });
  const { text, ...given } = form.values;
  useEffect(() => {
    const own = me.value?.enterprises;
    if (!given.enterprise_id && own?.length === 1) form.set("enterprise_id", own[0].id);
  }, [me.value]);
  useEffect(() => {
    if (!before || !platforms.value) return;
    const kept = ["enterprise_id", "platform_id", "agency_id", "seal_agency_id", "certificate_kind", "years"];
    form.fill(Object.fromEntries(kept.map((name) => [name, before[name]])));
    if (!ON_FIRST.includes(at)) setStep("particulars");
  }, [platforms.value && before?.id]);
  const platform = platforms.value?.[given.platform_id];
  const choose = (platformId, found) => form.fill({
    platform_id: platformId, agency_id: found.agencies[0], seal_agency_id: found.seal_agencies[0], certificate_kind: found.certificate_kinds[0], years: found.years[0],
  });
  const place = () => deed(async (act) => {
    const order = await act("ordering.place_order", given);
    form.done();
    app.router.replace(`orders/${order.id}`);
  });
  if (step === "platform" || !platform) {
    return html`<${Screen} title=${_("Enterprise certificate")} foot=${html`<${Button} kind="primary" disabled=${!given.enterprise_id || !platform} onClick=${() => setStep("particulars")}>${_("Next")}<//>`}>
      <${Corrections} reasons=${reasons} at=${at}>
      <h2 class="section">${_("For which enterprise")}</h2><${Marked} fields="enterprise uscc applicant"><${EnterprisePicker} value=${given.enterprise_id} onChange=${(one) => form.set("enterprise_id", one)} /><//>
      <h2 class="section">${_("For which trading platform")}</h2><${Marked} fields="platform"><${PlatformPicker} form=${form} value=${given.platform_id} onChange=${choose} /><//><//>
    <//>`;
  }
  const missing = code === "ordering.not_onboarded" && html`<button type="button" class="link" onClick=${() => app.go(`onboard/${given.enterprise_id}/${given.platform_id}`)}>${_("Onboard at a platform")}</button>`;
  return html`<${Screen} title=${_("Enterprise certificate")} onBack=${() => setStep("platform")} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${place}>${_("Next")}<//>`}>
    <${Notice} tone="bad" action=${missing}>${form.errors[""]}<//>
    <${Card} title=${both(platform.label)}><dl><${Fact} name=${_("Download")}>${platform.download_mode === "automatic" ? _("Automatic after approval") : _("By hand, in orders or certificates")}<//>
      <${Fact} name=${_("Payment")}>${platform.payment === "before_review" ? _("Before the review") : _("After the review")}<//>
      <${Fact} name=${_("Papers")}>${platform.attachments.length ? platform.attachments.map((one) => both(one.label)).join(_(", ")) : _("None asked for")}<//></dl><//>
    <${Corrections} reasons=${reasons} at=${at}>
      <${Marked} fields=${papers.map((reason) => reason.field).join(" ")}>${papers.length > 0 && html`<p class="hint">${_("You hand the papers in again after this step.")}</p>`}<//>
      <${Options} form=${form} platform=${platform} agencies=${agencies.value} /><//>
  <//>`;
}

function Options({ form, platform, agencies }) {
  const { values } = form;
  const named = (table, one) => both(agencies?.[table]?.[one]?.label) || ofCode(`agency.${one}`);
  const price = agencies?.certificate_agencies?.[values.agency_id]?.price_per_year_fen;
  return html`<${Marked} fields="agency"><${Choice} label=${_("CA (certificate authority)")} value=${values.agency_id} options=${platform.agencies.map((one) => [one, named("certificate_agencies", one), agencies && `${yuan(agencies.certificate_agencies[one].price_per_year_fen)} / ${_("year")}`])} onChange=${(one) => form.set("agency_id", one)} error=${form.errors.agency_id} /><//>
    <${Choice} label=${_("Seal agency")} value=${values.seal_agency_id} options=${platform.seal_agencies.map((one) => [one, named("seal_agencies", one)])} onChange=${(one) => form.set("seal_agency_id", one)} error=${form.errors.seal_agency_id} />
    <${Choice} label=${_("Kind of certificate")} value=${values.certificate_kind} options=${platform.certificate_kinds.map((one) => [one, ofCode(`certificate.kind.${one}`)])} onChange=${(one) => form.set("certificate_kind", one)} error=${form.errors.certificate_kind} />
    <${Marked} fields="years amount"><${Choice} label=${_("Term")} value=${values.years} options=${platform.years.map((one) => [one, years(one)])} onChange=${(one) => form.set("years", one)} error=${form.errors.years} /><//>
    ${price !== undefined && html`<p class="big-amount"><span class="price">${yuan(price * values.years)}</span></p>`}`;
}
