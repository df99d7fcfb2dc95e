// 证书管理: what one has, in which state, and the way to a new one (新增证书 > 企业证书).
import { html, useState } from "../../vendor/htm-preact.js";
import { day, moment } from "../../common/format.js";
import { useApp, useAsk, useDeed } from "../../common/hooks.js";
import { Button, Card, Choice, Empty, Fact, Loaded, Notice, Row, Sheet, Tag } from "../../common/kit.js";
import { _, both, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { Download } from "./download.js";
import { CertificateCard } from "./home.js";

/** The list. */
export function Certificates() {
  const { go } = useApp();
  const found = useAsk("issuing.mine");
  const orders = useAsk("ordering.mine");
  const platforms = useAsk("mall.platforms");
  const [adding, setAdding] = useState(false);
  const ready = (orders.value ?? []).filter((one) => one.status === "awaiting_download");
  return html`<${Screen} title=${_("Certificates")} foot=${html`<${Button} kind="primary" onClick=${() => setAdding(true)}>${_("New certificate")}<//>`}>
    ${ready.length > 0 && html`<div class="card list">${ready.map((one) => html`<${Row} key=${one.id} icon="certificate" title=${_("Approved: download your certificate")} note=${both(platforms.value?.[one.platform_id]?.label)} onClick=${() => go(`orders/${one.id}`)} />`)}</div>`}
    <${Loaded} of=${found}>${(all) => all.length ? all.map((one) => html`<${CertificateCard} key=${one.id} one=${one} platform=${both(platforms.value?.[one.platform_id]?.label)} onClick=${() => go(`certificates/${one.id}`)} />`)
      : !ready.length && html`<${Empty} icon="certificate" title=${_("No certificate yet")}>${_("Onboard at a trading platform, then apply here: choose platform and CA, pay, wait for the review, download.")}<//>`}<//>
    ${adding && html`<${Sheet} title=${_("New certificate")} onClose=${() => setAdding(false)}><div class="card list"><${Row} icon="enterprise" title=${_("Enterprise certificate")} note=${_("For binding, signing in and sealing in the enterprise's name")} onClick=${() => go("apply")} /></div>
      <p class="hint">${_("Certificates of persons and for single events are not offered yet.")}</p><//>`}
  <//>`;
}

const REASONS = ["keyCompromise", "cessationOfOperation", "superseded"];

/** One certificate. */
export function Certificate({ id }) {
  const app = useApp();
  const found = useAsk("issuing.certificate", { certificate_id: id });
  const platforms = useAsk("mall.platforms");
  const [open, setOpen] = useState("");
  const [reason, setReason] = useState(REASONS[0]);
  const [busy, deed] = useDeed();
  const revoke = () => deed(async (act) => {
    await act("issuing.revoke", { certificate_id: id, reason });
    setOpen("");
    found.reload();
    app.toast(_("The certificate has been revoked."));
  });
  if (open === "download" && found.value) return html`<${Download} certificate=${found.value} onBack=${() => setOpen("")} onDone=${() => setOpen("")} />`;
  return html`<${Screen} title=${_("Certificate")} foot=${found.value?.status === "issued" ? html`<${Button} kind="primary" onClick=${() => setOpen("download")}>${_("Take it into use")}<//>` : found.value?.status === "active" && html`<${Button} kind="primary" onClick=${() => app.go("scan")}>${_("Scan")}<//>`}>
    <${Loaded} of=${found}>${(one) => html`<${Card} title=${both(platforms.value?.[one.platform_id]?.label)}><dl>
        <${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(one.status)}>${ofCode(`certificate.status.${one.status}`)}<//><//><${Fact} name=${_("Kind of certificate")}>${ofCode(`certificate.kind.${one.kind}`)}<//>
        <${Fact} name=${_("Valid")}>${_("{from} to {until}", { from: day(one.not_before), until: day(one.not_after) })}<//><${Fact} name=${_("Serial number")}><span class="mono">${one.serial_hex}</span><//>
        ${one.activated_at && html`<${Fact} name=${_("In use since")}>${moment(one.activated_at)}<//>`}${one.revoked_at && html`<${Fact} name=${_("Revoked")}>${moment(one.revoked_at)}<//>`}</dl><//>
      ${["active", "issued", "suspended"].includes(one.status) && html`<${Button} kind="danger wide" onClick=${() => setOpen("revoke")}>${_("Revoke")}<//>`}`}<//>
    ${open === "revoke" && html`<${Sheet} title=${_("Revoke the certificate?")} onClose=${() => setOpen("")} foot=${html`<${Button} kind="primary" busy=${busy} onClick=${revoke}>${_("Revoke for good")}<//>`}>
      <${Notice} tone="bad">${_("It cannot be taken back: bindings with it end, and nothing can be signed with it any more.")}<//>
      <${Choice} label=${_("Why")} value=${reason} options=${REASONS.map((one) => [one, ofCode(`revocation.${one}`)])} onChange=${setReason} /><//>`}
  <//>`;
}
