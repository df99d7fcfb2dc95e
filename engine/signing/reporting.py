"""The signing report (签署报告) in the reader's language: what was signed, by whom, when, and what holds.

It stands beside the document, and around it: a report in PDF/A-3 that carries the signed file untouched.
Nothing is ever added to the signed file itself (see the decision on signing reports).
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import pikepdf

from engine.kernel import clock, texts
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import amounts, reasons, typeset
from engine.signing import publishing, queries
from engine.signing.queries.published import PublishedContract, of_contract
from engine.signing.store import pages

_TONES = {"valid": "good", "valid_extended": "wait", "indeterminate": "wait"}
_LANGUAGES = {"zh_CN": "zh_CN", "en": "en"}


def _when(at_ms: int | None) -> str:
    if at_ms is None:
        return "—"
    return f"{clock.to_datetime(at_ms).astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M:%S}"


def _role(role: str, language: str) -> str:
    known = {"purchaser": "Purchaser", "supplier": "Supplier"}
    if role in known:
        return texts.text(known[role], language)
    return texts.text("Party {number}", language, number=role.removeprefix("party"))


# What 处理意见 says of a step; a review that is not decided is in review.
_OPINIONS = {
    "signed": "Signed",
    "not_signed": "Not signed yet",
    "declined": "Declined to sign",
    "given_up": "Not finished",
    "approved": "Approved",
    "rejected": "Returned",
    "waiting": "In review",
    "claimed": "In review",
    "held": "In review",
}


def _opinion(opinion: str, language: str) -> str:
    return texts.text(_OPINIONS[opinion], language) if opinion in _OPINIONS else "—"


def _meaning(verdict: str, language: str) -> str:
    said = {
        "valid": "Every signature is genuine, its certificate was good when it was made, and nothing"
        " was changed since.",
        "valid_extended": "The signatures hold. What was added afterwards is permitted, but no"
        " signature covers it.",
        "indeterminate": "The signatures are intact. Who made them, or whether their certificates"
        " were good, cannot be proved here: do not rely on it.",
        "unsigned": "The document carries no electronic signature, so nothing can be said of who"
        " made it or whether it was changed.",
    }
    otherwise = "Do not rely on this document. Ask who gave it to you for the original."
    return texts.text(said.get(verdict, otherwise), language)


def _state(one: Mapping[str, Any], language: str) -> tuple[str, str]:
    if not one["intact"] or "changed_after_signing" in one["reasons"]:
        return texts.text("Changed or broken", language), "bad"
    if one["reasons"]:
        return texts.text("With reservations", language), "wait"
    return texts.text("Holds", language), "good"


_REVOCATION = {"good": "Not revoked", "unknown": "Not known", "revoked": "Revoked"}


def _signature(
    one: Mapping[str, Any], shown: PublishedContract, language: str
) -> dict[str, object]:
    """A signature of the judgment, with what the contract knows of its seal."""
    known = next((s for s in shown.signatures if s.role == one["field"]), None)
    details, seal = one["details"], one.get("seal") or {}
    certificate = details["certificate"] or {}
    state, tone = _state(one, language)
    stamped = one["timestamp_at"] is not None
    proved = "proved by a time-stamp" if stamped else "told by the signer alone"
    whole = "What was signed is unchanged" if one["intact"] else "What was signed was changed"
    numbers = ", ".join(str(n) for n in sorted({p["page"] for p in details["places"]}))
    valid = " – ".join(
        _when(certificate.get(key))[:10] for key in ("not_before", "not_after") if certificate
    )
    return {
        "role": _role(one["field"], language),
        "name": known.enterprise if known else one["organization"] or one["signer_name"],
        "signed_on": _when(one["timestamp_at"] or one["signed_at"]),
        "proved": texts.text(proved, language),
        "certificate": certificate.get("subject", "—"),
        "issuer": certificate.get("issuer", "—"),
        "serial": certificate.get("serial_hex", "—"),
        "valid": valid or "—",
        "level": one["level"],
        "seal": texts.of_code(known.seal, language) if known else seal.get("name", "—"),
        "code": known.seal_code if known else seal.get("code", ""),
        "maker": seal.get("maker", ""),
        "places": texts.text("page {pages}", language, pages=numbers) if numbers else "—",
        "integrity": texts.text(whole, language),
        "revocation": texts.text(_REVOCATION.get(one["revocation"], "Not known"), language),
        "algorithm": details["algorithm"],
        "state": state,
        "tone": tone,
    }


def _parties(q: Reader, shown: PublishedContract, contract_id: str, language: str) -> list[Any]:
    codes = {
        one.role: mall.enterprise_of(q, one.mall_account_id).uscc
        for one in queries.signatures(q, contract_id)
    }
    return [
        {
            "role": _role(one.role, language),
            "name": one.enterprise,
            "uscc": codes.get(one.role, ""),
            "status": texts.of_code(f"party.status.{one.status}", language),
            "signed_on": _when(one.signed_at),
        }
        for one in shown.parties
    ]


def _timeline(q: Reader, contract_id: str, language: str) -> list[dict[str, str]]:
    return [
        {
            "when": _when(one.handled_at or one.received_at),
            "step": texts.of_code(one.step, language),
            "who": one.actor or texts.text("The platform's reviewer", language),
            "opinion": _opinion(one.opinion, language),
        }
        for one in queries.history(q, contract_id)
    ]


def facts(
    q: Reader, contract_id: str, told: Mapping[str, Any], language: str, *, attached: bool
) -> dict[str, object]:
    """What the report shows: the contract as its parties may see it, and the judgment of its document.

    Raises: NotFound, MayNot.
    """
    found = queries.contract(q, contract_id)
    language = _LANGUAGES.get(language, "en")
    token = pages.token_of(q, contract_id) or ""
    shown = of_contract(q, found)
    address = publishing.address(q, token) if token else ""
    verdict = str(told["verdict"])
    made: dict[str, object] = {
        "issued_at": q.now,
        "language": language,
        "made_on": _when(q.now),
        "number": found.number,
        "name": found.name,
        "order_number": mall.purchase_order(q, found.purchase_order_id).number,
        "total_figures": amounts.figures(found.total_fen),
        "currency": found.currency,
        "state": texts.of_code(f"contract.status.{shown.state}", language),
        "verdict": texts.text(reasons.VERDICTS[verdict], language),
        "verdict_tone": _TONES.get(verdict, "bad"),
        "meaning": _meaning(verdict, language),
        "reasons": [texts.text(reasons.REASONS[code], language) for code in told["reasons"]],
        "digest": told["sha256"],
        "size": told["size"],
        "pages": told["pages"],
        "address": address,
        "parties": _parties(q, shown, contract_id, language),
        "signatures": [
            _signature(one, shown, language)
            for one in told["signatures"]
            if one["kind"] == "signature"
        ],
        "timeline": _timeline(q, contract_id, language),
        "files": [
            {
                "version": f"{one.version}.{one.revision}",
                "digest": one.sha256,
                "made_on": _when(one.created_at),
                "level": one.level or "—",
            }
            for one in shown.files
        ],
        "attached": attached,
    }
    return {**made, "qr_text": address} if address else made


def render(told: Mapping[str, Any]) -> bytes:
    """The report by itself (PDF/A-3b)."""
    return typeset.render("signing_report", told, standard="a-3b")


def around(report: bytes, document: bytes, *, name: str, made_at: int) -> bytes:
    """The report with the signed document embedded in it, byte for byte (PDF/A-3, relationship Source)."""
    with pikepdf.open(io.BytesIO(report)) as pdf:
        moment = f"D:{clock.to_datetime(made_at):%Y%m%d%H%M%S}Z"
        spec = pikepdf.AttachedFileSpec(
            pdf,
            document,
            filename=name,
            mime_type="application/pdf",
            creation_date=moment,
            mod_date=moment,
            relationship=pikepdf.Name.Source,
        )
        pdf.attachments[name] = spec
        pdf.Root.AF = pikepdf.Array([spec.obj])
        pdf.Root.PageMode = pikepdf.Name.UseAttachments
        out = io.BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()
