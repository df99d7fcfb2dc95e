// 证书管理: what one has, in which state, and the way to a new one (新增证书 > 企业证书).
import { html, useState } from "../../vendor/htm-preact.js";
import { useApp, useAsk } from "../../common/hooks.js";
import { Button, Empty, Loaded, Row, Sheet } from "../../common/kit.js";
import { _, both } from "../../common/texts.js";
import { Screen } from "../layout.js";
import { CertificateCard } from "./home.js";

export { Certificate } from "./certificate.js";

/** The list. */
export function Certificates() {
  const { go } = useApp();
  const found = useAsk("issuing.mine");
  const orders = useAsk("ordering.mine");
  const platforms = useAsk("mall.platforms");
  const [adding, setAdding] = useState(false);
  const ready = (orders.value ?? []).filter((one) => one.status === "awaiting_download");
  const called = (one) => both(platforms.value?.[one.platform_id]?.label);
  const card = (one) => html`<${CertificateCard} key=${one.id} one=${one} platform=${called(one)} onClick=${() => go(`certificates/${one.id}`)} />`;
  return html`<${Screen} title=${_("Certificates")} foot=${html`<${Button} kind="primary" onClick=${() => setAdding(true)}>${_("New certificate")}<//>`}>
    ${ready.length > 0 && html`<div class="card list">${ready.map((one) => html`<${Row} key=${one.id} icon="certificate" title=${_("Approved: download your certificate")} note=${called(one)} onClick=${() => go(`orders/${one.id}`)} />`)}</div>`}
    <${Loaded} of=${found}>${(all) => {
      const living = all.filter((one) => one.status !== "revoked");
      const ended = all.filter((one) => one.status === "revoked");
      if (!all.length) return !ready.length && html`<${Empty} icon="certificate" title=${_("No certificate yet")}>${_("Onboard at a trading platform, then apply here: choose platform and CA, pay, wait for the review, download.")}<//>`;
      return html`${living.map(card)}${ended.length > 0 && html`<h2 class="section">${_("Ended certificates")}</h2>${ended.map(card)}`}`;
    }}<//>
    ${adding && html`<${Adding} onClose=${() => setAdding(false)} />`}
  <//>`;
}

function Adding({ onClose }) {
  const { go } = useApp();
  const kinds = [
    ["enterprise", "enterprise", _("Enterprise certificate"), _("For binding, signing in and sealing in the enterprise's name")],
    ["individual", "person", _("Individual certificate"), _("In your own name, for what you sign yourself")],
    ["event", "certificate", _("Event certificate"), _("For one act, on one day")],
  ];
  return html`<${Sheet} title=${_("New certificate")} onClose=${onClose}><div class="card list">${kinds.map(([product, icon, title, note]) => html`<${Row} key=${product} icon=${icon} title=${title} note=${note} onClick=${() => go(product === "enterprise" ? "apply" : `apply/${product}`)} />`)}</div><//>`;
}
