"""Certificates to encrypt for with whole keys in the test's hands, and OpenSSL's own `cms` beside ours."""

from __future__ import annotations

import datetime
import io
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from engine.kernel import ids
from engine.pki import decrypting, envelopes, keys

_FROM = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, kw_only=True)
class Holder:
    """A certificate and its whole private key."""

    name: str
    certificate: x509.Certificate
    key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey

    def files(self, folder: Path) -> tuple[Path, Path]:
        """The certificate and the key in PEM."""
        certificate, key = folder / f"{self.name}.pem", folder / f"{self.name}.key"
        certificate.write_bytes(self.certificate.public_bytes(Encoding.PEM))
        key.write_bytes(self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        return certificate, key


def holder(kind: str, number: int = 1, *, signs: bool = False) -> Holder:
    """Somebody with a key of a kind (`rsa`, `curve`) of their own; the same number, the same key."""
    entropy = ids.seeded(f"{kind} {number}", "envelope holder")
    key = decrypting.make_rsa(entropy, 2048) if kind == "rsa" else keys.generate(entropy)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, f"{kind} {number}")])
    usage = x509.KeyUsage(
        digital_signature=signs,
        content_commitment=signs,
        key_encipherment=not signs and kind == "rsa",
        data_encipherment=False,
        key_agreement=not signs and kind == "curve",
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1_000 + number)
        .not_valid_before(_FROM)
        .not_valid_after(_FROM + datetime.timedelta(days=3_650))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .sign(key, hashes.SHA256())
    )
    return Holder(name=f"{kind}{number}", certificate=made, key=key)


def sealed(content: bytes, holders: Sequence[Holder], **options: object) -> bytes:
    """An envelope as this product makes it."""
    target = io.BytesIO()
    size = options.pop("size", len(content))
    envelopes.seal(
        envelopes.pieces_of(io.BytesIO(content)),
        target,
        certificates=[one.certificate for one in holders],
        entropy=ids.seeded(repr(content[:64]), "envelope"),
        size=size,
        **options,
    )
    return target.getvalue()


def opened(envelope: bytes, by: Holder) -> bytes:
    """What is inside, by a whole key."""
    reading = envelopes.Reading(io.BytesIO(envelope))
    target = io.BytesIO()
    content_key = reading.heading.for_certificate(by.certificate).opened_by(by.key)
    reading.open(content_key, target)
    return target.getvalue()


def openssl(folder: Path, *arguments: str | Path) -> None:
    """Run `openssl cms` in a folder."""
    done = subprocess.run(
        ["openssl", "cms", *map(str, arguments)], cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stderr.decode()
