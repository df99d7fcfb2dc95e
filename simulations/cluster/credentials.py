"""Who may take part in a cluster: a certification authority of its own, and a certificate for each side.

A scheduler computes whatever it is handed, so there is none without TLS, and nobody is let in whose
certificate does not come from the cluster's authority. Keys are P-256; they are files, and belong on the
machines that take part and nowhere else.
"""

from __future__ import annotations

import datetime
import os
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engine.kernel import clock, errors

_VALID_DAYS = 400
_FILES = ("ca.pem", "node.pem", "node.key")


class CredentialsThere(errors.Conflict):
    """{path} holds credentials of a cluster already. Choose another folder, or remove them first."""


class CredentialsMissing(errors.ConfigurationError):
    """{path} lacks {file}. Make credentials with: yinxin cluster credentials FOLDER"""


def make(folder: Path) -> None:
    """An authority and a certificate that everybody of the cluster uses; the authority's key is not kept.

    Raises: CredentialsThere.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if any((folder / name).exists() for name in _FILES):
        raise CredentialsThere(path=str(folder))
    since = clock.to_datetime(clock.SystemClock().now_ms()) - datetime.timedelta(hours=1)
    until = since + datetime.timedelta(days=_VALID_DAYS)
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = _named("Yinxin cluster authority")
    authority = (
        _begun(ca_name, ca_name, ca_key.public_key(), since, until)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(authority=True), critical=True)
        .sign(ca_key, hashes.SHA256())
    )
    node = (
        _begun(_named("Yinxin cluster node"), ca_name, key.public_key(), since, until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(authority=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage(
                [ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]
            ),
            critical=False,
        )
        .sign(ca_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    _write(folder / "ca.pem", authority.public_bytes(pem))
    _write(folder / "node.pem", node.public_bytes(pem))
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _write(folder / "node.key", private)


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _begun(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    since: datetime.datetime,
    until: datetime.datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
    )


def _usage(*, authority: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not authority,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=authority,
        crl_sign=authority,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, content: bytes) -> None:
    number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "wb") as file:
        file.write(content)


def files(folder: Path) -> dict[str, str]:
    """The files of a folder, by what `distributed.Security` calls them.

    Raises: CredentialsMissing.
    """
    for name in _FILES:
        if not (folder / name).is_file():
            raise CredentialsMissing(path=str(folder), file=name, problem="missing")
    found = {"tls_ca_file": str(folder / "ca.pem")}
    for role in ("client", "scheduler", "worker"):
        found[f"tls_{role}_cert"] = str(folder / "node.pem")
        found[f"tls_{role}_key"] = str(folder / "node.key")
    return found
