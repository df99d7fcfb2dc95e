"""Which responder of an authority serves, for how long, and under what its key is kept."""

from __future__ import annotations

import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from engine.kernel import clock
from engine.pki import ceremony, certificates, remembering
from engine.pki.names import ORGANIZATION_IDENTIFIER_PREFIX

SERVES_MS = 60 * clock.DAY


def ms(moment: datetime.datetime) -> int:
    """UTC milliseconds of a certificate's instant."""
    return clock.from_datetime(moment)


def serves(known: ceremony.Credential, agency: ceremony.AgencyKeys, now: int) -> bool:
    """Whether a responder is its authority's, valid, and not yet due to be followed by the next."""
    begin, end = term(known.certificate)
    return begin <= now < end and _issuer_of(known.certificate) == _named(
        agency.authority.certificate
    )


@remembering.by_object
def term(responder: x509.Certificate) -> tuple[int, int]:
    """From when until when a responder serves."""
    begin = ms(responder.not_valid_before_utc)
    return begin, min(begin + SERVES_MS, ms(responder.not_valid_after_utc))


@remembering.by_object
def _issuer_of(child: x509.Certificate) -> tuple[bytes, bytes | None]:
    """Whom a certificate names as its issuer, and by which key."""
    named = child.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
    return child.issuer.public_bytes(), named.key_identifier


@remembering.by_object
def _named(issuer: x509.Certificate) -> tuple[bytes, bytes | None]:
    own = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    return certificates.subject_bytes(issuer), own.digest


def subject(certificate: x509.Certificate) -> certificates.Subject:
    """The subject of a responder's certificate, for the one after it."""

    def value(oid: x509.ObjectIdentifier) -> str:
        return "".join(str(one.value) for one in certificate.subject.get_attributes_for_oid(oid))

    return certificates.Subject(
        common_name=value(NameOID.COMMON_NAME),
        organization=value(NameOID.ORGANIZATION_NAME),
        uscc=value(NameOID.ORGANIZATION_IDENTIFIER).removeprefix(ORGANIZATION_IDENTIFIER_PREFIX),
    )


def place(label: str, serial_hex: str) -> str:
    """What a kept key is sealed for."""
    return f"responder|sealed_key|{label}|{serial_hex}"


def sealing_key(agency: ceremony.AgencyKeys) -> bytes:
    """Under what the keys of later responders are kept: it comes from that of the ceremony's."""
    secret = agency.ocsp.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    derive = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"yinxin responders")
    return derive.derive(secret)
