"""Path building and validation (RFC 5280 6) at an instant, with a budget.

Checked are names, signatures, validity, basic constraints, path length, key usage, unknown critical
extensions and, when revocation lists are given, the status at that instant. At most 100 signature
checks, 500 steps and paths of 6, so that a bag of hostile certificates costs milliseconds. Policies
are not processed, and a critical name constraint refuses the path rather than being interpreted.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtensionOID

from engine.kernel import clock
from engine.pki.certificates import PURPOSES
from engine.pki.paths import UNREADABLE, ChainReason, Search, Spent
from engine.pki.profiles import Purpose

__all__ = ["ChainReason", "ChainVerdict", "verify_chain"]

E = TypeVar("E", bound=x509.ExtensionType)
STRONG = (hashes.SHA256, hashes.SHA384, hashes.SHA512)
UNDERSTOOD = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.CERTIFICATE_POLICIES,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
    ExtensionOID.SUBJECT_KEY_IDENTIFIER,
}
# Of several dead ends, the first of these is reported.
TELLING = (
    ChainReason.BUDGET_SPENT,
    ChainReason.PATH_TOO_LONG,
    ChainReason.BAD_SIGNATURE,
    ChainReason.UNREADABLE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainVerdict:
    """Whether a path is accepted, else why the best one is not; `path` is from leaf to root."""

    ok: bool
    reason_codes: tuple[ChainReason, ...] = ()
    path: tuple[x509.Certificate, ...] = ()


def verify_chain(
    leaf: x509.Certificate,
    intermediates: Sequence[x509.Certificate],
    roots: Sequence[x509.Certificate],
    at_ms: int,
    crls: Sequence[x509.CertificateRevocationList] | None = None,
    *,
    purpose: Purpose | None = None,
) -> ChainVerdict:
    """Whether a path leads from `leaf` to one of `roots` at an instant (UTC milliseconds).

    Without `crls` (None) revocation is not asked; with a sequence, each certificate below the root
    must be covered by a list that was not stale at `at_ms`. `purpose` demands that extended key
    usage of the leaf.
    """
    best: ChainVerdict | None = None
    dead_ends: set[ChainReason] = set()
    try:
        search = Search(intermediates, roots)
        dead_ends = search.dead_ends
        for path in search.paths((leaf,)):
            reasons = tuple(dict.fromkeys(_judge(search, path, at_ms, crls, purpose)))
            if not reasons:
                return ChainVerdict(ok=True, path=path)
            if best is None or len(reasons) < len(best.reason_codes):
                best = ChainVerdict(ok=False, reason_codes=reasons, path=path)
    except Spent:
        dead_ends = {ChainReason.BUDGET_SPENT}
    except UNREADABLE:
        # The extensions of a certificate are parsed when they are first asked for.
        dead_ends = {ChainReason.UNREADABLE}
    if best is not None:
        return best
    reason = next((one for one in TELLING if one in dead_ends), ChainReason.UNKNOWN_ISSUER)
    return ChainVerdict(ok=False, reason_codes=(reason,), path=(leaf,))


def _judge(
    search: Search,
    path: tuple[x509.Certificate, ...],
    at_ms: int,
    crls: Sequence[x509.CertificateRevocationList] | None,
    purpose: Purpose | None,
) -> Iterator[ChainReason]:
    for certificate in path:
        yield from _period(certificate, at_ms)
        if any(one.critical and one.oid not in UNDERSTOOD for one in certificate.extensions):
            yield ChainReason.UNKNOWN_CRITICAL_EXTENSION
    for certificate in path[:-1]:
        if not isinstance(certificate.signature_hash_algorithm, STRONG):
            yield ChainReason.WEAK_ALGORITHM
    for place in range(1, len(path)):
        yield from _authority(path, place)
    if purpose is not None:
        extended = _value(path[0], x509.ExtendedKeyUsage)
        if extended is None or PURPOSES[purpose] not in extended:
            yield ChainReason.KEY_USAGE
    if crls is not None:
        for certificate, issuer in itertools.pairwise(path):
            yield from _status(search, certificate, issuer, at_ms, crls)


def _period(certificate: x509.Certificate, at_ms: int) -> Iterator[ChainReason]:
    if at_ms < clock.from_datetime(certificate.not_valid_before_utc):
        yield ChainReason.NOT_YET_VALID
    # The last second belongs to the validity (RFC 5280 4.1.2.5).
    if at_ms >= clock.from_datetime(certificate.not_valid_after_utc) + clock.SECOND:
        yield ChainReason.EXPIRED


def _authority(path: tuple[x509.Certificate, ...], place: int) -> Iterator[ChainReason]:
    constraints = _value(path[place], x509.BasicConstraints)
    if constraints is None or not constraints.ca:
        yield ChainReason.NOT_AN_AUTHORITY
    elif constraints.path_length is not None:
        below = [one for one in path[1:place] if one.subject != one.issuer]
        if len(below) > constraints.path_length:
            yield ChainReason.PATH_TOO_LONG
    usage = _value(path[place], x509.KeyUsage)
    if usage is None or not usage.key_cert_sign:
        yield ChainReason.KEY_USAGE


def _status(
    search: Search,
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    at_ms: int,
    crls: Sequence[x509.CertificateRevocationList],
) -> Iterator[ChainReason]:
    if _value(certificate, x509.OCSPNoCheck) is not None:
        return
    usage = _value(issuer, x509.KeyUsage)
    usable = [crl for crl in crls if _usable(search, crl, issuer, at_ms)]
    if not usable or usage is None or not usage.crl_sign:
        yield ChainReason.REVOCATION_UNKNOWN
        return
    newest = max(usable, key=lambda crl: crl.last_update_utc)
    entry = newest.get_revoked_certificate_by_serial_number(certificate.serial_number)
    if entry is None or clock.from_datetime(entry.revocation_date_utc) > at_ms:
        return
    held = any(
        isinstance(extension.value, x509.CRLReason)
        and extension.value.reason is x509.ReasonFlags.certificate_hold
        for extension in entry.extensions
    )
    yield ChainReason.ON_HOLD if held else ChainReason.REVOKED


def _usable(
    search: Search, crl: x509.CertificateRevocationList, issuer: x509.Certificate, at_ms: int
) -> bool:
    try:
        # A critical extension limits what a list covers (delta, one reason, one kind).
        limited = any(extension.critical for extension in crl.extensions)
        ours = crl.issuer == issuer.subject and not limited
        fresh = crl.next_update_utc is not None and at_ms <= clock.from_datetime(
            crl.next_update_utc
        )
    except UNREADABLE:
        return False
    return ours and fresh and search.published(crl, issuer)


def _value(certificate: x509.Certificate, kind: type[E]) -> E | None:
    for extension in certificate.extensions:
        if isinstance(extension.value, kind):
            return extension.value
    return None
