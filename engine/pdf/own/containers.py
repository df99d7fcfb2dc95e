"""The CMS object of a signature, joined from bytes (RFC 5652 5, ETSI EN 319 122-1)."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Callable, Sequence

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from engine.pdf import container
from engine.pki import certificates, der, signed_data, timestamping

_DATA, _TIMESTAMP = "1.2.840.113549.1.7.1", "1.2.840.113549.1.9.16.2.14"
_SHA256 = der.sequence(der.oid(signed_data.SHA256))
_RSA = der.sequence(der.oid("1.2.840.113549.1.1.11"), b"\x05\x00")
_ECDSA = der.sequence(der.oid("1.2.840.10045.4.3.2"))
_IS_DATA = der.sequence(der.oid(signed_data.CONTENT_TYPE), der.set_of(der.oid(_DATA)))


@functools.lru_cache(maxsize=256)
def _about(certificate: x509.Certificate) -> tuple[bytes, bytes]:
    """Issuer and serial, and the attribute that names the certificate by its digest (ESSCertIDv2)."""
    issuer, serial = certificate.issuer.public_bytes(), der.integer(certificate.serial_number)
    named = der.sequence(
        der.octets(hashlib.sha256(certificates.to_der(certificate)).digest()),
        der.sequence(der.sequence(der.explicit(4, issuer)), serial),
    )
    attribute = der.sequence(
        timestamping.SIGNING_CERTIFICATE_V2, der.set_of(der.sequence(der.sequence(named)))
    )
    return der.sequence(issuer, serial), attribute


def attributes(certificate: x509.Certificate, digest: bytes) -> bytes:
    """What is signed: content type, digest of the document, and whose certificate it is."""
    told = der.sequence(der.oid(signed_data.MESSAGE_DIGEST), der.set_of(der.octets(digest)))
    return der.set_of(_IS_DATA, told, _about(certificate)[1])


@functools.lru_cache(maxsize=256)
def _enclosed(chain: tuple[x509.Certificate, ...]) -> bytes:
    # Not the root: who verifies has it, and nobody may learn it from the file.
    kept = [chain[0], *(one for one in chain[1:] if one.subject != one.issuer)]
    return der.explicit(0, b"".join(sorted(certificates.to_der(one) for one in kept)))


def _algorithm(certificate: x509.Certificate) -> bytes:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return _RSA
    if isinstance(key, ec.EllipticCurvePublicKey):
        return _ECDSA
    raise container.UnsupportedKey


def signed(
    chain: Sequence[x509.Certificate],
    signed_attributes: bytes,
    value: bytes,
    timestamp: Callable[[bytes], bytes] | None,
) -> bytes:
    """The object around a signature's value, with a time-stamp over that where there is a source.

    Raises: container.UnsupportedKey, container.TimestampUnusable.
    """
    unsigned = b""
    if timestamp is not None:
        token = checked(timestamp, hashlib.sha256(value).digest())
        unsigned = der.explicit(1, der.sequence(der.oid(_TIMESTAMP), der.set_of(token)))
    signer = der.sequence(
        der.integer(1),
        _about(chain[0])[0],
        _SHA256,
        # Signed as a SET OF, sent as [0] IMPLICIT (RFC 5652 5.4).
        der.explicit(0, der.single(signed_attributes, der.SET).content),
        _algorithm(chain[0]),
        der.octets(value),
        unsigned,
    )
    inside = der.sequence(
        der.integer(1),
        der.set_of(_SHA256),
        der.sequence(der.oid(_DATA)),
        _enclosed(tuple(chain)),
        der.set_of(signer),
    )
    return der.sequence(der.oid(signed_data.SIGNED_DATA), der.explicit(0, inside))


def checked(timestamp: Callable[[bytes], bytes], digest: bytes) -> bytes:
    """A token over this digest; who made it is for the verifier to say.

    Raises: container.TimestampUnusable.
    """
    token = timestamp(digest)
    try:
        kind, wrapped = der.children(token)
        _, _, inner, *_ = der.children(der.single(wrapped.encoded, 0xA0).content)
        _, content = der.children(inner.encoded)
        info = der.single(der.single(content.encoded, 0xA0).content, der.OCTET_STRING).content
        _, _, imprint, *_ = der.children(info)
        _, told = der.children(imprint.encoded)
    except (der.NotDer, ValueError) as problem:
        raise container.TimestampUnusable from problem
    if der.to_oid(kind) != signed_data.SIGNED_DATA or told.content != digest:
        raise container.TimestampUnusable
    return token


@functools.lru_cache(maxsize=256)
def pem_of(chain: tuple[x509.Certificate, ...]) -> str:
    """Certificates as text, in their order."""
    return "".join(one.public_bytes(serialization.Encoding.PEM).decode() for one in chain)


@functools.lru_cache(maxsize=256)
def chain_of(pem: str) -> tuple[x509.Certificate, ...]:
    """Certificates out of such a text."""
    return tuple(x509.load_pem_x509_certificates(pem.encode()))


@functools.lru_cache(maxsize=256)
def room_for(chain: tuple[x509.Certificate, ...]) -> int:
    """Hexadecimal digits to reserve for a signature with this chain."""
    return container.room(chain)
