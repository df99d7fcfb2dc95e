"""A seal read as the signed object that it is, and judged step by step (SEA-4; `domain-rules.md` 5)."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterable

from cryptography import x509
from cryptography.x509.oid import NameOID

from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel import clock, errors
from engine.kernel.reader import Reader
from engine.pki import certificates as x509_certificates
from engine.sealing import listed, model
from engine.sealing.queries import seals
from engine.ses import structures, verifying

STANDARD = "GB/T 38540-2020"
# A certificate's own state, where its chain still leads to a root.
_REVOKED = (issuing.CertificateStatus.REVOKED, issuing.CertificateStatus.SUSPENDED)


class SealNotMadeYet(errors.PolicyRefused):
    """This seal has not been made yet: there is no signed object to be read."""


def seal_data(q: Reader, seal_id: str) -> model.SealData:
    """The seal's signed object, every field of it, and every step of its judgment with the outcome.

    Raises: NotFound, NotAMember, MayNot, SealNotMadeYet, structures.SealUnreadable.
    """
    found = seals.seal(q, seal_id)
    if found.ses is None:
        raise SealNotMadeYet()
    read = structures.parse(found.ses)
    steps = _judged(q, found.ses)
    known = {seals.certificate_digest(one.der): one for one in _certificates(q, found) if one.der}
    allowed = [_allowed(q, found.ses, one.hex(), known.get(one.hex())) for one in read.listed]
    failed = [one for one in steps if one.outcome == verifying.Outcome.FAILED]
    return model.SealData(
        seal_id=found.id,
        standard=STANDARD,
        header_id=structures.HEADER_ID,
        version=read.version,
        maker_id=read.maker_id,
        es_id=read.seal_id,
        kind=read.kind,
        name=read.name,
        list_kind=int(read.list_kind),
        created_at=read.created_at_ms,
        valid_from=read.valid_from_ms,
        valid_to=read.valid_to_ms,
        picture_type=read.picture_type,
        picture_bytes=len(read.picture),
        picture_sha256=hashlib.sha256(read.picture).hexdigest(),
        width_mm=read.width_mm,
        height_mm=read.height_mm,
        signature_algorithm=read.signature_oid,
        signature_hex=read.signature.hex(),
        sha256=hashlib.sha256(found.ses).hexdigest(),
        maker=_maker(read.maker_certificate),
        steps=tuple(one for one in steps if not one.step.startswith("signer_")),
        listed=tuple(allowed),
        waiting=listed.unlisted_count(q, found),
        genuine=not failed,
    )


def _certificates(q: Reader, found: model.Seal) -> list[issuing.Certificate]:
    if found.enterprise_id is not None:
        return certificates.of_enterprise(q, found.enterprise_id)
    return listed.of_account(q, found.account_id)


@functools.lru_cache(maxsize=8)
def _read(ders: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    return tuple(x509_certificates.from_bytes(der) for der in ders)


def _judged(
    q: Reader, ses: bytes, signer: x509.Certificate | None = None
) -> tuple[model.StepShown, ...]:
    results = verifying.verify(
        ses,
        roots=_read(q.parts.anchors),
        intermediates=_read(q.parts.links),
        at_ms=q.now,
        signer_certificate=signer,
    )
    return _shown(results)


def _shown(results: Iterable[verifying.StepResult]) -> tuple[model.StepShown, ...]:
    return tuple(
        model.StepShown(step=one.step.value, outcome=one.outcome.value, reasons=one.reason_codes)
        for one in results
    )


def _allowed(
    q: Reader, ses: bytes, digest: str, known: issuing.Certificate | None
) -> model.ListedCertificate:
    """A certificate on the list, with the two steps that are about it.

    What the platform itself knows of it (revoked, on hold) is a failure of the second, beside its chain.
    """
    if known is None or known.der is None:
        return model.ListedCertificate(
            digest=digest, serial_hex="", certificate_id="", status="", not_after=0, steps=()
        )
    steps = [
        one
        for one in _judged(q, ses, x509_certificates.from_bytes(known.der))
        if one.step.startswith("signer_")
    ]
    if known.status in _REVOKED:
        last = steps[-1]
        told = known.status.value
        steps[-1] = model.StepShown(
            step=last.step, outcome=verifying.Outcome.FAILED.value, reasons=(*last.reasons, told)
        )
    return model.ListedCertificate(
        digest=digest,
        serial_hex=known.serial_hex,
        certificate_id=known.id,
        status="expired" if known.expired(q.now) else known.status.value,
        not_after=known.not_after,
        steps=tuple(steps),
    )


def _maker(der: bytes) -> model.Maker | None:
    try:
        found = x509_certificates.from_bytes(der)
    except x509_certificates.CertificateUnreadable:
        return None
    return model.Maker(
        organization=_named(found.subject, NameOID.ORGANIZATION_NAME),
        serial_hex=f"{found.serial_number:x}",
        issuer=_named(found.issuer, NameOID.COMMON_NAME),
        not_before=clock.from_datetime(found.not_valid_before_utc),
        not_after=clock.from_datetime(found.not_valid_after_utc),
    )


def _named(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return next((str(one.value) for one in name.get_attributes_for_oid(oid)), "")
