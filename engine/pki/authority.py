"""An issuing authority: a certificate, its key, and the two acts it does, issue and publish.

Issuing lints before it signs: a copy of the to-be-signed certificate gets a signature that signs nothing,
that copy is linted and thrown away, and only then does the real key sign the very same bytes. Status is
kept elsewhere; a CRL is made from what it is given (RFC 5280 5).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, types

from engine.pki import assembling, certificates, der, keys, lint, revocation
from engine.pki.certificates import Subject, Urls
from engine.pki.profiles import Profile
from engine.pki.revocation import REASON_NUMBERS as REASON_NUMBERS
from engine.pki.revocation import Reason as Reason
from engine.pki.revocation import RevocationListPeriod as RevocationListPeriod
from engine.pki.revocation import Revoked as Revoked

LINT_KEY = assembling.WORTHLESS
# Stands where a signature will be, in copies that exist to be linted; it signs nothing.
_NO_SIGNATURE = der.bits(keys.sign(LINT_KEY, b""))


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
        encoded = self.issue_encoded(
            profile=profile,
            subject=subject,
            public_key=keys.public_to_der(public_key),
            serial=serial,
            not_before_ms=not_before_ms,
            not_after_ms=not_after_ms,
        )
        return x509.load_der_x509_certificate(encoded)

    def issue_encoded(
        self,
        *,
        profile: Profile,
        subject: Subject,
        public_key: bytes,
        serial: int,
        not_before_ms: int,
        not_after_ms: int,
    ) -> bytes:
        """The same in DER, for a SubjectPublicKeyInfo: nothing is encoded or read more than once.

        Raises: lint.LintRefused, keys.KeyUnreadable, and what `names.name_of` raises.
        """
        if profile.alternative_names:
            key = keys.public_from_der(public_key)
            builder = certificates.build(
                profile=profile,
                subject=subject,
                public_key=key,  # type: ignore[arg-type]
                serial=serial,
                not_before_ms=not_before_ms,
                not_after_ms=not_after_ms,
                issuer=self.certificate,
                urls=self.urls,
            )
            made = sign_linted(
                builder, self.key, profile=profile, issuer=self.certificate, urls=self.urls
            )
            return certificates.to_der(made)
        unsigned = assembling.to_be_signed(
            profile=profile,
            subject=subject,
            public_key=assembling.canonical_key(public_key),
            serial=serial,
            not_before_ms=not_before_ms,
            not_after_ms=not_after_ms,
            issuer=certificates.issuer_of(self.certificate),
            urls=self.urls,
        )
        return _signed_linted(
            unsigned, self.key, profile=profile, issuer=self.certificate, urls=self.urls
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
        return revocation.complete(
            self.certificate,
            self.key,
            revoked=revoked,
            number=number,
            period=revocation.Period(this_update_ms=this_update_ms, next_update_ms=next_update_ms),
        )


def sign_linted(
    builder: x509.CertificateBuilder,
    key: ec.EllipticCurvePrivateKey,
    *,
    profile: Profile,
    issuer: x509.Certificate | None,
    urls: Urls,
) -> x509.Certificate:
    """Lint what a builder makes in a copy that a worthless key signed, then sign with the real one.

    Raises: lint.LintRefused.
    """
    try:
        copy = builder.sign(LINT_KEY, hashes.SHA256(), ecdsa_deterministic=True)
    except ValueError as problem:
        raise lint.LintRefused(findings=str(problem)) from problem
    return x509.load_der_x509_certificate(
        _signed_linted(copy.tbs_certificate_bytes, key, profile=profile, issuer=issuer, urls=urls)
    )


def _signed_linted(
    unsigned: bytes,
    key: ec.EllipticCurvePrivateKey,
    *,
    profile: Profile,
    issuer: x509.Certificate | None,
    urls: Urls,
) -> bytes:
    copy = der.sequence(unsigned, keys.SIGNATURE_ALGORITHM, _NO_SIGNATURE)
    lint.require(copy, profile, issuer=issuer, urls=urls)
    # The real key signs the linted bytes themselves, so nothing can differ between the two.
    return der.sequence(unsigned, keys.SIGNATURE_ALGORITHM, der.bits(keys.sign(key, unsigned)))
