"""A certificate to be signed: profile, subject and key joined into a builder (RFC 5280 4).

Everything that is a choice comes from the profile. Nothing is signed here and nothing is judged:
`lint` judges and `authority` signs.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, types
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from engine.kernel import clock, errors
from engine.kernel.ids import Entropy
from engine.pki import der, remembering
from engine.pki.names import Subject, general_name, name_of
from engine.pki.profiles import KeyUse, Profile, Purpose

SERIAL_RANDOM_BYTES = 15
PURPOSES: dict[Purpose, x509.ObjectIdentifier] = {
    Purpose.CLIENT_AUTH: ExtendedKeyUsageOID.CLIENT_AUTH,
    Purpose.EMAIL_PROTECTION: ExtendedKeyUsageOID.EMAIL_PROTECTION,
    Purpose.TIME_STAMPING: ExtendedKeyUsageOID.TIME_STAMPING,
    Purpose.OCSP_SIGNING: ExtendedKeyUsageOID.OCSP_SIGNING,
    Purpose.SERVER_AUTH: ExtendedKeyUsageOID.SERVER_AUTH,
    Purpose.TSL_SIGNING: x509.ObjectIdentifier("0.4.0.2231.3.0"),
}

# `Subject` is named from here too: it is what `build` takes.
__all__ = [
    "PURPOSES", "CertificateUnreadable", "Issuer", "Subject", "Urls", "authority_key_identifier", "build",
    "from_bytes", "is_authority", "issuer_of", "key_usage", "serial_from", "serial_prefix", "subject_bytes",
    "to_der", "to_pem", "uses_of", "whole_second",
]  # fmt: skip


class CertificateUnreadable(errors.InvalidInput):
    """The certificate cannot be read: the file is damaged or of another kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Urls:
    """Where an issuer's status and its certificate are found; they go into what it issues.

    `delta` is empty where an issuer publishes complete lists alone.
    """

    ocsp: str = ""
    crl: str = ""
    delta: str = ""
    ca_issuers: str = ""


def serial_from(entropy: Entropy, prefix: int = 0x01) -> int:
    """A serial number of 16 octets: a prefix byte from 0x01 to 0x7f and 120 random bits.

    Positive, and at most 20 octets as RFC 5280 4.1.2.2 demands.
    """
    if not 0x01 <= prefix <= 0x7F:
        raise ValueError("the prefix of a serial is 0x01 to 0x7f")
    return int.from_bytes(bytes((prefix,)) + entropy(SERIAL_RANDOM_BYTES), "big")


def serial_prefix(serial: int) -> int:
    """The first octet of a serial of 16 octets: whose it is, by number (`serial_from`)."""
    return serial >> 8 * SERIAL_RANDOM_BYTES


def whole_second(at_ms: int) -> datetime.datetime:
    """The second of an instant, as the builders of cryptography want it: UTC without a zone."""
    return clock.to_datetime(at_ms // 1000 * 1000).replace(tzinfo=None)


def build(
    *,
    profile: Profile,
    subject: Subject,
    public_key: types.CertificatePublicKeyTypes,
    serial: int,
    not_before_ms: int,
    not_after_ms: int,
    issuer: x509.Certificate | None,
    urls: Urls,
) -> x509.CertificateBuilder:
    """The certificate by its profile, unsigned; `issuer` is None for a self-signed one.

    Instants are cut to whole seconds. Raises: what `names.name_of` raises.
    """
    name = name_of(profile, subject)
    extensions = [
        x509.Extension(extension.oid, critical, extension)
        for extension, critical in _extensions(profile, subject, public_key, issuer, urls)
    ]
    # The constructor takes all at once; the chain of setters copies the list at each step.
    return x509.CertificateBuilder(
        issuer_name=name if issuer is None else issuer.subject,
        subject_name=name,
        public_key=public_key,
        serial_number=serial,
        not_valid_before=whole_second(not_before_ms),
        not_valid_after=whole_second(not_after_ms),
        extensions=extensions,
    )


def _extensions(
    profile: Profile,
    subject: Subject,
    public_key: types.CertificatePublicKeyTypes,
    issuer: x509.Certificate | None,
    urls: Urls,
) -> Iterator[tuple[x509.ExtensionType, bool]]:
    constraints = x509.BasicConstraints(profile.authority, profile.path_length)
    yield constraints, profile.basic_constraints_critical
    yield key_usage(uses_of(profile, public_key)), profile.key_usage_critical
    yield x509.SubjectKeyIdentifier.from_public_key(public_key), False
    if profile.authority_key_identifier and issuer is not None:
        yield authority_key_identifier(issuer), False
    if profile.extended_key_usage:
        purposes = [PURPOSES[purpose] for purpose in profile.extended_key_usage]
        yield x509.ExtendedKeyUsage(purposes), profile.extended_key_usage_critical
    if profile.policies:
        yield _policies(profile.policies), False
    if profile.alternative_names:
        yield x509.SubjectAlternativeName([general_name(host) for host in subject.hosts]), False
    yield from _pointers(profile, urls)
    if profile.ocsp_no_check:
        yield x509.OCSPNoCheck(), False
    for place in profile.uscc_extensions:
        oid = x509.ObjectIdentifier(place)
        yield x509.UnrecognizedExtension(oid, der.utf8(subject.uscc)), False


def _pointers(profile: Profile, urls: Urls) -> Iterator[tuple[x509.ExtensionType, bool]]:
    if profile.crl_distribution:
        yield x509.CRLDistributionPoints([_place(urls.crl)]), False
    if profile.crl_distribution and urls.delta:
        yield x509.FreshestCRL([_place(urls.delta)]), False
    access = []
    if profile.ocsp_access:
        access.append((AuthorityInformationAccessOID.OCSP, urls.ocsp))
    if profile.issuers_access:
        access.append((AuthorityInformationAccessOID.CA_ISSUERS, urls.ca_issuers))
    if access:
        described = [
            x509.AccessDescription(method, x509.UniformResourceIdentifier(url))
            for method, url in access
        ]
        yield x509.AuthorityInformationAccess(described), False


def _place(url: str) -> x509.DistributionPoint:
    return x509.DistributionPoint([x509.UniformResourceIdentifier(url)], None, None, None)


def _policies(oids: tuple[str, ...]) -> x509.CertificatePolicies:
    return x509.CertificatePolicies(
        [x509.PolicyInformation(x509.ObjectIdentifier(oid), None) for oid in oids]
    )


def uses_of(profile: Profile, public_key: types.CertificatePublicKeyTypes) -> tuple[KeyUse, ...]:
    """What the profile lets this kind of key be used for."""
    return profile.uses(on_a_curve=isinstance(public_key, ec.EllipticCurvePublicKey))


def key_usage(uses: tuple[KeyUse, ...]) -> x509.KeyUsage:
    """The KeyUsage extension with exactly these bits set."""
    return x509.KeyUsage(
        digital_signature=KeyUse.DIGITAL_SIGNATURE in uses,
        content_commitment=KeyUse.NON_REPUDIATION in uses,
        key_encipherment=KeyUse.KEY_ENCIPHERMENT in uses,
        data_encipherment=KeyUse.DATA_ENCIPHERMENT in uses,
        key_agreement=KeyUse.KEY_AGREEMENT in uses,
        key_cert_sign=KeyUse.KEY_CERT_SIGN in uses,
        crl_sign=KeyUse.CRL_SIGN in uses,
        encipher_only=False,
        decipher_only=False,
    )


@functools.lru_cache(maxsize=256)
def authority_key_identifier(issuer: x509.Certificate) -> x509.AuthorityKeyIdentifier:
    """The identifier of the issuer's key, copied from its own subject key identifier."""
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(own)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Issuer:
    """What each issue asks of an issuer's certificate, read once: an object is always given the same.

    `subject` is encoded; the term is in UTC milliseconds.
    """

    certificate: x509.Certificate
    subject: bytes
    public_key: types.CertificatePublicKeyTypes
    not_before_ms: int
    not_after_ms: int


@remembering.by_object
def issuer_of(certificate: x509.Certificate) -> Issuer:
    """What is known of an issuer."""
    return Issuer(
        certificate=certificate,
        subject=certificate.subject.public_bytes(),
        public_key=certificate.public_key(),
        not_before_ms=clock.from_datetime(certificate.not_valid_before_utc),
        not_after_ms=clock.from_datetime(certificate.not_valid_after_utc),
    )


def subject_bytes(certificate: x509.Certificate) -> bytes:
    """The subject as it is encoded; an issuer's is asked for again and again."""
    return issuer_of(certificate).subject


def to_pem(certificate: x509.Certificate) -> bytes:
    """The certificate in PEM."""
    return certificate.public_bytes(serialization.Encoding.PEM)


def to_der(certificate: x509.Certificate) -> bytes:
    """The certificate in DER."""
    return certificate.public_bytes(serialization.Encoding.DER)


def from_bytes(data: bytes) -> x509.Certificate:
    """The certificate in PEM or DER.

    Raises: CertificateUnreadable.
    """
    try:
        if b"-----BEGIN" in data[:4096]:
            return x509.load_pem_x509_certificate(data)
        return x509.load_der_x509_certificate(data)
    except ValueError as problem:
        raise CertificateUnreadable from problem


def is_authority(data: bytes) -> bool:
    """Whether this is a certificate, in PEM or DER, of somebody who may issue others."""
    try:
        constraints = from_bytes(data).extensions.get_extension_for_class(x509.BasicConstraints)
    except (CertificateUnreadable, x509.ExtensionNotFound, ValueError):
        return False
    return constraints.value.ca
