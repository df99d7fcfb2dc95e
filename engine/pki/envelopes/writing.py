"""Writing an envelope, piece by piece, for one or several certificates (RFC 5652 6, RFC 5083).

With a known size it is DER; without one the lengths are indefinite and the content comes in pieces, as
OpenSSL writes a stream. What is random follows from the caller's entropy.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from cryptography import x509
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from engine.kernel.ids import Entropy
from engine.pki import der
from engine.pki.envelopes import recipients, streams, suites
from engine.pki.envelopes.refusals import RecipientUnusable

MOST_RECIPIENTS = 1_000
_TAG_BYTES = 16
_BLOCK_BITS, _BLOCK_BYTES = 128, 16
_INDEFINITE, _END = b"\x80", b"\0\0"


def pieces_of(source: BinaryIO) -> Iterator[bytes]:
    """A stream in pieces of at most a megabyte."""
    while piece := source.read(streams.PIECE):
        yield piece


def seal(
    pieces: Iterable[bytes],
    target: BinaryIO,
    *,
    certificates: Sequence[x509.Certificate],
    entropy: Entropy,
    size: int | None = None,
    cipher: suites.ContentCipher = suites.AES_256_GCM,
) -> None:
    """Write an envelope that each of these certificates' keys opens; `size` is the content's, if known.

    Raises: RecipientUnusable, and ValueError where the pieces are not of the size that was told.
    """
    if not 1 <= len(certificates) <= MOST_RECIPIENTS:
        raise RecipientUnusable(problem="there are none, or too many")
    content_key, nonce = entropy(cipher.key_bytes), entropy(cipher.nonce_bytes)
    infos = der.set_of(
        *(recipients.addressed_to(one, content_key, entropy) for one in certificates)
    )
    encrypting = _Encrypting(cipher, content_key, nonce)
    algorithm = der.sequence(der.oid(cipher.oid), encrypting.parameters)
    version = _version(infos, cipher)
    if size is None:
        _write_open(encrypting.of(pieces), target, version + infos, algorithm, encrypting)
    else:
        _write_counted(encrypting.of(pieces), target, version + infos, algorithm, encrypting, size)


def _version(infos: bytes, cipher: suites.ContentCipher) -> bytes:
    """RFC 5652 6.1: 0 where every recipient is named by issuer and serial and its key transported."""
    if cipher.authenticated:
        return der.integer(0)
    agreed = any(one.tag != der.SEQUENCE for one in der.children(infos, der.SET))
    return der.integer(2 if agreed else 0)


class _Encrypting:
    """One content under one key."""

    def __init__(self, cipher: suites.ContentCipher, key: bytes, nonce: bytes) -> None:
        self.cipher = cipher
        mode = modes.GCM(nonce) if cipher.authenticated else modes.CBC(nonce)
        self._encryptor = Cipher(algorithms.AES(key), mode).encryptor()
        nonce_value = der.octets(nonce)
        self.parameters = (
            der.sequence(nonce_value, der.integer(_TAG_BYTES))
            if cipher.authenticated
            else nonce_value
        )

    def of(self, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """The ciphertext."""
        if self.cipher.authenticated:
            yield from map(self._encryptor.update, pieces)
            self._encryptor.finalize()
            return
        padder = padding.PKCS7(_BLOCK_BITS).padder()
        for piece in pieces:
            yield self._encryptor.update(padder.update(piece))
        yield self._encryptor.update(padder.finalize()) + self._encryptor.finalize()

    def size(self, plain: int) -> int:
        """How long the ciphertext of so many bytes is."""
        if self.cipher.authenticated:
            return plain
        return plain // _BLOCK_BYTES * _BLOCK_BYTES + _BLOCK_BYTES

    def tag(self) -> bytes:
        """What stands behind the content of an authenticated one."""
        if not self.cipher.authenticated:
            return b""
        return der.octets(self._encryptor.tag)  # type: ignore[attr-defined]


def _kind(cipher: suites.ContentCipher) -> bytes:
    return der.oid(suites.AUTH_ENVELOPED_DATA if cipher.authenticated else suites.ENVELOPED_DATA)


def _write_counted(
    sealed: Iterator[bytes],
    target: BinaryIO,
    before: bytes,
    algorithm: bytes,
    encrypting: _Encrypting,
    size: int,
) -> None:
    length = encrypting.size(size)
    head = streams.head_of(0x80, length)
    info = der.oid(suites.DATA) + algorithm + head
    tag_size = len(der.octets(bytes(_TAG_BYTES))) if encrypting.cipher.authenticated else 0
    info = streams.head_of(der.SEQUENCE, len(info) + length) + info
    inside = before + info
    inside = streams.head_of(der.SEQUENCE, len(inside) + length + tag_size) + inside
    wrapped = streams.head_of(0xA0, len(inside) + length + tag_size) + inside
    whole = _kind(encrypting.cipher) + wrapped
    target.write(streams.head_of(der.SEQUENCE, len(whole) + length + tag_size) + whole)
    written = 0
    for piece in sealed:
        written += target.write(piece)
    if written != length:
        raise ValueError(f"{written} bytes came where {length} were told")
    target.write(encrypting.tag())


def _write_open(
    sealed: Iterator[bytes],
    target: BinaryIO,
    before: bytes,
    algorithm: bytes,
    encrypting: _Encrypting,
) -> None:
    opened = bytes((der.SEQUENCE,)) + _INDEFINITE
    target.write(opened + _kind(encrypting.cipher) + b"\xa0" + _INDEFINITE + opened + before)
    target.write(opened + der.oid(suites.DATA) + algorithm + b"\xa0" + _INDEFINITE)
    for piece in sealed:
        if piece:
            target.write(der.octets(piece))
    target.write(_END + _END + encrypting.tag() + _END * 3)
