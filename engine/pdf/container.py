"""The CMS container of a signature: its maker without a key, its size, its time-stamp.

What comes from outside (a signature value, a time-stamp token) is checked here before it goes into
a document.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

from collections.abc import Callable, Sequence

from asn1crypto import cms, tsp
from cryptography import exceptions, x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from pyhanko.sign import signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.kernel import errors
from engine.pdf import increments

# Room for a time-stamp token with its chain (RSA-4096 twice) and for our own attributes.
_TOKEN_ROOM = 9216
_ATTRIBUTE_ROOM = 1536
# Hexadecimal digits for a token that stands alone.
TOKEN_DIGITS = 2 * _TOKEN_ROOM


class UnsupportedKey(errors.InvalidInput):
    """This kind of key cannot sign a PDF. Use RSA or ECDSA."""


class SignatureValueWrong(errors.InvalidInput):
    """The signature value does not belong to this document and certificate."""


class TimestampUnusable(errors.ProviderUnavailable):
    """The time-stamp authority's answer cannot be used. Try again later."""


class Tokens(TimeStamper):
    """pyHanko's time-stamper over a function that turns a digest into a token."""

    def __init__(self, source: Callable[[bytes], bytes]) -> None:
        super().__init__(include_nonce=False)
        self._source = source

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        return _checked_token(self._source(message_digest), message_digest)


def _checked_token(der: bytes, digest: bytes) -> cms.ContentInfo:
    try:
        token = cms.ContentInfo.load(der, strict=True)
        info: tsp.TSTInfo = token["content"]["encap_content_info"]["content"].parsed
        imprint = info["message_imprint"]["hashed_message"].native
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise TimestampUnusable from problem
    if imprint != digest:
        raise TimestampUnusable
    return token


def signer(chain: Sequence[x509.Certificate], value: bytes | int) -> signers.ExternalSigner:
    """A signer of `chain[0]` whose value comes from outside (or its length, before it is there).

    Raises: UnsupportedKey.
    """
    if not isinstance(chain[0].public_key(), rsa.RSAPublicKey | ec.EllipticCurvePublicKey):
        raise UnsupportedKey
    store = SimpleCertificateStore()
    # Not the root: who verifies has it, and nobody may learn it from the file.
    store.register_multiple([increments.asn1(c) for c in chain[1:] if c.subject != c.issuer])
    return signers.ExternalSigner(
        signing_cert=increments.asn1(chain[0]),
        cert_registry=store,
        signature_value=value,
        embed_roots=False,
    )


def room(chain: Sequence[x509.Certificate]) -> int:
    """Hexadecimal digits to reserve for the CMS object."""
    ders = sum(len(c.public_bytes(serialization.Encoding.DER)) for c in chain)
    key = chain[0].public_key()
    value = key.key_size // 8 if isinstance(key, rsa.RSAPublicKey) else 144
    return 2 * (ders + value + _TOKEN_ROOM + _ATTRIBUTE_ROOM)


def require_genuine(certificate: x509.Certificate, value: bytes, message: bytes) -> None:
    """Refuse a signature value that is not the certificate's over SHA-256 of `message`.

    Raises: SignatureValueWrong, UnsupportedKey.
    """
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, message, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, message, ec.ECDSA(hashes.SHA256()))
        else:
            raise UnsupportedKey
    except exceptions.InvalidSignature as problem:
        raise SignatureValueWrong from problem
