"""Reading an envelope from a stream: to whom it is, and what is inside (RFC 5652 6, RFC 5083).

Of EnvelopedData (AES in CBC) a changed byte shows only by its padding, so whatever counts is signed
inside. AuthEnvelopedData (AES in GCM) proves itself whole, but at its very end: what is written until then
is nobody's to use, so `open_file` writes beside the target and renames.
"""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from cryptography import x509
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from engine.pki import decrypting, der
from engine.pki.envelopes import recipients, suites
from engine.pki.envelopes.refusals import EnvelopeRefused, NotForThisCertificate
from engine.pki.envelopes.streams import Stream

_TAG_BYTES = range(12, 17)
_BLOCK_BITS = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What stands before an envelope's content: to whom it is, and how it is encrypted."""

    infos: bytes = field(repr=False)
    cipher: suites.ContentCipher
    nonce: bytes

    def for_certificate(self, certificate: x509.Certificate) -> recipients.Addressed:
        """What is addressed to a certificate. Raises: NotForThisCertificate, EnvelopeRefused."""
        return recipients.find(self.infos, certificate)

    def is_for(self, certificate: x509.Certificate) -> bool:
        """Whether anything is addressed to a certificate. Raises: EnvelopeRefused."""
        try:
            self.for_certificate(certificate)
        except NotForThisCertificate:
            return False
        return True


class Reading:
    """An envelope of which the heading was read, and the content is still to come. It is read once.

    Raises (when it is made): EnvelopeRefused.
    """

    def __init__(self, source: BinaryIO) -> None:
        self._stream = Stream(source)
        self._ends: list[int | None] = []
        try:
            self.heading = self._heading()
        except (der.NotDer, ValueError, IndexError) as problem:
            raise EnvelopeRefused(problem="it is damaged") from problem

    def _heading(self) -> Heading:
        stream = self._stream
        self._ends.append(stream.enter(der.SEQUENCE))
        kind = der.to_oid(stream.small())
        if kind not in (suites.ENVELOPED_DATA, suites.AUTH_ENVELOPED_DATA):
            raise EnvelopeRefused(problem=suites.OTHER_KINDS.get(kind, "it is not encrypted"))
        self._authenticated = kind == suites.AUTH_ENVELOPED_DATA
        self._ends += [stream.enter(0xA0), stream.enter(der.SEQUENCE)]
        der.to_integer(stream.small())
        if stream.peek() == 0xA0:
            stream.small()
        infos = stream.small()
        if infos.tag != der.SET:
            raise der.NotDer
        self._ends.append(stream.enter(der.SEQUENCE))
        der.to_oid(stream.small())
        cipher, nonce = _cipher_of(stream.small())
        if cipher.authenticated != self._authenticated:
            raise EnvelopeRefused(problem="its content is in a cipher of another kind")
        return Heading(infos=infos.content, cipher=cipher, nonce=nonce)

    def _pieces(self) -> Iterator[bytes]:
        yield from self._stream.octets(0x80)

    def _end(self) -> bytes:
        """What stands behind the content, which must end as it began; the tag of an authenticated one."""
        stream = self._stream
        stream.leave(self._ends.pop())
        tag = b""
        if self._authenticated:
            found = stream.small()
            if found.tag == 0xA1:
                raise EnvelopeRefused(problem="it has authenticated attributes")
            if found.tag != der.OCTET_STRING:
                raise der.NotDer
            tag = found.content
        if stream.more(self._ends[-1]):
            # Attributes that nothing protects are not looked at.
            stream.small()
        while self._ends:
            stream.leave(self._ends.pop())
        if not stream.at_end():
            raise der.NotDer
        return tag

    def check(self) -> None:
        """Read it to its end without opening it. Raises: EnvelopeRefused."""
        try:
            for _ in self._pieces():
                pass
            self._end()
        except (der.NotDer, ValueError, IndexError) as problem:
            raise EnvelopeRefused(problem="it is damaged") from problem

    def open(self, content_key: bytes, target: BinaryIO) -> int:
        """Write what is inside; how many bytes it is. What is raised takes back what was written.

        Raises: decrypting.NotOpened, EnvelopeRefused.
        """
        if len(content_key) != self.heading.cipher.key_bytes:
            raise decrypting.NotOpened
        try:
            if self._authenticated:
                return self._open_authenticated(content_key, target)
            return self._open_chained(content_key, target)
        except (der.NotDer, IndexError) as problem:
            raise EnvelopeRefused(problem="it is damaged") from problem
        except (ValueError, InvalidTag) as problem:
            raise decrypting.NotOpened from problem

    def _open_authenticated(self, content_key: bytes, target: BinaryIO) -> int:
        mode = modes.GCM(self.heading.nonce, tag=None, min_tag_length=_TAG_BYTES.start)
        plain, size = Cipher(algorithms.AES(content_key), mode).decryptor(), 0
        for piece in self._pieces():
            size += target.write(plain.update(piece))
        tag = self._end()
        if len(tag) not in _TAG_BYTES:
            raise der.NotDer
        return size + target.write(plain.finalize_with_tag(tag))

    def _open_chained(self, content_key: bytes, target: BinaryIO) -> int:
        mode = modes.CBC(self.heading.nonce)
        plain, size = Cipher(algorithms.AES(content_key), mode).decryptor(), 0
        unpadder = padding.PKCS7(_BLOCK_BITS).unpadder()
        for piece in self._pieces():
            size += target.write(unpadder.update(plain.update(piece)))
        self._end()
        last = unpadder.update(plain.finalize()) + unpadder.finalize()
        return size + target.write(last)


def _cipher_of(algorithm: der.Element) -> tuple[suites.ContentCipher, bytes]:
    name, *parameters = der.elements(algorithm.content)
    cipher = suites.CIPHERS.get(der.to_oid(name))
    if algorithm.tag != der.SEQUENCE or cipher is None or len(parameters) != 1:
        raise EnvelopeRefused(problem="its content is neither in AES-CBC nor in AES-GCM")
    nonce = parameters[0]
    if cipher.authenticated:
        nonce = der.elements(parameters[0].content)[0]
    wanted = range(8, 65) if cipher.authenticated else range(16, 17)
    if nonce.tag != der.OCTET_STRING or len(nonce.content) not in wanted:
        raise der.NotDer
    return cipher, nonce.content


def read_heading(encoded: bytes) -> Heading:
    """What stands before the content, from the first bytes of an envelope. Raises: EnvelopeRefused."""
    return Reading(io.BytesIO(encoded)).heading


def open_file(source: Path, target: Path, key_of: Callable[[Heading], bytes]) -> int:
    """Decrypt a file: the target appears whole or not at all; how many bytes it is.

    Raises: what `key_of` does, decrypting.NotOpened, EnvelopeRefused.
    """
    with source.open("rb") as sealed:
        reading = Reading(sealed)
        content_key = key_of(reading.heading)
        descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".opening-")
        beside = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as opened:
                size = reading.open(content_key, opened)
                opened.flush()
                os.fsync(opened.fileno())
            beside.replace(target)
        except BaseException:
            beside.unlink(missing_ok=True)
            raise
    return size
