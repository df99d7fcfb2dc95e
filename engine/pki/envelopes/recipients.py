"""To whom an envelope is: a content's key encrypted for a certificate, and found again (RFC 5652 6.2).

For RSA the key is transported (OAEP over SHA-256; PKCS #1 v1.5 is read too); for P-256 it is wrapped by a
key that is agreed on (RFC 5753), as OpenSSL does both. Opening never asks for a private key where that is
in two places: `Addressed.value` is what both halves are made of, and `content_key` takes what comes of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import gmpy2
from cryptography import x509
from cryptography.hazmat.primitives import hashes, keywrap
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.kdf.x963kdf import X963KDF

from engine.kernel.ids import Entropy
from engine.pki import decrypting, der, keys
from engine.pki.envelopes import padding, suites
from engine.pki.envelopes.refusals import (
    EnvelopeRefused,
    NotForThisCertificate,
    RecipientUnusable,
)

_COORDINATE_BYTES = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressed:
    """A content's key as it is encrypted for one certificate.

    `value` is what the certificate's key decrypts: a number for RSA, the x coordinate of a point for
    P-256. `oaep` is the digest of that padding, empty for PKCS #1 v1.5; of a key that was agreed on,
    `wrapped` is the content's key, `digest` derives what opens it, and `about` is what that is bound to.
    """

    value: bytes
    oaep: str = ""
    wrapped: bytes = b""
    wrap_bytes: int = 0
    digest: str = ""
    about: bytes = field(default=b"", repr=False)

    def content_key(self, decrypted: bytes) -> bytes:
        """The content's key, from what decrypting the value gave.

        Raises: decrypting.NotOpened.
        """
        if not self.wrapped:
            if self.oaep:
                return padding.without_oaep(decrypted, self.oaep)
            return padding.without_v15(decrypted)
        derived = _derived(suites.AGREED[self.digest], self.wrap_bytes, self.about, decrypted)
        try:
            return keywrap.aes_key_unwrap(derived, self.wrapped)
        except (keywrap.InvalidUnwrap, ValueError) as problem:
            raise decrypting.NotOpened from problem

    def opened_by(self, key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
        """The content's key, by a whole private key. Raises: decrypting.NotOpened."""
        if isinstance(key, rsa.RSAPrivateKey):
            numbers = key.private_numbers()
            modulus = numbers.public_numbers.n
            number, size = int.from_bytes(self.value, "big"), (modulus.bit_length() + 7) // 8
            if self.wrapped or len(self.value) != size or not 1 < number < modulus:
                raise decrypting.NotOpened
            opened = int(gmpy2.powmod(number, numbers.d, modulus))
            return self.content_key(opened.to_bytes(size, "big"))
        if not self.wrapped:
            raise decrypting.NotOpened
        try:
            point = ec.EllipticCurvePublicKey.from_encoded_point(keys.CURVE, b"\x02" + self.value)
            shared = key.exchange(ec.ECDH(), point)
        except ValueError as problem:
            raise decrypting.NotOpened from problem
        return self.content_key(shared)


def _derived(digest: hashes.HashAlgorithm, size: int, about: bytes, secret: bytes) -> bytes:
    return X963KDF(algorithm=digest, length=size, sharedinfo=about).derive(secret)


# -- writing -----------------------------------------------------------------------------------------


def addressed_to(certificate: x509.Certificate, content_key: bytes, entropy: Entropy) -> bytes:
    """The RecipientInfo by which a certificate's key opens a content.

    Raises: RecipientUnusable for a certificate that is not for encryption.
    """
    _require_for_encryption(certificate)
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return _transported(certificate, key, content_key, entropy)
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return _agreed(certificate, key, content_key, entropy)
    raise RecipientUnusable(problem="its key is neither RSA nor on P-256")


def _require_for_encryption(certificate: x509.Certificate) -> None:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return
    if not (usage.key_encipherment or usage.key_agreement):
        raise RecipientUnusable(problem="it is for signing, not for encryption")


def _named(certificate: x509.Certificate) -> bytes:
    return der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number))


def _transported(
    certificate: x509.Certificate, key: rsa.RSAPublicKey, content_key: bytes, entropy: Entropy
) -> bytes:
    numbers = key.public_numbers()
    size = (numbers.n.bit_length() + 7) // 8
    if size < 2 * 32 + 2 + len(content_key):
        raise RecipientUnusable(problem="its RSA key is too short")
    padded = padding.with_oaep(content_key, size, "sha256", entropy)
    number = pow(int.from_bytes(padded, "big"), numbers.e, numbers.n)
    sha256 = der.sequence(der.oid(suites.SHA256))
    algorithm = der.sequence(
        der.oid(suites.OAEP),
        der.sequence(
            der.explicit(0, sha256),
            der.explicit(1, der.sequence(der.oid(suites.MGF1), sha256)),
        ),
    )
    encrypted = der.octets(number.to_bytes(size, "big"))
    return der.sequence(der.integer(0), _named(certificate), algorithm, encrypted)


def _agreed(
    certificate: x509.Certificate,
    key: ec.EllipticCurvePublicKey,
    content_key: bytes,
    entropy: Entropy,
) -> bytes:
    one_off = keys.generate(entropy)
    own = one_off.public_key().public_numbers()
    point = b"\x04" + b"".join(one.to_bytes(_COORDINATE_BYTES, "big") for one in (own.x, own.y))
    wrap = der.sequence(der.oid(suites.AES_256_WRAP))
    size = suites.WRAPS[suites.AES_256_WRAP]
    derived = _derived(
        suites.AGREED[suites.AGREED_SHA256],
        size,
        _about(wrap, b"", size),
        one_off.exchange(ec.ECDH(), key),
    )
    wrapped = keywrap.aes_key_wrap(derived, content_key)
    return der.explicit(
        1,
        b"".join(
            (
                der.integer(3),
                der.explicit(
                    0, der.explicit(1, der.sequence(der.oid(suites.EC)) + der.bits(point))
                ),
                der.sequence(der.oid(suites.AGREED_SHA256), wrap),
                der.sequence(der.sequence(_named(certificate), der.octets(wrapped))),
            )
        ),
    )


def _about(wrap: bytes, entity: bytes, size: int) -> bytes:
    """ECC-CMS-SharedInfo (RFC 5753 7.2): for which algorithm, with what, how many bits."""
    bits = der.octets((8 * size).to_bytes(4, "big"))
    return der.sequence(
        wrap, *((der.explicit(0, entity),) if entity else ()), der.explicit(2, bits)
    )


# -- reading -----------------------------------------------------------------------------------------


def find(infos: bytes, certificate: x509.Certificate) -> Addressed:
    """What of a SET OF RecipientInfo (its content) is addressed to a certificate.

    Raises: NotForThisCertificate, EnvelopeRefused.
    """
    try:
        for info in der.elements(infos):
            found = _read(info, certificate)
            if found is not None:
                return found
    except (der.NotDer, ValueError, IndexError) as problem:
        raise EnvelopeRefused(problem="it is damaged") from problem
    raise NotForThisCertificate


def _read(info: der.Element, certificate: x509.Certificate) -> Addressed | None:
    if info.tag == der.SEQUENCE:
        _, whom, algorithm, key = der.elements(info.content)
        if not _is_named(whom, certificate):
            return None
        return Addressed(value=key.content, oaep=_padding_of(algorithm))
    # Keys that were given beforehand, and passwords, are none of a certificate's.
    return _read_agreed(info, certificate) if info.tag == 0xA1 else None


def _read_agreed(info: der.Element, certificate: x509.Certificate) -> Addressed | None:
    fields = der.elements(info.content)
    algorithm, recipients = fields[-2:]
    own = None
    for one in der.elements(recipients.content):
        whom, key = der.elements(one.content)
        if _is_named(whom, certificate):
            own = key.content
    if own is None:
        return None
    entity = next((one.content for one in fields if one.tag == 0xA1), b"")
    originator = der.elements(fields[1].content)[0]
    name, wrap = der.elements(algorithm.content)
    kind = der.to_oid(der.elements(wrap.content)[0])
    if der.to_oid(name) not in suites.AGREED or kind not in suites.WRAPS:
        raise EnvelopeRefused(problem="its key is agreed on in an unknown way")
    if originator.tag != 0xA1:
        raise EnvelopeRefused(problem="whose key it was agreed with is not in it")
    point = der.elements(originator.content)[1].content
    # A bit string of whole bytes with an uncompressed point on P-256: its x coordinate is what matters.
    if len(point) != 2 * _COORDINATE_BYTES + 2 or point[:2] != b"\0\x04":
        raise EnvelopeRefused(problem="its key is not agreed on over P-256")
    size = suites.WRAPS[kind]
    return Addressed(
        value=point[2 : 2 + _COORDINATE_BYTES],
        wrapped=own,
        wrap_bytes=size,
        digest=der.to_oid(name),
        about=_about(wrap.encoded, entity, size),
    )


def _is_named(whom: der.Element, certificate: x509.Certificate) -> bool:
    """Whether a recipient is a certificate, by issuer and serial or by key identifier."""
    if whom.tag in (0x80, 0xA0):
        identifier = whom.content
        if whom.tag == 0xA0:
            identifier = der.elements(whom.content)[0].content
        try:
            own = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        except x509.ExtensionNotFound:
            return False
        return identifier == own.value.digest
    issuer, serial = der.elements(whom.content)
    return (
        issuer.encoded == certificate.issuer.public_bytes()
        and der.to_integer(serial) == certificate.serial_number
    )


def _padding_of(algorithm: der.Element) -> str:
    """The digest of OAEP, or empty for PKCS #1 v1.5."""
    name, *parameters = der.elements(algorithm.content)
    if der.to_oid(name) == suites.RSA:
        return ""
    if der.to_oid(name) != suites.OAEP:
        raise EnvelopeRefused(problem="its key is not transported by RSA")
    given = {one.tag: one.content for one in der.elements(parameters[0].content)}
    if 0xA0 not in given:
        return "sha1"
    digest = der.to_oid(der.elements(der.elements(given[0xA0])[0].content)[0])
    if digest not in suites.DIGESTS:
        raise EnvelopeRefused(problem="its padding has an unknown digest")
    return suites.DIGESTS[digest]
