"""CMS SignedData around a content of our own (RFC 5652 5), signed by one P-256 key over SHA-256.

What OpenSSL's `cms -verify` reads. Reading is strict: one signer, whose certificate is enclosed and who
signed content type and digest. Whether that certificate is to be trusted is the caller's question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from engine.kernel import errors
from engine.pki import certificates, der, keys, paths

SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE = "1.2.840.113549.1.9.3"
MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
SHA256 = "2.16.840.1.101.3.4.2.1"
MAXIMUM_BYTES = 1024 * 1024
_SHA256 = der.sequence(der.oid(SHA256))


class NotSignedData(errors.InvalidInput):
    """This is not a signed document of the expected kind, or it was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A content whose signature holds, and all the certificates that came with it, the signer's first."""

    content: bytes
    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]


def sign(
    content: bytes,
    content_type: str,
    *,
    key: ec.EllipticCurvePrivateKey,
    certificate: x509.Certificate,
    others: Sequence[x509.Certificate] = (),
) -> bytes:
    """The ContentInfo in DER; `others` are enclosed beside the signer's certificate."""
    attributes = der.set_of(
        _attribute(CONTENT_TYPE, der.oid(content_type)),
        _attribute(MESSAGE_DIGEST, der.octets(hashlib.sha256(content).digest())),
    )
    signer = der.sequence(
        der.integer(1),
        _identity(certificate),
        _SHA256,
        # Signed as a SET OF, sent as [0] IMPLICIT (RFC 5652 5.4).
        der.explicit(0, der.single(attributes, der.SET).content),
        keys.SIGNATURE_ALGORITHM,
        der.octets(keys.sign(key, attributes)),
    )
    enclosed = sorted(certificates.to_der(one) for one in (certificate, *others))
    return der.sequence(
        der.oid(SIGNED_DATA),
        der.explicit(
            0,
            der.sequence(
                # RFC 5652 5.1: version 3, because the content is not id-data.
                der.integer(3),
                der.set_of(_SHA256),
                der.sequence(der.oid(content_type), der.explicit(0, der.octets(content))),
                der.explicit(0, b"".join(enclosed)),
                der.set_of(signer),
            ),
        ),
    )


def verified(document: bytes, content_type: str) -> Signed:
    """What is inside, once the signature holds under the enclosed certificate of its signer.

    Raises: NotSignedData.
    """
    try:
        if len(document) > MAXIMUM_BYTES:
            raise NotSignedData
        return _verified(document, content_type)
    except (der.NotDer, ValueError, IndexError, *paths.UNREADABLE) as problem:
        raise NotSignedData from problem


def _verified(document: bytes, content_type: str) -> Signed:
    kind, wrapped = der.children(document)
    version, digests, inner, enclosed, signers = der.children(
        der.single(wrapped.encoded, 0xA0).content
    )
    inner_kind, inner_wrapped = der.children(inner.encoded)
    if (
        der.to_oid(kind) != SIGNED_DATA
        or der.to_integer(version) != 3
        or digests.encoded != der.set_of(_SHA256)
        or der.to_oid(inner_kind) != content_type
        or enclosed.tag != 0xA0
    ):
        raise NotSignedData
    content = der.single(der.single(inner_wrapped.encoded, 0xA0).content, der.OCTET_STRING).content
    known = [x509.load_der_x509_certificate(one.encoded) for one in der.elements(enclosed.content)]
    (signer,) = der.children(signers.encoded, der.SET)
    certificate = _signer(signer, content, content_type, known)
    others = tuple(one for one in known if one != certificate)
    return Signed(content=content, signer=certificate, others=others)


def _signer(
    signer: der.Element, content: bytes, content_type: str, known: Sequence[x509.Certificate]
) -> x509.Certificate:
    version, identity, digest, signed, algorithm, signature = der.children(signer.encoded)
    certificate = next((one for one in known if _identity(one) == identity.encoded), None)
    attributes = der.tlv(der.SET, signed.content)
    wanted = {
        CONTENT_TYPE: der.oid(content_type),
        MESSAGE_DIGEST: der.octets(hashlib.sha256(content).digest()),
    }
    if (
        certificate is None
        or der.to_integer(version) != 1
        or digest.encoded != _SHA256
        or signed.tag != 0xA0
        or _values(signed.content) != wanted
        or der.to_algorithm(algorithm) != keys.SIGNATURE_OID
        or signature.tag != der.OCTET_STRING
        or not keys.verify(certificate.public_key(), signature.content, attributes)
    ):
        raise NotSignedData
    return certificate


def _values(content: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for attribute in der.elements(content):
        kind, values = der.children(attribute.encoded)
        (value,) = der.children(values.encoded, der.SET)
        if der.to_oid(kind) in found:
            raise NotSignedData
        found[der.to_oid(kind)] = value.encoded
    return found


def _attribute(kind: str, value: bytes) -> bytes:
    return der.sequence(der.oid(kind), der.set_of(value))


def _identity(certificate: x509.Certificate) -> bytes:
    return der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number))
