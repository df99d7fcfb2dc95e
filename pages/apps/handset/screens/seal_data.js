// 电子印章数据: the signed object as GB/T 38540 has it, field by field, and the steps of its check.
import { html } from "../../vendor/htm-preact.js";
import { day, moment } from "../../common/format.js";
import { useAsk } from "../../common/hooks.js";
import { Icon } from "../../common/icons.js";
import { Card, Empty, Fact, Loaded, Notice, Tag } from "../../common/kit.js";
import { _, ofCode } from "../../common/texts.js";
import { toneOf } from "../../common/tones.js";
import { Screen } from "../layout.js";
import { sizeLabel } from "./seal_kinds.js";

/** The data of the seal `id`. */
export function SealData({ id }) {
  const found = useAsk("sealing.seal_data", { seal_id: id });
  return html`<${Screen} title=${_("Electronic seal data")}><${Loaded} of=${found}>${(data) => (data ? html`<${Notice} tone=${data.genuine ? "good" : "bad"}>${data.genuine ? _("Genuine: made and signed by the seal agency, and unchanged since.") : _("This seal does not pass its check. Do not use it; call customer service.")}<//>
      <${Steps} title=${_("Checked, in the standard's order")} all=${data.steps} /><${Fields} data=${data} /><${MadeBy} maker=${data.maker} /><${Listed} data=${data} />`
    : html`<${Empty} icon="clock" title=${_("Not made yet")} />`)}<//><//>`;
}

const SIGNS = { passed: ["check", "good"], failed: ["warn", "bad"], not_checked: ["clock", "wait"] };

function Steps({ title, all }) {
  return html`<${Card} title=${title}><ol class="seal-steps plain">${all.map((one) => {
    const [icon, tone] = SIGNS[one.outcome] ?? SIGNS.not_checked;
    return html`<li key=${one.step} data-outcome=${one.outcome}><span class=${tone}><${Icon} name=${icon} size=${18} /></span><span><b>${ofCode(`seal.step.${one.step}`)}</b>
      <small>${ofCode(`seal.outcome.${one.outcome}`)}${one.reasons.length > 0 && `: ${one.reasons.map((each) => ofCode(each)).join(_(", "))}`}</small></span></li>`;
  })}</ol><//>`;
}

const Mono = ({ children }) => html`<span class="mono">${children}</span>`;

function Fields({ data }) {
  const rows = [["header.ID", data.header_id], ["header.version", data.version], ["header.Vid", data.maker_id], ["esID", data.es_id], ["property.type", `${data.kind}`], ["property.name", data.name],
    ["property.certListType", data.list_kind === 2 ? _("2 · digests of certificates") : _("1 · certificates")], ["property.createDate", moment(data.created_at)], ["property.validStart", moment(data.valid_from)], ["property.validEnd", moment(data.valid_to)],
    ["picture.type", data.picture_type], ["picture.data", _("{count} bytes", { count: data.picture_bytes })], [_("SHA-256 of the picture"), data.picture_sha256], ["picture.width × height", sizeLabel(`${data.width_mm}x${data.height_mm}`)],
    ["signAlgID", data.signature_algorithm], ["signedValue", `${data.signature_hex.slice(0, 32)}…`], [_("SHA-256 of the whole"), data.sha256]];
  return html`<${Card} title=${_("Fields")}><p class="hint">${data.standard}</p><dl class="wide-facts">${rows.map(([name, value]) => html`<${Fact} key=${name} name=${name}><${Mono}>${value}<//><//>`)}</dl><//>`;
}

function MadeBy({ maker }) {
  if (!maker) return null;
  return html`<${Card} title=${_("Seal maker")}><dl><${Fact} name=${_("Organization")}>${maker.organization}<//><${Fact} name=${_("Certificate")}><${Mono}>${maker.serial_hex}<//><//><${Fact} name=${_("Issued by")}>${maker.issuer}<//>
    <${Fact} name=${_("Valid")}>${_("{from} to {until}", { from: day(maker.not_before), until: day(maker.not_after) })}<//></dl><//>`;
}

/** Which certificates the seal may be used with. */
function Listed({ data }) {
  return html`<${Card} title=${_("Certificates that may use it")}>${data.waiting > 0 && html`<${Notice} tone="wait">${_("It is being signed anew for {count} more.", { count: data.waiting })}<//>`}
    ${data.listed.map((one) => html`<div class="data-row" key=${one.digest}><dl>${one.serial_hex && html`<${Fact} name=${_("Serial number")}><${Mono}>${one.serial_hex}<//><//>`}
      ${one.status && html`<${Fact} name=${_("Where it stands")}><${Tag} tone=${toneOf(one.status)}>${ofCode(`certificate.status.${one.status}`)}<//><//>`}${one.not_after > 0 && html`<${Fact} name=${_("Valid until")}>${day(one.not_after)}<//>`}
      <${Fact} name=${_("Digest")}><${Mono}>${one.digest}<//><//>${one.steps.map((step) => html`<${Fact} key=${step.step} name=${ofCode(`seal.step.${step.step}`)}>${ofCode(`seal.outcome.${step.outcome}`)}${step.reasons.map((each) => html`<br />${ofCode(each)}`)}<//>`)}</dl></div>`)}
    ${!data.listed.length && html`<p class="hint">${_("None yet")}</p>`}<//>`;
}
