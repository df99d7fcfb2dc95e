// A judgment in three depths: the answer, what it rests on, and every number behind it.
import { Button, Fact, Tag } from "../common/kit.js";
import { moment, saveAs } from "../common/format.js";
import { Icon } from "../common/icons.js";
import { _ } from "../common/texts.js";
import { html, useState } from "../vendor/htm-preact.js";
import { Compared } from "./contract.js";
import {
  afterwards, headline, meaning, outcomeName, outcomeTone, permission, revisionName, revocationName, stateOf, stepName, toneOf,
} from "./words.js";

const SIGNS = { good: "tick", wait: "clock", bad: "warn", still: "help" };
const when = (one) => one.timestamp_at ?? one.signed_at;
const kilobytes = (size) => `${(size / 1024).toLocaleString("en-US", { maximumFractionDigits: 1 })} kB`;

/** What stands behind what: the file's bytes from first to last, each revision by what it brought. */
export function Coverage({ told }) {
  if (!told.revisions.length) return null;
  const whose = (field) => {
    const signed = told.signatures.find((one) => one.field === field && one.kind === "signature");
    return signed ? `: ${signed.organization || signed.signer_name}` : "";
  };
  const name = (one) => `${one.number}. ${revisionName(one.kind)}${whose(one.field)}`;
  return html`<figure class="coverage"><figcaption>${_("The file, revision by revision")}</figcaption>
    <div class="bar" role="img" aria-label=${told.revisions.map(name).join("; ")}>
      ${told.revisions.map((one) => html`<span key=${one.number} class=${one.kind} title=${name(one)}
        style=${`flex-grow:${Math.max(one.end - one.begin, told.size / 24)}`}>${one.number}</span>`)}</div>
    <ol>${told.revisions.map((one) => html`<li key=${one.number}><i class=${one.kind}></i><span>${name(one)}</span>
      <small class="mono">${one.begin}–${one.end}</small></li>`)}</ol></figure>`;
}

function Simple({ told }) {
  return html`<ul class="signers">${told.signatures.map((one) => {
    const [tone, word] = stateOf(one);
    return html`<li key=${one.field}><${Icon} name=${SIGNS[tone]} size=${22} />
      <div><b>${one.kind === "timestamp" ? _("Document time-stamp") : one.organization || one.signer_name}</b>
        <small>${when(one) ? moment(when(one)) : "—"}${one.seal?.name ? ` · ${_("with its electronic seal")}` : ""}</small></div>
      <${Tag} tone=${tone}>${word}<//></li>`;
  })}</ul>`;
}

function SealCard({ seal }) {
  return html`<div class="sealcard">${seal.picture && html`<img src=${`data:image/png;base64,${seal.picture}`} alt=${seal.name} />`}
    <dl><${Fact} name=${_("Electronic seal")}>${seal.name ?? "—"}<//><${Fact} name=${_("Seal code")}><span class="mono">${seal.code ?? "—"}</span><//>
      <${Fact} name=${_("Seal maker")}>${seal.maker || "—"}<//>
      ${seal.valid_from && html`<${Fact} name=${_("Seal valid")}>${moment(seal.valid_from)} – ${moment(seal.valid_to)}<//>`}</dl></div>`;
}

function Why({ codes, said }) {
  if (!codes.length) return null;
  return html`<ul class="why">${codes.map((code) => html`<li key=${code}><${Icon} name="warn" size=${18} /><span>${_(said[code] ?? code)}</span></li>`)}</ul>`;
}

function Detailed({ told }) {
  return html`${told.signatures.map((one) => {
    const [tone, word] = stateOf(one);
    const certificate = one.details.certificate;
    return html`<section class="card" key=${one.field}>
      <h2>${one.kind === "timestamp" ? _("Document time-stamp") : one.organization || one.signer_name} <${Tag} tone=${tone}>${word}<//></h2>
      <${Why} codes=${one.reasons} said=${told.said} />
      ${one.seal && html`<${SealCard} seal=${one.seal} />`}
      <dl class="facts">
        <${Fact} name=${_("Signed by")}>${one.signer_name}<//>
        <${Fact} name=${_("Time")}>${one.timestamp_at ? `${moment(one.timestamp_at)} (${_("proved by a time-stamp")})` : one.signed_at ? `${moment(one.signed_at)} (${_("told by the signer alone")})` : "—"}<//>
        <${Fact} name=${_("Level")}>${one.level}<//>
        <${Fact} name=${_("Integrity")}>${one.intact ? _("What was signed is unchanged") : _("What was signed was changed")}<//>
        <${Fact} name=${_("Afterwards")}>${afterwards(one.modification)}<//>
        <${Fact} name=${_("Revocation")}>${revocationName(one.revocation)}<//>
        ${certificate && html`<${Fact} name=${_("Certificate")}>${certificate.issuer}, ${moment(certificate.not_before)} – ${moment(certificate.not_after)}<//>`}
        ${one.details.places.length > 0 && html`<${Fact} name=${_("Shown on")}>${_("page {pages}", { pages: [...new Set(one.details.places.map((p) => p.page))].join(", ") })}<//>`}
        ${one.details.reason && html`<${Fact} name=${_("Reason")}>${one.details.reason}<//>`}
        ${one.details.location && html`<${Fact} name=${_("Place")}>${one.details.location}<//>`}
      </dl></section>`;
  })}
  <${Coverage} told=${told} />
  ${told.compared && html`<p class="quiet">${told.compared.differing.length
    ? _("Pages that look otherwise than when first signed: {pages}.", { pages: told.compared.differing.join(", ") })
    : _("{count} of {pages} pages compared by their looks: outside the seals nothing differs from when they were first signed.", { count: told.compared.compared, pages: told.compared.pages })}</p>`}`;
}

function Technical({ told }) {
  return html`<section class="card"><h2>${_("File")}</h2><dl class="facts">
      <${Fact} name="SHA-256"><span class="mono">${told.sha256 || "—"}</span><//>
      <${Fact} name=${_("File size")}>${kilobytes(told.size)}<//><${Fact} name=${_("Number of pages")}>${told.pages}<//>
      <${Fact} name=${_("Verdict")}><span class="mono">${told.verdict} ${told.reasons.join(" ")}</span><//></dl></section>
  ${told.signatures.map((one) => {
    const { certificate, ...more } = one.details;
    return html`<section class="card" key=${one.field}><h2 class="mono">${one.field}</h2><dl class="facts">
      <${Fact} name="SubFilter"><span class="mono">${more.format}</span><//>
      <${Fact} name=${_("Algorithms")}><span class="mono">${more.digest} / ${more.algorithm}</span><//>
      <${Fact} name="ByteRange"><span class="mono">[${more.byte_range.join(" ")}]</span><//>
      <${Fact} name=${_("Covers")}><span class="mono">${one.covers}, ${_("revision")} ${more.revision}</span><//>
      <${Fact} name=${_("Permits")}>${permission(more.permission)}<//>
      <${Fact} name=${_("Time-stamp authority")}>${more.timestamp_authority || "—"}<//>
      ${certificate && html`<${Fact} name=${_("Serial number")}><span class="mono">${certificate.serial_hex}</span><//>
        <${Fact} name=${_("Key")}><span class="mono">${certificate.key}</span><//>
        <${Fact} name=${_("Certificate SHA-256")}><span class="mono">${certificate.sha256}</span><//>`}
      <${Fact} name=${_("Issuers in the file")}>${more.issuers.join(" ← ") || "—"}<//>
      <${Fact} name=${_("Codes")}><span class="mono">${one.reasons.join(" ") || "—"}</span><//></dl>
      ${certificate && html`<${Button} kind="plain small" onClick=${() => saveAs(`${certificate.serial_hex}.cer`, certificate.der, "application/pkix-cert")}>${_("Download the certificate")}<//>`}
      ${one.seal && html`<ol class="steps">${one.seal.steps.map((step) => html`<li key=${step.step}><span>${stepName(step.step)}</span>
        <${Tag} tone=${outcomeTone(step.outcome)}>${outcomeName(step.outcome)}<//>${step.reasons.length > 0 && html`<small class="mono">${step.reasons.join(" ")}</small>`}</li>`)}</ol>`}
    </section>`;
  })}
  <${Coverage} told=${told} />`;
}

/** The judgment of a file. */
export function Result({ told, contract }) {
  const [depth, setDepth] = useState("simple");
  const depths = [["simple", _("Simple")], ["detailed", _("Detailed")], ["technical", _("Technical")]];
  const tone = toneOf(told.verdict);
  const Shown = { simple: Simple, detailed: Detailed, technical: Technical }[depth];
  return html`<section class=${`verdict ${tone}`}><${Icon} name=${SIGNS[tone]} size=${40} />
      <div><h2>${headline(told.verdict)}</h2><p>${meaning(told.verdict)}</p><small>${told.name}</small></div></section>
    <${Compared} contract=${contract} sha256=${told.sha256} />
    <${Why} codes=${told.reasons} said=${told.said} />
    ${told.signatures.length > 0 && html`<div class="tabs" role="tablist" aria-label=${_("How much to show")}>${depths.map(([of, label]) => html`<button
      type="button" role="tab" key=${of} aria-selected=${String(of === depth)} onClick=${() => setDepth(of)}>${label}</button>`)}</div>
    <div role="tabpanel"><${Shown} told=${told} /></div>`}`;
}
