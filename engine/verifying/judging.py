"""What becomes of a document in the child process: the verdict, its seals, and one object of JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509

from engine.kernel import errors
from engine.pdf import reasons, verification
from engine.verifying import seals

UNREADABLE = "unreadable"
Told = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trust:
    """What is trusted, and what may link to it: roots, certificates and lists (DER)."""

    roots: Sequence[bytes]
    certificates: Sequence[bytes] = ()
    crls: Sequence[bytes] = ()


def refused(code: str, size: int) -> Told:
    """The judgment of what is no document, or of one that cost too much.

    `said` gives the English text of every code, which is translated when it is read.
    """
    verdict = verification.INVALID if code == "too_costly" else UNREADABLE
    return {
        "verdict": verdict,
        "reasons": [code],
        "signatures": [],
        "revisions": [],
        "compared": None,
        "sha256": "",
        "size": size,
        "pages": 0,
        "said": {code: reasons.REASONS[code]},
    }


def judge(content: bytes, trust: Trust, at_ms: int) -> Told:
    """The whole judgment of `content` at an instant; whatever it is, this is an answer."""
    roots = [x509.load_der_x509_certificate(der) for der in trust.roots]
    links = [x509.load_der_x509_certificate(der) for der in trust.certificates]
    try:
        found = verification.verify(
            content, roots=roots, at_ms=at_ms, extra_certificates=links, crls=trust.crls
        )
    except errors.EngineError:
        return refused("not_readable" if content.startswith(b"%PDF-") else "no_pdf", len(content))
    told = found.to_json()
    lists = [x509.load_der_x509_crl(der) for der in trust.crls]
    material = seals.Material(roots=roots, intermediates=links, crls=lists)
    for one, shown in zip(found.signatures, told["signatures"], strict=True):
        shown["details"].pop("seal", None)
        if not one.details.seal:
            continue
        shown["seal"], effect = seals.judge(one, material, at_ms)
        if effect:
            shown["reasons"].append(effect)
            _weigh(told, effect)
    codes = {*told["reasons"], *(code for one in told["signatures"] for code in one["reasons"])}
    told["said"] = {code: reasons.REASONS[code] for code in sorted(codes)}
    return told


def _weigh(told: Told, effect: str) -> None:
    """What a wrong or an unknown seal does to the verdict of the whole."""
    if effect not in told["reasons"]:
        told["reasons"].append(effect)
    if effect == seals.WRONG:
        told["verdict"] = verification.INVALID
    elif told["verdict"] in (verification.VALID, verification.VALID_EXTENDED):
        told["verdict"] = verification.INDETERMINATE
