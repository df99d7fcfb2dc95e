"""The walk from a certificate towards the roots, with a budget.

Names and key identifiers say who may have issued, signatures say who did. A bag of hostile
certificates is left after 100 signature checks or 500 steps. Whether a path found is acceptable is
`chains`' question.
"""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence

from cryptography import exceptions, x509
from cryptography.hazmat.primitives import hashes

MAXIMUM_CHECKS = 100
MAXIMUM_DEPTH = 6
MAXIMUM_CERTIFICATES = 200
MAXIMUM_STEPS = 500
UNREADABLE = (
    ValueError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType,
    x509.InvalidVersion,
    exceptions.UnsupportedAlgorithm,
)  # fmt: skip
UNVERIFIABLE = (*UNREADABLE, TypeError, exceptions.InvalidSignature)


class ChainReason(enum.StrEnum):
    """Why no path is accepted."""

    UNKNOWN_ISSUER = "unknown_issuer"
    BAD_SIGNATURE = "bad_signature"
    UNREADABLE = "unreadable"
    WEAK_ALGORITHM = "weak_algorithm"
    NOT_YET_VALID = "not_yet_valid"
    EXPIRED = "expired"
    NOT_AN_AUTHORITY = "not_an_authority"
    PATH_TOO_LONG = "path_too_long"
    KEY_USAGE = "key_usage"
    UNKNOWN_CRITICAL_EXTENSION = "unknown_critical_extension"
    REVOKED = "revoked"
    ON_HOLD = "on_hold"
    REVOCATION_UNKNOWN = "revocation_unknown"
    BUDGET_SPENT = "budget_spent"


class Spent(Exception):
    """The budget is spent."""


class Search:
    """One search: what it may use, what it has spent and which dead ends it met."""

    def __init__(
        self, intermediates: Sequence[x509.Certificate], roots: Sequence[x509.Certificate]
    ) -> None:
        self.roots = frozenset(roots)
        self.left = MAXIMUM_CHECKS
        self.steps = MAXIMUM_STEPS
        self.signed: dict[tuple[object, x509.Certificate], bool] = {}
        self.dead_ends: set[ChainReason] = set()
        self.by_subject: dict[x509.Name, list[tuple[x509.Certificate, bytes | None]]] = {}
        pool = dict.fromkeys((*roots, *intermediates))
        if len(pool) > MAXIMUM_CERTIFICATES:
            raise Spent
        for one in pool:
            try:
                own = key_identifiers(one)[0]
                self.by_subject.setdefault(one.subject, []).append((one, own))
            except UNREADABLE:
                # A certificate that cannot be read leads nowhere; others may.
                self.dead_ends.add(ChainReason.UNREADABLE)

    def issued(self, child: x509.Certificate, issuer: x509.Certificate) -> bool:
        """Whether `issuer` signed `child`; costs one check the first time."""
        known = self.signed.get((child, issuer))
        if known is None:
            self._spend()
            try:
                child.verify_directly_issued_by(issuer)
                known = True
            except UNVERIFIABLE:
                known = False
            self.signed[child, issuer] = known
        return known

    def published(self, crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
        """Whether `issuer` signed the list; costs one check the first time."""
        known = self.signed.get((crl.fingerprint(hashes.SHA256()), issuer))
        if known is None:
            self._spend()
            try:
                known = crl.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
            except UNVERIFIABLE:
                known = False
            self.signed[crl.fingerprint(hashes.SHA256()), issuer] = known
        return known

    def _candidates(self, path: tuple[x509.Certificate, ...]) -> list[x509.Certificate]:
        wanted = key_identifiers(path[-1])[1]
        return [
            one
            for one, own in self.by_subject.get(path[-1].issuer, ())
            if one not in path and (wanted is None or own is None or wanted == own)
        ]

    def _step(self) -> None:
        # Steps are counted apart from checks: a remembered signature costs no check, and a bag of
        # certificates that all sign each other has more paths than anybody can walk.
        if self.steps == 0:
            raise Spent
        self.steps -= 1

    def _spend(self) -> None:
        if self.left == 0:
            raise Spent
        self.left -= 1

    def paths(self, path: tuple[x509.Certificate, ...]) -> Iterator[tuple[x509.Certificate, ...]]:
        """Every path from the leaf to a root whose signatures hold."""
        last = path[-1]
        if last in self.roots:
            yield path
            return
        named = self._candidates(path)
        if not named:
            self.dead_ends.add(ChainReason.UNKNOWN_ISSUER)
        elif len(path) == MAXIMUM_DEPTH:
            self.dead_ends.add(ChainReason.PATH_TOO_LONG)
        else:
            for issuer in named:
                self._step()
                if self.issued(last, issuer):
                    yield from self.paths((*path, issuer))
                else:
                    self.dead_ends.add(ChainReason.BAD_SIGNATURE)


def key_identifiers(certificate: x509.Certificate) -> tuple[bytes | None, bytes | None]:
    """The identifiers of its own key and of its issuer's, where it has them."""
    own = authority = None
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.SubjectKeyIdentifier):
            own = extension.value.digest
        elif isinstance(extension.value, x509.AuthorityKeyIdentifier):
            authority = extension.value.key_identifier
    return own, authority
