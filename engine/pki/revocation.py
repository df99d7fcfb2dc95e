"""Certificate revocation lists, complete and delta (RFC 5280 5), of what the caller knows.

A complete list has every entry; a delta has what changed since a
complete one with its base number, released holds as `removeFromCRL`. Both of one publication carry one
number, from one sequence that only rises: the caller's promise.
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from engine.kernel import errors
from engine.pki import certificates


class Reason(enum.StrEnum):
    """Why a certificate is revoked, in the words of RFC 5280 5.3.1."""

    UNSPECIFIED = "unspecified"
    KEY_COMPROMISE = "keyCompromise"
    CA_COMPROMISE = "cACompromise"
    AFFILIATION_CHANGED = "affiliationChanged"
    SUPERSEDED = "superseded"
    CESSATION_OF_OPERATION = "cessationOfOperation"
    CERTIFICATE_HOLD = "certificateHold"
    PRIVILEGE_WITHDRAWN = "privilegeWithdrawn"
    AA_COMPROMISE = "aACompromise"


# The numbers of CRLReason; 7 is not used, and 8 (removeFromCRL) is for delta CRLs alone.
REASON_NUMBERS: dict[Reason, int] = {
    Reason.UNSPECIFIED: 0,
    Reason.KEY_COMPROMISE: 1,
    Reason.CA_COMPROMISE: 2,
    Reason.AFFILIATION_CHANGED: 3,
    Reason.SUPERSEDED: 4,
    Reason.CESSATION_OF_OPERATION: 5,
    Reason.CERTIFICATE_HOLD: 6,
    Reason.PRIVILEGE_WITHDRAWN: 9,
    Reason.AA_COMPROMISE: 10,
}


class RevocationListPeriod(errors.InvalidInput):
    """A revocation list must end after it begins."""


class BaseNumberTooHigh(errors.InvalidInput):
    """A delta list cannot tell of changes since a list that comes after it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """One certificate that is revoked or held, since an instant in UTC milliseconds."""

    serial: int
    revoked_at_ms: int
    reason: Reason = Reason.UNSPECIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From when a list holds and when the next one comes, UTC milliseconds."""

    this_update_ms: int
    next_update_ms: int


def complete(
    issuer: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    *,
    revoked: Sequence[Revoked],
    number: int,
    period: Period,
) -> bytes:
    """The complete list in DER, entries by serial.

    Where its delta is found stands in the certificates (RFC 5280 4.2.1.15) and not in the list: there,
    pyHanko's validator takes it for a demand, and the lists inside a signed document have no delta there.
    Raises: RevocationListPeriod.
    """
    entries = [_entry(one) for one in _sorted(revoked)]
    return _signed(_begin(issuer, period, entries, number), key)


def delta(
    issuer: x509.Certificate,
    key: ec.EllipticCurvePrivateKey,
    *,
    revoked: Sequence[Revoked],
    released: Sequence[int],
    number: int,
    base_number: int,
    period: Period,
) -> bytes:
    """What changed since the complete list `base_number`, in DER; `released` are serials on hold no more.

    The indicator is critical, so that nobody takes it for a complete list.
    Raises: RevocationListPeriod, BaseNumberTooHigh.
    """
    if base_number > number:
        raise BaseNumberTooHigh
    entries = [_entry(one) for one in _sorted(revoked)]
    entries += [_removal(serial, period.this_update_ms) for serial in sorted(released)]
    builder = _begin(issuer, period, entries, number)
    return _signed(builder.add_extension(x509.DeltaCRLIndicator(base_number), True), key)


def _begin(
    issuer: x509.Certificate, period: Period, entries: list[x509.RevokedCertificate], number: int
) -> x509.CertificateRevocationListBuilder:
    if period.this_update_ms // 1000 >= period.next_update_ms // 1000:
        raise RevocationListPeriod
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=issuer.subject,
        last_update=certificates.whole_second(period.this_update_ms),
        next_update=certificates.whole_second(period.next_update_ms),
        revoked_certificates=entries,
    )
    return builder.add_extension(
        certificates.authority_key_identifier(issuer), False
    ).add_extension(x509.CRLNumber(number), False)


def _signed(
    builder: x509.CertificateRevocationListBuilder, key: ec.EllipticCurvePrivateKey
) -> bytes:
    made = builder.sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    return made.public_bytes(serialization.Encoding.DER)


def _sorted(revoked: Sequence[Revoked]) -> list[Revoked]:
    return sorted(revoked, key=lambda one: one.serial)


def _entry(one: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(
        serial_number=one.serial, revocation_date=certificates.whole_second(one.revoked_at_ms)
    )
    # RFC 5280 5.3.1: an unspecified reason is left out rather than written.
    if one.reason is not Reason.UNSPECIFIED:
        builder = builder.add_extension(x509.CRLReason(x509.ReasonFlags(one.reason.value)), False)
    return builder.build()


def _removal(serial: int, at_ms: int) -> x509.RevokedCertificate:
    reason = x509.CRLReason(x509.ReasonFlags.remove_from_crl)
    return (
        x509.RevokedCertificateBuilder(
            serial_number=serial, revocation_date=certificates.whole_second(at_ms)
        )
        .add_extension(reason, False)
        .build()
    )
