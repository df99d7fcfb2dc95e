"""What is found out about each signature of a document, from the last to the first.

Walking backwards, a document time-stamp that holds proves everything before it at its own instant,
so the authorities of earlier time-stamps need only hold until then (B-LTA).
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature

from engine.pdf import coverage, trust
from engine.pdf import details as described


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
    details: described.Details = dataclasses.field(default_factory=described.Details)


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


def _stamp_reasons(judged: trust.Judged) -> list[str]:
    """The reason of a time-stamp, told apart from that of the signer."""
    if judged.reason == "untrusted_issuer":
        return ["timestamp_untrusted"]
    return [f"timestamp_{judged.reason.removeprefix('timestamp_')}"] if judged.reason else []


@dataclass(slots=True)
class Walk:
    """One pass from the last signature to the first; `control` is the instant proven so far."""

    data: bytes
    reader: PdfFileReader
    material: trust.Material
    control: datetime.datetime
    timed: bool = False
    archived: bool = False
    # Where each signature shows, by its field.
    places: Mapping[str, tuple[described.Place, ...]] = dataclasses.field(default_factory=dict)

    async def timestamp(self, found: EmbeddedPdfSignature) -> SignatureFinding:
        """A document time-stamp; one that holds moves the control time back to its instant."""
        judged, instant = await trust.judge_timestamp(
            found.signed_data, found.compute_digest, self.material, self.control
        )
        reasons = _stamp_reasons(judged)
        if judged.intact and judged.trusted:
            self.control, self.timed = instant, True
            # Only over validation data a time-stamp makes an archive; else it tells the time alone.
            root = self.reader.get_historical_root(found.signed_revision)
            self.archived = self.archived or "/DSS" in root
        return self._finding(found, judged, reasons, instant, instant, stamped=True)

    async def signature(self, found: EmbeddedPdfSignature) -> SignatureFinding:
        """A signature, judged at the instant which its time-stamp proves."""
        reasons: list[str] = []
        instant: datetime.datetime | None = None
        stamp: trust.Judged | None = None
        for token in trust.signature_tokens(found.signer_info)[:1]:
            stamp, instant = await trust.judge_timestamp(
                token, trust.imprint_of_signature(found.signer_info), self.material, self.control
            )
            reasons += _stamp_reasons(stamp)
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
            level=_level(found, stamped or self.timed, known, self.archived),
            covers=covered,
            intact=judged.intact and covered != coverage.UNCLEAR,
            trusted=judged.trusted,
            revocation=judged.revocation,
            modification="extended" if changes == coverage.EXTENDED else modified,
            reasons=tuple(dict.fromkeys(reasons)),
            details=described.of(found, self.places.get(str(found.field_name), ())),
        )
