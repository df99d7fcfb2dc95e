"""The verdict on a PDF, offline: who signed, whether it is whole, and since when it is known.

The rule (security.md finding 7 and 3.6; product row SGN-4):
* `valid`: every signature and document time-stamp is intact, trusted and known as not revoked;
  between signatures nothing but signing and validation data was added; and behind the last one
  stands nothing, or exactly one DSS revision in the form that we write ourselves. So a contract
  that both parties signed at B-LT is valid.
* `valid_extended`: all signatures hold, but foreign later revisions exist which DocMDP permits
  (form filling, metadata, another producer's DSS). What they show is covered by no signature.
* `indeterminate`: intact, but the chain, its revocation or the time cannot be established here;
  a B-T file without revocation data says `revocation_unknown`.
* `invalid`: anything else, and every exception of a parser.
* `unsigned`: there is no signature.

What is seen counts too: outside the seals that were added later, every page must look as it did when
it was first signed. It never fetches anything and never raises but `Unreadable`.
"""

from __future__ import annotations

import datetime
import functools
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, collect_embedded_signatures

from engine.kernel import errors
from engine.pdf import (
    coverage,
    findings,
    increments,
    pdfium,
    pixels,
    revisions,
    shown,
    trust,
    validation_info,
)

VALID, VALID_EXTENDED = "valid", "valid_extended"
INDETERMINATE, INVALID, UNSIGNED = "indeterminate", "invalid", "unsigned"
MAX_SIZE = 64 * 1024 * 1024
MAX_SIGNATURES = 64
# One signature may show its seal in several fields: on every page, and across the edges.
MAX_FIELDS = 2_048

# Codes that leave the question open; every other code makes a document invalid.
_OPEN = frozenset(
    (
        "revocation_unknown",
        "untrusted_issuer",
        "certificate_out_of_validity",
        "timestamp_untrusted",
        "timestamp_certificate_out_of_validity",
        "timestamp_revocation_unknown",
        "appearance_unknown",
    )
)


class Unreadable(errors.InvalidInput):
    """The file is not a readable PDF, so nothing can be said about signatures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict on a document; `reasons` are stable codes, none for `valid`.

    `compared` tells how many pages look as they did at the first signature; None where nothing followed.
    """

    verdict: str
    signatures: tuple[findings.SignatureFinding, ...] = ()
    reasons: tuple[str, ...] = ()
    sha256: str = ""
    size: int = 0
    pages: int = 0
    revisions: tuple[revisions.Revision, ...] = ()
    compared: pixels.Compared | None = None

    def to_json(self) -> dict[str, Any]:
        """The verdict as JSON's own types."""
        made: dict[str, Any] = _listed(asdict(self))
        return made


def _listed(value: Any) -> Any:
    """A value with lists for its tuples, at any depth."""
    if isinstance(value, dict):
        return {key: _listed(item) for key, item in value.items()}
    return [_listed(item) for item in value] if isinstance(value, list | tuple) else value


def _material(
    reader: PdfFileReader,
    signatures: Sequence[EmbeddedPdfSignature],
    roots: Sequence[x509.Certificate],
    extra: Sequence[x509.Certificate],
    crls: Sequence[bytes],
) -> trust.Material:
    certificates, own_crls, ocsps = validation_info.read(reader)
    certificates += [increments.asn1(certificate) for certificate in extra]
    bags = list(certificates)
    for signature in signatures:
        tokens = trust.signature_tokens(signature.signer_info)
        for signed_data in (signature.signed_data, *tokens):
            bags += [
                choice.chosen
                for choice in signed_data["certificates"]
                if isinstance(choice.chosen, asn1_x509.Certificate)
            ]
    trust.require_simple(bags)
    return trust.Material(
        roots=[increments.asn1(root) for root in roots],
        certificates=certificates,
        crls=own_crls + [asn1_crl.CertificateList.load(der) for der in crls],
        ocsps=ocsps,
    )


def _verdict(found: Sequence[findings.SignatureFinding], after: str) -> Verdict:
    reasons = list(dict.fromkeys(code for f in found for code in f.reasons))
    if after == coverage.CHANGED:
        reasons.append("bytes_appended")
    if any(code not in _OPEN for code in reasons):
        kind = INVALID
    elif reasons:
        kind = INDETERMINATE
    elif after == coverage.EXTENDED or any(f.modification == "extended" for f in found):
        kind, reasons = VALID_EXTENDED, ["extended_after_signing"]
    else:
        kind = VALID
    return Verdict(verdict=kind, signatures=tuple(found), reasons=tuple(reasons))


async def _examine(walk: findings.Walk, signatures: Sequence[EmbeddedPdfSignature]) -> Verdict:
    found = []
    for signature in reversed(signatures):
        if signature.sig_object_type == "/DocTimeStamp":
            found.append(await walk.timestamp(signature))
        else:
            found.append(await walk.signature(signature))
    after = coverage.after_last(walk.data, walk.reader, signatures[-1])
    return _verdict(found[::-1], after)


def _boxes(found: Sequence[findings.SignatureFinding]) -> dict[int, list[pixels.Box]]:
    """Where what was signed after the first signature stands, by page."""
    boxes: dict[int, list[pixels.Box]] = {}
    for one in found[1:]:
        for place in one.details.places:
            boxes.setdefault(place.page, []).append(place.box)
    return boxes


def _seen(data: bytes, first: EmbeddedPdfSignature, judged: Verdict) -> Verdict:
    """The verdict once the pages were looked at: as they were first signed, and as they are now."""
    end = coverage.end_of(first)
    if judged.verdict == INVALID or end >= len(data):
        return judged
    try:
        compared = pixels.compare(data[:end], data, _boxes(judged.signatures))
    except (pdfium.PdfiumError, ValueError, MemoryError):
        kind = INDETERMINATE if judged.verdict != VALID_EXTENDED else VALID_EXTENDED
        return replace(judged, verdict=kind, reasons=(*judged.reasons, "appearance_unknown"))
    judged = replace(judged, compared=compared)
    # What was permitted may show; what only signs and validates may not.
    permitted = "extended_after_signing" in judged.reasons or any(
        one.modification == "extended" for one in judged.signatures
    )
    if compared.differing and not permitted:
        return replace(judged, verdict=INVALID, reasons=(*judged.reasons, "appearance_changed"))
    return judged


def _open(data: bytes) -> PdfFileReader:
    """A reader of the file, strict where possible.

    Raises: Unreadable.
    """
    if len(data) > MAX_SIZE or not data.startswith(b"%PDF-"):
        raise Unreadable
    for strict in (True, False):
        try:
            reader = PdfFileReader(io.BytesIO(data), strict=strict)
            if reader.encrypted:
                raise Unreadable
            # Resolves the catalog and the form: what cannot even do that is no document.
            _ = reader.root.get("/AcroForm"), reader.root["/Pages"]["/Count"]
        except Unreadable:
            raise
        except Exception as problem:
            if not strict:
                raise Unreadable from problem
        else:
            return reader
    raise Unreadable


def verify(
    data: bytes,
    *,
    roots: Sequence[x509.Certificate],
    at_ms: int,
    extra_certificates: Sequence[x509.Certificate] = (),
    crls: Sequence[bytes] = (),
) -> Verdict:
    """The verdict on a PDF at the instant `at_ms` (UTC), against `roots` alone, offline.

    `extra_certificates` and `crls` (DER) add to what the file carries, for instance a newer CRL.
    Raises: Unreadable, and nothing else.
    """
    reader = _open(data)
    told = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}
    try:
        told["pages"] = max(0, int(reader.root["/Pages"]["/Count"]))
        moment = datetime.datetime.fromtimestamp(at_ms / 1000, tz=datetime.UTC)
        material = functools.partial(_material, roots=roots, extra=extra_certificates, crls=crls)
        judged = _judge(data, reader, material, moment)
    except trust.TooComplex:
        judged = Verdict(verdict=INVALID, reasons=("too_complex",))
    except shown.FilledLater:
        judged = Verdict(verdict=INVALID, reasons=("coverage_unclear",))
    except Exception:  # noqa: BLE001 a hostile file may raise anything; nothing of it is valid
        judged = Verdict(verdict=INVALID, reasons=("malformed",))
    return replace(judged, **told)  # type: ignore[arg-type]


def _judge(
    data: bytes,
    reader: PdfFileReader,
    material: Callable[..., trust.Material],
    moment: datetime.datetime,
) -> Verdict:
    """Whether there are signatures of a kind that is known, and what becomes of them."""
    filled = list(enumerate_sig_fields(reader, filled_status=True))
    if not filled:
        return Verdict(verdict=UNSIGNED)
    signatures = collect_embedded_signatures(reader)
    if len(signatures) != len(filled) or len(filled) > MAX_FIELDS:
        return Verdict(verdict=INVALID, reasons=("signature_unsupported",))
    if not reader.strict:
        return Verdict(verdict=INVALID, reasons=("malformed",))
    signatures, places = shown.distinct(reader, signatures)
    if len(signatures) > MAX_SIGNATURES:
        return Verdict(verdict=INVALID, reasons=("signature_unsupported",))
    walk = findings.Walk(
        data=data,
        reader=reader,
        material=material(reader, signatures),
        control=moment,
        places=places,
    )
    judged = increments.run(_examine(walk, signatures))
    judged = replace(judged, revisions=revisions.read(data, reader, signatures))
    return _seen(data, signatures[0], judged)
