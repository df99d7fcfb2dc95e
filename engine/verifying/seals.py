"""The electronic seals that a document's signatures carry, judged in the order of GB/T 38540.

The first steps are of the seal itself; signature value, document digest and time-stamp follow, which are
of the signature that was made with it. Every step is told, also after one that failed.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from engine.pdf import findings
from engine.ses import structures, verifying
from engine.ses.verifying import Outcome

# A seal that these steps find wrong is no seal of this signer's; what else fails leaves it open.
_WRONG = frozenset(("format", "maker_signature", "signer_listed", "seal_validity"))
WRONG, OPEN = "seal_wrong", "seal_unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """What makers and signers lead to: roots, links between, revocation lists."""

    roots: Sequence[x509.Certificate]
    intermediates: Sequence[x509.Certificate]
    crls: Sequence[x509.CertificateRevocationList]


def _facts(encoded: bytes) -> dict[str, Any]:
    try:
        seal = structures.parse(encoded)
    except structures.SealUnreadable:
        return {}
    maker = ""
    try:
        found = x509.load_der_x509_certificate(seal.maker_certificate)
        names = found.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
        maker = str(names[0].value) if names else ""
    except ValueError:
        maker = ""
    return {
        "name": seal.name,
        "code": seal.seal_id,
        "maker": maker,
        "maker_id": seal.maker_id,
        "kind": seal.kind,
        "valid_from": seal.valid_from_ms,
        "valid_to": seal.valid_to_ms,
        "width_mm": seal.width_mm,
        "height_mm": seal.height_mm,
        "sha256": hashlib.sha256(encoded).hexdigest(),
        "picture": _picture(seal),
    }


def _picture(seal: structures.Seal) -> str:
    """The seal's own picture for a browser, where it is a PNG of a reasonable size."""
    if seal.picture_type.upper() != "PNG" or not seal.picture.startswith(b"\x89PNG\r\n"):
        return ""
    if len(seal.picture) > 512 * 1024:
        return ""
    return base64.b64encode(seal.picture).decode()


def _signer(one: findings.SignatureFinding) -> x509.Certificate | None:
    if one.details.certificate is None:
        return None
    try:
        return x509.load_der_x509_certificate(base64.b64decode(one.details.certificate.der))
    except ValueError:
        return None


def _of_signature(one: findings.SignatureFinding) -> list[dict[str, Any]]:
    """The steps after the seal's own: value, digest, time."""
    digest = "digest_mismatch" not in one.reasons and one.covers != "unclear"
    value = "signature_wrong" not in one.reasons
    unchanged = "changed_after_signing" not in one.reasons
    steps = [
        ("signature_value", Outcome.PASSED if value and digest else Outcome.FAILED),
        ("document_digest", Outcome.PASSED if digest and unchanged else Outcome.FAILED),
    ]
    wrong_time = any(code.startswith("timestamp_") for code in one.reasons)
    if one.timestamp_at is not None:
        steps.append(("time_stamp", Outcome.PASSED))
    else:
        steps.append(("time_stamp", Outcome.FAILED if wrong_time else Outcome.NOT_CHECKED))
    return [{"step": step, "outcome": outcome.value, "reasons": []} for step, outcome in steps]


def _signer_step(one: findings.SignatureFinding) -> dict[str, Any]:
    """The signer's certificate at the instant of signing, as it was judged with the signature."""
    outcome = Outcome.FAILED
    if one.trusted and one.revocation == "good":
        outcome = Outcome.PASSED
    elif one.trusted and one.revocation == "unknown":
        outcome = Outcome.NOT_CHECKED
    reasons = [] if outcome is Outcome.PASSED else [c for c in one.reasons if "certificate" in c]
    return {"step": "signer_certificate", "outcome": outcome.value, "reasons": reasons}


def judge(
    one: findings.SignatureFinding, material: Material, at_ms: int
) -> tuple[dict[str, Any], str]:
    """A signature's seal with every step, and what that does to the verdict (a reason code, or nothing)."""
    try:
        encoded = base64.b64decode(one.details.seal, validate=True)
    except binascii.Error:
        encoded = b""
    instant = one.timestamp_at or at_ms
    results = verifying.verify(
        encoded,
        roots=material.roots,
        at_ms=instant,
        signer_certificate=_signer(one) if encoded else None,
        intermediates=material.intermediates,
        crls=material.crls,
    )
    steps = [
        {
            "step": result.step.value,
            "outcome": result.outcome.value,
            "reasons": list(result.reason_codes),
        }
        for result in results
    ]
    steps = [_signer_step(one) if step["step"] == "signer_certificate" else step for step in steps]
    failed = [step["step"] for step in steps if step["outcome"] == Outcome.FAILED.value]
    effect = ""
    if any(step in _WRONG for step in failed):
        effect = WRONG
    elif "maker_certificate" in failed:
        effect = OPEN
    known = {step["step"] for step in steps}
    steps += [step for step in _of_signature(one) if step["step"] not in known]
    return {**_facts(encoded), "steps": steps}, effect
