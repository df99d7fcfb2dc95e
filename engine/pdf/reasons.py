"""What each code of a verdict says to a person: English texts, translated when read.

`verification` gives codes alone; a test holds this table and the codes together.
"""

from __future__ import annotations

VERDICTS = {
    "valid": "Valid and unchanged",
    "valid_extended": "Valid; permitted additions were made after signing",
    "indeterminate": "Cannot be established here",
    "invalid": "Invalid or changed",
    "unsigned": "Not signed",
    "unreadable": "Not a readable PDF",
}

REASONS = {
    "untrusted_issuer": "The certificate's issuer is not one of the trusted roots.",
    "certificate_revoked": "The certificate had been revoked when the document was signed.",
    "issuer_revoked": "The certificate of an issuer had been revoked.",
    "certificate_out_of_validity": "The certificate is not valid at this time, and nothing proves "
    "an earlier time.",
    "certificate_not_valid_when_signed": "The certificate was not valid when the document was "
    "signed.",
    "certificate_not_for_this_use": "The certificate is not meant for signing.",
    "weak_algorithm": "The signature uses an algorithm that is too weak.",
    "chain_invalid": "The chain of certificates is faulty.",
    "digest_mismatch": "The document was changed after it was signed.",
    "signature_wrong": "The signature does not match the certificate.",
    "revocation_unknown": "Whether the certificate had been revoked is not known: the file carries "
    "no revocation data.",
    "timestamp_untrusted": "The time-stamp's issuer is not one of the trusted roots.",
    "timestamp_certificate_revoked": "The time-stamp authority's certificate had been revoked.",
    "timestamp_issuer_revoked": "An issuer of the time-stamp authority had been revoked.",
    "timestamp_certificate_out_of_validity": "The time-stamp authority's certificate has ended.",
    "timestamp_certificate_not_for_this_use": "The time-stamp was made by a certificate that is not "
    "meant for it.",
    "timestamp_weak_algorithm": "The time-stamp uses an algorithm that is too weak.",
    "timestamp_chain_invalid": "The time-stamp's chain of certificates is faulty.",
    "timestamp_digest_mismatch": "The time-stamp belongs to something else.",
    "timestamp_signature_wrong": "The time-stamp's signature is wrong.",
    "timestamp_revocation_unknown": "Whether the time-stamp authority had been revoked is not "
    "known.",
    "timestamp_in_the_future": "The time-stamp lies in the future.",
    "coverage_unclear": "The signature does not cover the document in the proper way.",
    "changed_after_signing": "The document was changed after signing in a way that is not permitted.",
    "bytes_appended": "Something was appended to the file after signing.",
    "appearance_changed": "A page looks otherwise than when it was first signed, outside the seals.",
    "appearance_unknown": "Whether the pages look as they did when they were signed cannot be "
    "established.",
    "extended_after_signing": "Permitted additions were made after signing; no signature covers "
    "them.",
    "signature_unsupported": "The document carries a signature of an unknown kind.",
    "malformed": "The signatures of the document cannot be read.",
    "seal_wrong": "The electronic seal is not one that this signer may use.",
    "seal_unknown": "Whether the electronic seal was made by a recognized seal maker cannot be "
    "established.",
    "too_large": "The file is larger than 64 MB.",
    "too_costly": "The file needs more time or memory than any honest document needs.",
    "no_pdf": "The file is no PDF.",
    "not_readable": "The file is damaged or encrypted and cannot be read as a PDF.",
    "too_complex": "The document carries more certificates than any honest document needs.",
}
