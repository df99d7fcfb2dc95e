// What verdicts, states and steps are called, and the tone in which they are said.
import { _ } from "../common/texts.js";

const TONES = {
  valid: "good", valid_extended: "wait", indeterminate: "wait", invalid: "bad", unsigned: "still", unreadable: "bad",
};
export const toneOf = (verdict) => TONES[verdict] ?? "bad";

export const headline = (verdict) =>
  ({
    valid: _("Valid and unchanged"),
    valid_extended: _("Valid; permitted additions were made after signing"),
    indeterminate: _("Cannot be established here"),
    invalid: _("Invalid or changed"),
    unsigned: _("Not signed"),
    unreadable: _("Not a readable PDF"),
  })[verdict] ?? _("Invalid or changed");

export const meaning = (verdict) =>
  ({
    valid: _("Every signature is genuine, its certificate was good when it was made, and nothing was changed since."),
    valid_extended: _("The signatures hold. What was added afterwards is permitted, but no signature covers it."),
    indeterminate: _("The signatures are intact. Who made them, or whether their certificates were good, cannot be proved here: do not rely on it."),
    invalid: _("Do not rely on this document. Ask who gave it to you for the original."),
    unsigned: _("The document carries no electronic signature, so nothing can be said of who made it or whether it was changed."),
    unreadable: _("Nothing can be said of signatures in this file."),
  })[verdict] ?? "";

/** A signature's own state: word and tone. */
export function stateOf(one) {
  if (!one.intact || one.reasons.includes("changed_after_signing")) return ["bad", _("Changed or broken")];
  if (one.reasons.includes("seal_wrong")) return ["bad", _("Seal not valid")];
  if (one.revocation === "revoked") return ["bad", _("Certificate revoked")];
  if (!one.trusted) return ["wait", _("Issuer not established")];
  if (one.revocation === "unknown") return ["wait", _("Revocation unknown")];
  if (one.reasons.length) return ["wait", _("With reservations")];
  return ["good", _("Holds")];
}

export const stepName = (step) =>
  ({
    format: _("Form of the seal (GB/T 38540)"),
    maker_signature: _("The seal maker's signature"),
    maker_certificate: _("The seal maker's certificate"),
    seal_validity: _("The seal's validity when signed"),
    signer_listed: _("The signer's certificate is on the seal's list"),
    signer_certificate: _("The signer's certificate when signed"),
    signature_value: _("Signature value"),
    document_digest: _("Digest of the document"),
    time_stamp: _("Time-stamp"),
  })[step] ?? step;

export const outcomeName = (outcome) =>
  ({ passed: _("Passed"), failed: _("Failed"), not_checked: _("Not checked") })[outcome] ?? outcome;

export const outcomeTone = (outcome) => ({ passed: "good", failed: "bad" })[outcome] ?? "still";

export const revisionName = (kind) =>
  ({
    document: _("The document"), signature: _("Signature"), timestamp: _("Document time-stamp"),
    validation: _("Validation data"), other: _("Other changes"),
  })[kind] ?? kind;

export const afterwards = (modification) =>
  ({
    none: _("Nothing"), lta_updates: _("Validation data only"), form_filling: _("Further signatures only"),
    extended: _("Permitted additions"), annotations: _("Annotations"), other: _("Changes that are not permitted"),
  })[modification] ?? modification;

export const permission = (kind) =>
  ({
    no_changes: _("No changes"), fill_forms: _("Signing and filling in forms"), annotate: _("Signing, forms and annotations"),
  })[kind] ?? "—";

export const revocationName = (state) =>
  ({ good: _("Not revoked"), unknown: _("Not known"), revoked: _("Revoked") })[state] ?? state;

export const roleName = (role) =>
  ({ purchaser: _("Purchaser"), supplier: _("Supplier") })[role] ?? _("Party {number}", { number: role.replace(/\D/g, "") });
