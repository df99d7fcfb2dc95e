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

It never fetches anything and never raises but `Unreadable`.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature, collect_embedded_signatures

from engine.kernel import errors
from engine.pdf import coverage, increments, trust, validation_info

VALID, VALID_EXTENDED = "valid", "valid_extended"
INDETERMINATE, INVALID, UNSIGNED = "indeterminate", "invalid", "unsigned"
MAX_SIZE = 64 * 1024 * 1024
MAX_SIGNATURES = 64

# Codes that leave the question open; every other code makes a document invalid.
_OPEN = frozenset(
    (
        "revocation_unknown",
        "untrusted_issuer",
        "certificate_out_of_validity",
        "timestamp_untrusted",
        "timestamp_certificate_out_of_validity",
        "timestamp_revocation_unknown",
    )
)


class Unreadable(errors.InvalidInput):
    """The file is not a readable PDF, so nothing can be said about signatures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureFinding:
    """One signature or document time-stamp; instants in UTC milliseconds."""

    field: str
    kind: str
    signer_name: str
    organization: str
    signed_at: int | None
    timestamp_at: int | None
    level: str
    covers: str
    intact: bool
    trusted: bool
    revocation: str
    modification: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The verdict on a document; `reasons` are stable codes, none for `valid`."""

    verdict: str
    signatures: tuple[SignatureFinding, ...] = ()
    reasons: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The verdict as JSON's own types."""
        made: dict[str, Any] = asdict(self)
        made["reasons"] = list(self.reasons)
        made["signatures"] = [
            {**item, "reasons": list(item["reasons"])} for item in made["signatures"]
        ]
        return made


def _ms(moment: datetime.datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp() * 1000)


def _subject(certificate: asn1_x509.Certificate, key: str) -> str:
    value = certificate.subject.native.get(key, "")
    return str(value[-1] if isinstance(value, list) else value)


def _level(signature: EmbeddedPdfSignature, stamped: bool, known: bool, archived: bool) -> str:
    """The PAdES baseline level that the file reaches by what it holds itself."""
    if signature.sig_object_type == "/DocTimeStamp":
        return "B-LTA" if known else "B-T"
    if not stamped:
        return "B-B"
    if not known:
        return "B-T"
    return "B-LTA" if archived else "B-LT"


@dataclass(slots=True)
class _Walk:
    """One pass from the last signature to the first; `control` is the instant proven so far."""

    data: bytes
    reader: PdfFileReader
    material: trust.Material
    control: datetime.datetime
    archived: bool = False

    async def timestamp(self, found: EmbeddedPdfSignature) -> SignatureFinding:
        judged, instant = await trust.judge_timestamp(
            found.signed_data, found.compute_digest, self.material, self.control
        )
        reasons = [f"timestamp_{judged.reason}"] if judged.reason else []
        if judged.intact and judged.trusted:
            self.control, self.archived = instant, True
        return self._finding(found, judged, reasons, instant, instant, stamped=True)

    async def signature(self, found: EmbeddedPdfSignature) -> SignatureFinding:
        reasons: list[str] = []
        instant: datetime.datetime | None = None
        stamp: trust.Judged | None = None
        for token in trust.signature_tokens(found.signer_info)[:1]:
            stamp, instant = await trust.judge_timestamp(
                token, trust.imprint_of_signature(found.signer_info), self.material, self.control
            )
            if stamp.reason == "untrusted_issuer":
                reasons.append("timestamp_untrusted")
            elif stamp.reason:
                reasons.append(f"timestamp_{stamp.reason.removeprefix('timestamp_')}")
        proven = stamp is not None and stamp.intact and stamp.trusted
        judged = await trust.judge_signer(
            found.signed_data,
            found.compute_digest(),
            self.material,
            instant if proven and instant is not None else self.control,
        )
        if judged.reason:
            expired = judged.reason == "certificate_out_of_validity" and proven
            reasons.append("certificate_not_valid_when_signed" if expired else judged.reason)
        return self._finding(
            found, judged, reasons, found.self_reported_timestamp, instant, stamped=proven
        )

    def _finding(
        self,
        found: EmbeddedPdfSignature,
        judged: trust.Judged,
        reasons: list[str],
        signed: datetime.datetime | None,
        stamped_at: datetime.datetime | None,
        *,
        stamped: bool,
    ) -> SignatureFinding:
        covered = coverage.covers(self.data, found)
        changes, modified = coverage.NOTHING, "none"
        if covered == coverage.UNCLEAR:
            reasons.append("coverage_unclear")
        elif covered == coverage.REVISION:
            changes, modification = coverage.later_changes(self.reader, found)
            modified = modification.name.lower()
        if changes == coverage.CHANGED:
            reasons.append("changed_after_signing")
        known = judged.revocation == trust.GOOD and not any("revocation" in r for r in reasons)
        return SignatureFinding(
            field=str(found.field_name),
            kind="timestamp" if found.sig_object_type == "/DocTimeStamp" else "signature",
            signer_name=_subject(found.signer_cert, "common_name"),
            organization=_subject(found.signer_cert, "organization_name"),
            signed_at=_ms(signed),
            timestamp_at=_ms(stamped_at) if stamped else None,
            level=_level(found, stamped, known, self.archived),
            covers=covered,
            intact=judged.intact and covered != coverage.UNCLEAR,
            trusted=judged.trusted,
            revocation=judged.revocation,
            modification="extended" if changes == coverage.EXTENDED else modified,
            reasons=tuple(dict.fromkeys(reasons)),
        )


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


def _verdict(findings: Sequence[SignatureFinding], after: str) -> Verdict:
    reasons = list(dict.fromkeys(code for f in findings for code in f.reasons))
    if after == coverage.CHANGED:
        reasons.append("bytes_appended")
    if any(code not in _OPEN for code in reasons):
        kind = INVALID
    elif reasons:
        kind = INDETERMINATE
    elif after == coverage.EXTENDED or any(f.modification == "extended" for f in findings):
        kind, reasons = VALID_EXTENDED, ["extended_after_signing"]
    else:
        kind = VALID
    return Verdict(verdict=kind, signatures=tuple(findings), reasons=tuple(reasons))


async def _examine(walk: _Walk, signatures: Sequence[EmbeddedPdfSignature]) -> Verdict:
    findings = []
    for found in reversed(signatures):
        if found.sig_object_type == "/DocTimeStamp":
            findings.append(await walk.timestamp(found))
        else:
            findings.append(await walk.signature(found))
    after = coverage.after_last(walk.data, walk.reader, signatures[-1])
    return _verdict(findings[::-1], after)


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
    try:
        filled = list(enumerate_sig_fields(reader, filled_status=True))
        if not filled:
            return Verdict(verdict=UNSIGNED)
        signatures = collect_embedded_signatures(reader)
        if len(signatures) != len(filled) or len(filled) > MAX_SIGNATURES:
            return Verdict(verdict=INVALID, reasons=("signature_unsupported",))
        if not reader.strict:
            return Verdict(verdict=INVALID, reasons=("malformed",))
        moment = datetime.datetime.fromtimestamp(at_ms / 1000, tz=datetime.UTC)
        material = _material(reader, signatures, roots, extra_certificates, crls)
        walk = _Walk(data=data, reader=reader, material=material, control=moment)
        return increments.run(_examine(walk, signatures))
    except trust.TooComplex:
        return Verdict(verdict=INVALID, reasons=("too_complex",))
    except Exception:  # noqa: BLE001 a hostile file may raise anything; nothing of it is valid
        return Verdict(verdict=INVALID, reasons=("malformed",))
