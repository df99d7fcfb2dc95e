// A contract's public page: its state, who signed, and the digests that a file in hand is compared with.
import { Fact, Notice, Tag } from "../common/kit.js";
import { Icon } from "../common/icons.js";
import { moment } from "../common/format.js";
import { _, ofCode } from "../common/texts.js";
import { html } from "../vendor/htm-preact.js";
import { roleName } from "./words.js";

const TONES = { passed: "good", voided: "bad", withdrawn: "bad", declined: "bad", expired: "bad" };

const said = (state, signed) =>
  (state === "draft" && signed ? _("Every party has signed; the contract is not submitted for review yet.") : {
    passed: _("This contract was signed by every party and passed review."),
    in_review: _("Every party has signed; the contract is in review."),
    draft: _("This contract is being signed: it is not in force yet."),
    returned: _("This contract was returned for correction and is not in force."),
    declined: _("A party declined to sign: this contract is not in force."),
    withdrawn: _("This contract was withdrawn: it is not in force."),
    voided: _("The parties agreed to void this contract: it is no longer in force."),
    expired: _("The time to sign ran out: this contract is not in force."),
  }[state]) ?? "";

function Party({ party, signature }) {
  const signed = party.status === "signed";
  return html`<li class="party"><${Icon} name=${signed ? "tick" : "clock"} size=${22} />
    <div><b>${party.enterprise}</b><small>${roleName(party.role)}</small>
      ${signature && html`<small>${ofCode(signature.seal)} <span class="mono">${signature.seal_code}</span></small>`}</div>
    <${Tag} tone=${signed ? "good" : "wait"}>${signed ? moment(party.signed_at) : _("Not signed yet")}<//></li>`;
}

/** The contract, once it is known. */
export function Contract({ of }) {
  if (!of) return html`<p class="working"><span class="spinner"></span> ${_("Loading…")}</p>`;
  if (of.missing) {
    return html`<${Notice} tone="bad"><b>${_("No contract has this code.")}</b>
      <p>${_("The code may be damaged or forged. Hand in the PDF itself to verify its signatures.")}</p><//>`;
  }
  const newest = of.files.find((one) => one.newest);
  return html`<section class="contract" aria-labelledby="number">
    <p class="over">${_("Contract")} <span class="mono" id="number">${of.number}</span></p>
    <h1>${of.name}</h1>
    <p class=${`state ${TONES[of.state] ?? "wait"}`}><${Tag} tone=${TONES[of.state] ?? "wait"}>${ofCode(`contract.status.${of.state}`)}<//>
      <span>${said(of.state, of.parties.every((one) => one.status === "signed"))}</span></p>
    <ul class="parties">${of.parties.map((party) => html`<${Party} key=${party.role} party=${party}
      signature=${of.signatures.find((one) => one.role === party.role)} />`)}</ul>
    ${newest && html`<details class="digest"><summary>${_("SHA-256 of the newest document")}</summary>
      <p class="mono">${newest.sha256}</p>
      <dl><${Fact} name=${_("Number of pages")}>${newest.pages}<//><${Fact} name=${_("Version")}>${newest.version}<//>
        <${Fact} name=${_("Kept since")}>${moment(newest.created_at)}<//></dl></details>`}
    <p class="quiet">${_("Names of persons and amounts are not shown here.")}</p>
  </section>`;
}

/** Whether a file is one of this contract's documents. */
export function Compared({ contract, sha256 }) {
  if (!contract?.files) return null;
  const same = contract.files.find((one) => one.sha256 === sha256);
  if (!same) {
    return html`<${Notice} tone="bad"><b>${_("This file is none of this contract's documents.")}</b>
      <p>${_("It may be changed, or belong to another contract.")}</p><//>`;
  }
  if (same.newest) return html`<${Notice} tone="good">${_("This file is the contract's newest document, byte for byte.")}<//>`;
  return html`<${Notice} tone="wait">${_("This file is an earlier document of this contract, from before others signed.")}<//>`;
}
