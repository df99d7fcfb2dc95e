"""An issuing authority: a certificate, its key, and the two acts it does, issue and publish.

Issuing lints before it signs: the to-be-signed certificate is signed with a key of the same kind
that everybody knows, that copy is linted and thrown away, and only then does the real key sign the
very same bytes. Status is kept elsewhere; a CRL is made from what it is given (RFC 5280 5).
"""

from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, types

from engine.kernel import errors
from engine.pki import certificates, der, keys, lint
from engine.pki.certificates import Subject, Urls
from engine.pki.profiles import Profile

ECDSA_WITH_SHA256 = der.sequence(der.oid(lint.ECDSA_WITH_SHA256))
# Known to everybody, so that nothing it signs is worth anything: its copies exist to be linted.
LINT_KEY = ec.derive_private_key(1, keys.CURVE)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Revoked:
    """One certificate that is revoked or held, since an instant in UTC milliseconds."""

    serial: int
    revoked_at_ms: int
    reason: Reason = Reason.UNSPECIFIED


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuingAuthority:
    """An authority by its label; `parents` leads from its issuer to the root.

    `key` is anything that the builders of cryptography accept as an elliptic-curve key, so it may
    live in a device or be split. `urls` go into what the authority issues.
    """

    label: str
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey
    urls: Urls
    parents: tuple[x509.Certificate, ...] = ()

    @property
    def chain(self) -> tuple[x509.Certificate, ...]:
        """Its own certificate and its parents', without the root."""
        path = (self.certificate, *self.parents)
        return tuple(one for one in path if one.issuer != one.subject)

    def issue(
        self,
        *,
        profile: Profile,
        subject: Subject,
        public_key: types.CertificatePublicKeyTypes,
        serial: int,
        not_before_ms: int,
        not_after_ms: int,
    ) -> x509.Certificate:
        """A certificate by the profile, linted before the signature.

        Raises: lint.LintRefused, and what `names.name_of` raises; then nothing was signed.
        """
        builder = certificates.build(
            profile=profile,
            subject=subject,
            public_key=public_key,
            serial=serial,
            not_before_ms=not_before_ms,
            not_after_ms=not_after_ms,
            issuer=self.certificate,
            urls=self.urls,
        )
        return sign_linted(
            builder, self.key, profile=profile, issuer=self.certificate, urls=self.urls
        )

    def crl(
        self,
        *,
        revoked: Sequence[Revoked],
        number: int,
        this_update_ms: int,
        next_update_ms: int,
    ) -> bytes:
        """The complete revocation list in DER, entries by serial; `number` must only ever grow.

        Raises: RevocationListPeriod.
        """
        if this_update_ms // 1000 >= next_update_ms // 1000:
            raise RevocationListPeriod
        builder = (
            x509.CertificateRevocationListBuilder(
                issuer_name=self.certificate.subject,
                last_update=certificates.whole_second(this_update_ms),
                next_update=certificates.whole_second(next_update_ms),
                revoked_certificates=[
                    _entry(one) for one in sorted(revoked, key=lambda one: one.serial)
                ],
            )
            .add_extension(certificates.authority_key_identifier(self.certificate), False)
            .add_extension(x509.CRLNumber(number), False)
        )
        signed = builder.sign(self.key, hashes.SHA256(), ecdsa_deterministic=True)
        return signed.public_bytes(serialization.Encoding.DER)


def sign_linted(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    *,
    profile: Profile,
    issuer: x509.Certificate | None,
    urls: Urls,
) -> x509.Certificate:
    """Lint a copy that a worthless key signed, then sign with the real one.

    Raises: lint.LintRefused.
    """
    try:
        copy = builder.sign(LINT_KEY, hashes.SHA256(), ecdsa_deterministic=True)
    except ValueError as problem:
        raise lint.LintRefused(findings=str(problem)) from problem
    lint.require(certificates.to_der(copy), profile, issuer=issuer, urls=urls)
    # The real key signs the linted bytes themselves, so nothing can differ between the two.
    linted = copy.tbs_certificate_bytes
    signature = keys.sign(key, linted)
    return x509.load_der_x509_certificate(
        der.sequence(linted, ECDSA_WITH_SHA256, der.bits(signature))
    )


def _entry(one: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder(
        serial_number=one.serial, revocation_date=certificates.whole_second(one.revoked_at_ms)
    )
    # RFC 5280 5.3.1: an unspecified reason is left out rather than written.
    if one.reason is not Reason.UNSPECIFIED:
        builder = builder.add_extension(x509.CRLReason(x509.ReasonFlags(one.reason.value)), False)
    return builder.build()
