"""What stands before and behind a file that is signed (RFC 5652 5, RFC 5035)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from engine.kernel import clock
from engine.pki import certificates, der, keys, signed_data
from engine.pki.envelopes import suites
from engine.pki.envelopes.streams import head_of

SIGNING_TIME = "1.2.840.113549.1.9.5"
SIGNING_CERTIFICATE = "1.2.840.113549.1.9.16.2.47"
CONTENT_HINTS = "1.2.840.113549.1.9.16.2.4"
_SHA256 = der.sequence(der.oid(suites.SHA256))
_RSA = der.sequence(der.oid(suites.RSA), der.tlv(der.NULL, b""))
_FIRST_GENERALIZED = 2050


def attributes_of(
    digest: bytes, certificate: x509.Certificate, signed_at: int, *, name: str = ""
) -> bytes:
    """What a signer's key signs for a file with this SHA-256, and this name (a SET OF, DER)."""
    named = der.sequence(
        der.sequence(
            der.sequence(
                der.octets(hashlib.sha256(certificates.to_der(certificate)).digest()),
                der.sequence(
                    der.sequence(der.explicit(4, certificate.issuer.public_bytes())),
                    der.integer(certificate.serial_number),
                ),
            )
        )
    )
    # RFC 2634 2.9: the description of a content is what it is called.
    hints = der.sequence(der.utf8(name), der.oid(suites.DATA))
    return der.set_of(
        _attribute(signed_data.CONTENT_TYPE, der.oid(suites.DATA)),
        _attribute(signed_data.MESSAGE_DIGEST, der.octets(digest)),
        _attribute(SIGNING_TIME, _time(signed_at)),
        _attribute(SIGNING_CERTIFICATE, named),
        *((_attribute(CONTENT_HINTS, hints),) if name else ()),
    )


def _attribute(kind: str, value: bytes) -> bytes:
    return der.sequence(der.oid(kind), der.set_of(value))


def _time(at_ms: int) -> bytes:
    moment = clock.to_datetime(at_ms // 1000 * 1000)
    if moment.year >= _FIRST_GENERALIZED:
        return der.generalized_time(at_ms)
    return der.tlv(der.UTC_TIME, f"{moment:%y%m%d%H%M%SZ}".encode())


def around(
    size: int | None,
    *,
    attributes: bytes,
    signature: bytes,
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate] = (),
) -> tuple[bytes, bytes]:
    """The bytes before and behind a file of a size, which together with it are the signed file.

    Without a size it is a signature that stands beside the file, and all of it comes first.
    """
    on_a_curve = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    signer = der.sequence(
        der.integer(1),
        der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number)),
        _SHA256,
        # Signed as a SET OF, sent as [0] IMPLICIT (RFC 5652 5.4).
        der.explicit(0, der.single(attributes, der.SET).content),
        keys.SIGNATURE_ALGORITHM if on_a_curve else _RSA,
        der.octets(signature),
    )
    enclosed = sorted(certificates.to_der(one) for one in (certificate, *others))
    tail = der.explicit(0, b"".join(enclosed)) + der.set_of(signer)
    start = der.integer(1) + der.set_of(_SHA256)
    kind = der.oid(suites.DATA)
    if size is None:
        inside = start + der.sequence(kind) + tail
        whole = der.oid(signed_data.SIGNED_DATA) + der.explicit(0, der.sequence(inside))
        return der.sequence(whole), b""
    head = head_of(der.OCTET_STRING, size)
    head = head_of(0xA0, len(head) + size) + head
    head = kind + head
    head = start + head_of(der.SEQUENCE, len(head) + size) + head
    head = head_of(der.SEQUENCE, len(head) + size + len(tail)) + head
    head = head_of(0xA0, len(head) + size + len(tail)) + head
    head = der.oid(signed_data.SIGNED_DATA) + head
    return head_of(der.SEQUENCE, len(head) + size + len(tail)) + head, tail


def sign(
    size: int | None,
    digest: bytes,
    *,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    certificate: x509.Certificate,
    signed_at: int,
    others: Sequence[x509.Certificate] = (),
) -> tuple[bytes, bytes]:
    """As `around`, by a whole private key."""
    attributes = attributes_of(digest, certificate, signed_at)
    signature = (
        key.sign(attributes, padding.PKCS1v15(), hashes.SHA256())
        if isinstance(key, rsa.RSAPrivateKey)
        else keys.sign(key, attributes)
    )
    return around(
        size, attributes=attributes, signature=signature, certificate=certificate, others=others
    )
