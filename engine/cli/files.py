"""`yinxin encrypt` and `decrypt`: files of any size for one or several certificates, in CMS (ENC-1)."""

from __future__ import annotations

import contextlib
import enum
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO

import typer
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from engine.cli import shell
from engine.kernel import clock, errors, ids

if TYPE_CHECKING:
    from engine.pki import signed_files

_SMALL = 1024 * 1024


class CertificateUnreadable(errors.InvalidInput):
    """{path} holds no certificate in PEM or DER."""


class KeyFileUnreadable(errors.InvalidInput):
    """{path} holds no RSA or P-256 key in PEM, or its password is not the one in YINXIN_KEY_PASSWORD."""


class KeyMissing(errors.InvalidInput):
    """To sign, give both --sign-key and --sign-certificate."""


class CipherName(enum.StrEnum):
    """How the content is encrypted."""

    GCM = "gcm"
    CBC = "cbc"


def _certificate(path: Path) -> x509.Certificate:
    content = shell.read(path, _SMALL)
    try:
        if b"-----BEGIN" in content:
            return x509.load_pem_x509_certificate(content)
        return x509.load_der_x509_certificate(content)
    except ValueError as problem:
        raise CertificateUnreadable(path=str(path)) from problem


def _key(path: Path) -> rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey:
    password = os.environ.get("YINXIN_KEY_PASSWORD", "")
    try:
        found = serialization.load_pem_private_key(
            shell.read(path, _SMALL), password.encode() or None
        )
    except (ValueError, TypeError) as problem:
        raise KeyFileUnreadable(path=str(path)) from problem
    if not isinstance(found, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey)):
        raise KeyFileUnreadable(path=str(path))
    return found


def _around(source: Path, key_path: Path, certificate_path: Path) -> tuple[bytes, bytes]:
    """What a signature puts before and behind a file, which is read once for it."""
    from engine.pki import envelopes, signed_files

    digest = hashlib.sha256()
    with source.open("rb") as file:
        for piece in envelopes.pieces_of(file):
            digest.update(piece)
    return signed_files.sign(
        source.stat().st_size,
        digest.digest(),
        key=_key(key_path),
        certificate=_certificate(certificate_path),
        signed_at=clock.SystemClock().now_ms(),
    )


def _pieces(head: bytes, file: BinaryIO, tail: bytes) -> Iterator[bytes]:
    from engine.pki import envelopes

    yield head
    yield from envelopes.pieces_of(file)
    yield tail


def encrypt(
    source: Annotated[Path, typer.Argument(metavar="FILE", help="The file to encrypt.")],
    target: Annotated[Path, typer.Argument(metavar="OUT.p7m", help="Where it goes.")],
    recipient: Annotated[
        list[Path],
        typer.Option("--for", help="Whose certificate opens it; may be given several times."),
    ],
    sign_key: Annotated[Path | None, typer.Option(help="Sign it first with this key.")] = None,
    sign_certificate: Annotated[
        Path | None, typer.Option(help="The certificate of that key.")
    ] = None,
    cipher: Annotated[
        CipherName, typer.Option(help="gcm proves itself whole; cbc is read by older programs.")
    ] = CipherName.GCM,
) -> None:
    """Encrypt a file of any size for one or several certificates (CMS, AES-256), in bounded memory.

    Keys may be RSA or on P-256. With --sign-key it is signed first, and the signature is inside. A password
    on the key is read from YINXIN_KEY_PASSWORD. [bold]openssl cms -decrypt[/bold] opens what comes out.

    Exit code 2, with the reason and without OUT.p7m, when a certificate is not for encryption or a file
    cannot be read.

    Example: yinxin encrypt bid.pdf bid.pdf.p7m --for purchaser.pem --for own.pem
    """
    from engine.pki import envelopes

    with shell.refusals():
        if (sign_key is None) != (sign_certificate is None):
            raise KeyMissing()
        certificates = [_certificate(one) for one in recipient]
        head = tail = b""
        if sign_key is not None and sign_certificate is not None:
            head, tail = _around(source, sign_key, sign_certificate)
        chosen = envelopes.AES_256_GCM if cipher is CipherName.GCM else envelopes.AES_256_CBC
        with source.open("rb") as file, _beside(target) as sealed:
            envelopes.seal(
                _pieces(head, file, tail),
                sealed,
                certificates=certificates,
                entropy=ids.system_entropy,
                size=len(head) + source.stat().st_size + len(tail),
                cipher=chosen,
            )
    shell.say("Encrypted for {count}: {path}", count=len(certificates), path=target)


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of its target once it is whole."""
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".yinxin-")
    path = Path(name)
    try:
        with os.fdopen(descriptor, "w+b") as file:
            yield file
        path.replace(target)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def decrypt(
    source: Annotated[Path, typer.Argument(metavar="FILE.p7m", help="The encrypted file.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="Where what is inside goes.")],
    key: Annotated[Path, typer.Option(help="The private key (PEM).")],
    certificate: Annotated[Path, typer.Option(help="The certificate it was encrypted for.")],
) -> None:
    """Decrypt a file of any size by a whole private key, and check the signature that is inside, if any.

    The keys of this platform are in two halves and open files by scan; this is for keys of elsewhere, and
    for one that was recovered whole. OUT appears once everything was checked, or not at all.

    Exit code 2, with the reason, when the file is for others, was changed, or its signature does not hold.

    Example: yinxin decrypt bid.pdf.p7m bid.pdf --key own.key --certificate own.pem
    """
    from engine.pki import envelopes

    with shell.refusals():
        own, private = _certificate(certificate), _key(key)
        with source.open("rb") as sealed, _beside(target) as plain:
            reading = envelopes.Reading(sealed)
            content_key = reading.heading.for_certificate(own).opened_by(private)
            reading.open(content_key, plain)
            signed = _unwrapped(plain)
    if signed is None:
        shell.say("Decrypted; nobody signed it: {path}", path=target)
        return
    names = signed.signer.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    name = str(names[0].value) if names else ""
    shell.say("Decrypted; signed by {name} and unchanged: {path}", name=name, path=target)


def _unwrapped(plain: BinaryIO) -> signed_files.SignedFile | None:
    """Leave the signed file alone in the place of what stood around it; None where nothing is signed.

    Raises: signed_files.FileChanged; SignedFileRefused for what begins as one and cannot be read.
    """
    from engine.pki import signed_files

    with tempfile.TemporaryFile() as inner:
        plain.seek(0)
        try:
            signed = signed_files.read(plain, inner.write)
        except signed_files.NotSigned:
            return None
        plain.seek(0)
        plain.truncate()
        inner.seek(0)
        shutil.copyfileobj(inner, plain)
    return signed
