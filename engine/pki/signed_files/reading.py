"""Reading a signed file: who signed it, and whether it is what was signed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO

from cryptography import exceptions, x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from engine.kernel import errors
from engine.pki import der, keys, paths, signed_data
from engine.pki.envelopes import suites
from engine.pki.envelopes.streams import PIECE, Stream
from engine.pki.signed_files.making import CONTENT_HINTS, SIGNING_TIME

# How RSA over SHA-256 is called: by the key alone, or with the digest.
_RSA_NAMES = (suites.RSA, "1.2.840.113549.1.1.11")


class SignedFileRefused(errors.InvalidInput):
    """This is no signed file that can be read here: {problem}."""


class NotSigned(SignedFileRefused):
    """Nobody signed this file."""


class FileChanged(errors.InvalidInput):
    """The file is not what was signed: it was changed, or the signature is of another one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFile:
    """What stands around a file: what was signed of it, by whom, and the signature.

    Whether that certificate is to be trusted is the caller's question.
    """

    digest: bytes
    signed_at: int | None
    name: str
    attributes: bytes = field(repr=False)
    signature: bytes = field(repr=False)
    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]

    def require(self, digest: bytes) -> None:
        """Refuse a file with another digest, and a signature that does not hold.

        Raises: FileChanged.
        """
        if digest != self.digest or not holds(
            self.signer.public_key(), self.signature, self.attributes
        ):
            raise FileChanged


def holds(key: object, signature: bytes, message: bytes) -> bool:
    """Whether a signature over SHA-256 is by a key, on P-256 or RSA (PKCS #1 v1.5)."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        return keys.verify(key, signature, message)
    if not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
    except exceptions.InvalidSignature:
        return False
    return True


def read(source: BinaryIO, write: Callable[[bytes], object]) -> SignedFile:
    """Read a signed file: each piece of what is inside goes to `write`; what stood around it is returned.

    The signature holds and the file is what was signed; before that nothing written is to be used.
    Raises: NotSigned where it does not even begin as a signed file; SignedFileRefused, FileChanged.
    """
    digest = hashlib.sha256()
    try:
        stream = Stream(source)
        ends = _enter(stream)
        inner = stream.enter(der.SEQUENCE)
        if der.to_oid(stream.small()) != suites.DATA:
            raise SignedFileRefused(problem="what is signed is no file")
        if not stream.more(inner):
            raise SignedFileRefused(problem="the file itself is not in it")
        content = stream.enter(0xA0)
        for piece in stream.octets(der.OCTET_STRING):
            digest.update(piece)
            write(piece)
        stream.leave(content)
        stream.leave(inner)
        found = _behind(stream, ends)
    except (der.NotDer, ValueError, IndexError, *paths.UNREADABLE) as problem:
        raise SignedFileRefused(problem="it is damaged") from problem
    found.require(digest.digest())
    return found


def read_around(head: bytes, tail: bytes, size: int) -> SignedFile:
    """What stands around a file of a size that is elsewhere; whether it is that file is not yet looked at.

    Raises: SignedFileRefused.
    """
    try:
        stream = Stream(io.BytesIO(head + tail))
        ends = _enter(stream)
        inner = stream.enter(der.SEQUENCE)
        if der.to_oid(stream.small()) != suites.DATA:
            raise SignedFileRefused(problem="what is signed is no file")
        content = stream.enter(0xA0)
        if stream.head() != (der.OCTET_STRING, size) or stream.place != len(head):
            raise der.NotDer
        # The file stands here; what is counted goes on behind it.
        stream.place += size
        stream.leave(content)
        stream.leave(inner)
        return _behind(stream, ends)
    except (der.NotDer, ValueError, IndexError, *paths.UNREADABLE) as problem:
        raise SignedFileRefused(problem="it is damaged") from problem


def verify_beside(signature: bytes, source: BinaryIO) -> SignedFile:
    """A signature that stands beside its file, which is what was signed.

    Raises: SignedFileRefused, FileChanged.
    """
    try:
        stream = Stream(io.BytesIO(signature))
        ends = _enter(stream)
        inner = stream.enter(der.SEQUENCE)
        der.to_oid(stream.small())
        if stream.more(inner):
            raise SignedFileRefused(problem="the file is in it and not beside it")
        stream.leave(inner)
        found = _behind(stream, ends)
    except (der.NotDer, ValueError, IndexError, *paths.UNREADABLE) as problem:
        raise SignedFileRefused(problem="it is damaged") from problem
    digest = hashlib.sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
    found.require(digest.digest())
    return found


def _enter(stream: Stream) -> list[int | None]:
    try:
        ends = [stream.enter(der.SEQUENCE)]
        kind = der.to_oid(stream.small())
    except (der.NotDer, ValueError, IndexError) as problem:
        raise NotSigned(problem="it is not signed") from problem
    if kind != signed_data.SIGNED_DATA:
        raise NotSigned(problem="it is not signed")
    ends += [stream.enter(0xA0), stream.enter(der.SEQUENCE)]
    der.to_integer(stream.small())
    stream.small()
    return ends


def _behind(stream: Stream, ends: list[int | None]) -> SignedFile:
    """Certificates and the one signer, and then nothing more."""
    enclosed, signers = stream.small(), stream.small()
    if signers.tag == 0xA1:
        signers = stream.small()
    while ends:
        stream.leave(ends.pop())
    if not stream.at_end() or enclosed.tag != 0xA0 or signers.tag != der.SET:
        raise der.NotDer
    known = [x509.load_der_x509_certificate(one.encoded) for one in der.elements(enclosed.content)]
    (signer,) = der.elements(signers.content)
    return _signed_by(signer, known)


def _signed_by(signer: der.Element, known: Sequence[x509.Certificate]) -> SignedFile:
    _, identity, digest, signed, algorithm, signature, *_ = der.children(signer.encoded)
    certificate = next((one for one in known if _is(identity, one)), None)
    if certificate is None:
        raise SignedFileRefused(problem="its signer's certificate is not in it")
    kind = der.to_oid(der.elements(algorithm.content)[0])
    on_a_curve = isinstance(certificate.public_key(), ec.EllipticCurvePublicKey)
    names = (keys.SIGNATURE_OID,) if on_a_curve else _RSA_NAMES
    if der.to_algorithm(digest) != suites.SHA256 or kind not in names or signed.tag != 0xA0:
        raise SignedFileRefused(problem="it is signed in an unknown way")
    found = _values(signed.content)
    if found.get(signed_data.CONTENT_TYPE) != der.oid(suites.DATA):
        raise SignedFileRefused(problem="what is signed is no file")
    if signature.tag != der.OCTET_STRING or signed_data.MESSAGE_DIGEST not in found:
        raise der.NotDer
    at = found.get(SIGNING_TIME)
    return SignedFile(
        digest=der.single(found[signed_data.MESSAGE_DIGEST], der.OCTET_STRING).content,
        signed_at=None if at is None else der.to_time_ms(der.elements(at)[0]),
        name=_described(found.get(CONTENT_HINTS)),
        attributes=der.tlv(der.SET, signed.content),
        signature=signature.content,
        signer=certificate,
        others=tuple(one for one in known if one != certificate),
    )


def _described(hints: bytes | None) -> str:
    """What a signer called the file, where they said it."""
    first, *_ = der.children(hints) if hints is not None else (None,)
    return first.content.decode() if first is not None and first.tag == der.UTF8_STRING else ""


def _is(identity: der.Element, certificate: x509.Certificate) -> bool:
    if identity.tag == 0x80:
        found = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        return found.value.digest == identity.content
    named = der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number))
    return named == identity.encoded


def _values(content: bytes) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for attribute in der.elements(content):
        kind, values = der.children(attribute.encoded)
        (value,) = der.children(values.encoded, der.SET)
        if der.to_oid(kind) in found:
            raise der.NotDer
        found[der.to_oid(kind)] = value.encoded
    return found
