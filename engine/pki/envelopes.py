"""Reading an enveloped message (CMS EnvelopedData, RFC 5652 6): to whom it is, and what is inside.

Opening takes the key that encrypted the content, which the recipient's key decrypts: of that the halves are
in two places (`decrypting`), so this never asks for a private key. Key transport by RSA (PKCS #1 v1.5 or
OAEP) and AES in CBC, as OpenSSL writes them; anything else is refused by name.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from engine.kernel import errors
from engine.pki import decrypting, der

ENVELOPED_DATA = "1.2.840.113549.1.7.3"
_RSA, _OAEP = "1.2.840.113549.1.1.1", "1.2.840.113549.1.1.7"
_DIGESTS = {"1.3.14.3.2.26": "sha1", "2.16.840.1.101.3.4.2.1": "sha256"}
# AES-128, -192 and -256 in CBC: how long their keys are.
_CBC = {
    "2.16.840.1.101.3.4.1.2": 16,
    "2.16.840.1.101.3.4.1.22": 24,
    "2.16.840.1.101.3.4.1.42": 32,
}


class EnvelopeRefused(errors.InvalidInput):
    """This is no envelope that can be read here: {problem}."""


class NotForThisCertificate(errors.InvalidInput):
    """This was encrypted for other certificates than this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What is addressed to one recipient: the encrypted key, how it was padded, and the content."""

    encrypted_key: bytes
    oaep: str
    cipher: str
    nonce: bytes
    content: bytes = field(repr=False)

    def open(self, decrypted: bytes) -> bytes:
        """The content, from what decrypting the key gave (still padded).

        Raises: decrypting.NotOpened.
        """
        key = _without_oaep(decrypted, self.oaep) if self.oaep else _without_v15(decrypted)
        if len(key) != _CBC[self.cipher]:
            raise decrypting.NotOpened
        plain = Cipher(algorithms.AES(key), modes.CBC(self.nonce)).decryptor()
        unpadder = padding.PKCS7(128).unpadder()
        try:
            padded = plain.update(self.content) + plain.finalize()
            return unpadder.update(padded) + unpadder.finalize()
        except ValueError as problem:
            raise decrypting.NotOpened from problem


def read(encoded: bytes, recipient: x509.Certificate) -> Envelope:
    """The part of an envelope (DER) that is addressed to a certificate.

    Raises: EnvelopeRefused, NotForThisCertificate.
    """
    try:
        kind, wrapped = der.children(encoded)
        if der.to_oid(kind) != ENVELOPED_DATA:
            raise EnvelopeRefused(problem="it is not EnvelopedData")
        fields = der.children(der.elements(wrapped.content)[0].encoded)
        infos = next(one for one in fields if one.tag == der.SET)
        content = next(one for one in fields if one.tag == der.SEQUENCE)
        encrypted_key, oaep = _addressed(der.elements(infos.content), recipient)
        _, algorithm, body = der.elements(content.content)
        cipher, nonce = der.elements(algorithm.content)
        if der.to_oid(cipher) not in _CBC or body.tag != 0x80:
            raise EnvelopeRefused(problem="its content is not in AES-CBC")
    except (der.NotDer, ValueError, StopIteration, IndexError) as problem:
        raise EnvelopeRefused(problem="it is damaged") from problem
    return Envelope(
        encrypted_key=encrypted_key,
        oaep=oaep,
        cipher=der.to_oid(cipher),
        nonce=nonce.content,
        content=body.content,
    )


def _addressed(infos: tuple[der.Element, ...], recipient: x509.Certificate) -> tuple[bytes, str]:
    """The encrypted key for a recipient, who is named by issuer and serial or by key identifier."""
    identifier = recipient.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    for info in infos:
        if info.tag != der.SEQUENCE:
            continue
        _, whom, algorithm, key = der.elements(info.content)
        if whom.tag == 0x80:
            named = whom.content == identifier.digest
        else:
            issuer, serial = der.elements(whom.content)
            named = (
                issuer.encoded == recipient.issuer.public_bytes()
                and der.to_integer(serial) == recipient.serial_number
            )
        if named:
            return key.content, _padding_of(algorithm)
    raise NotForThisCertificate


def _padding_of(algorithm: der.Element) -> str:
    """The digest of OAEP, or empty for PKCS #1 v1.5."""
    name, *parameters = der.elements(algorithm.content)
    if der.to_oid(name) == _RSA:
        return ""
    if der.to_oid(name) != _OAEP:
        raise EnvelopeRefused(problem="its key is not transported by RSA")
    given = {one.tag: one.content for one in der.elements(parameters[0].content)}
    if 0xA0 not in given:
        return "sha1"
    digest = der.to_oid(der.elements(der.elements(given[0xA0])[0].content)[0])
    if digest not in _DIGESTS:
        raise EnvelopeRefused(problem="its padding has an unknown digest")
    return _DIGESTS[digest]


def _without_v15(padded: bytes) -> bytes:
    """RFC 8017 7.2.2; the phone alone sees what comes of it."""
    end = padded.find(b"\0", 2)
    if padded[:2] != b"\0\2" or end < 10:
        raise decrypting.NotOpened
    return padded[end + 1 :]


def _without_oaep(padded: bytes, digest: str) -> bytes:
    """RFC 8017 7.1.2, with an empty label and MGF1 over the same digest."""
    size = hashlib.new(digest).digest_size
    seed, block = padded[1 : 1 + size], padded[1 + size :]
    seed = _xor(seed, _mask(block, size, digest))
    block = _xor(block, _mask(seed, len(block), digest))
    rest = block[size:].lstrip(b"\0")
    if padded[:1] != b"\0" or block[:size] != hashlib.new(digest).digest() or rest[:1] != b"\1":
        raise decrypting.NotOpened
    return rest[1:]


def _mask(seed: bytes, size: int, digest: str) -> bytes:
    made = b"".join(
        hashlib.new(digest, seed + number.to_bytes(4, "big")).digest()
        for number in range(-(-size // hashlib.new(digest).digest_size))
    )
    return made[:size]


def _xor(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
