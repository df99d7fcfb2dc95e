"""CMS signatures, RFC 3161 time-stamps and certificate chains, with `cryptography` alone."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from engine.evidence.verifier.der import Node, read, whole

DIGESTS: dict[str, tuple[str, Any]] = {
    "2.16.840.1.101.3.4.2.1": ("sha256", hashes.SHA256),
    "2.16.840.1.101.3.4.2.2": ("sha384", hashes.SHA384),
    "2.16.840.1.101.3.4.2.3": ("sha512", hashes.SHA512),
}
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_TOKEN = "1.2.840.113549.1.9.16.2.14"


@dataclass(frozen=True)
class Signed:
    """What is inside a CMS signature: its signer, its value, its own content, its time-stamps."""

    signer: x509.Certificate
    certificates: list[x509.Certificate]
    value: bytes
    content: bytes
    tokens: list[bytes]


def verify_value(
    certificate: x509.Certificate, value: bytes, message: bytes, digest: type[hashes.HashAlgorithm]
) -> bool:
    """Whether a signature value is the certificate's over a message."""
    key = certificate.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(value, message, padding.PKCS1v15(), digest())
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, message, ec.ECDSA(digest()))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _signer(sid: Node, certificates: Sequence[x509.Certificate]) -> x509.Certificate:
    issuer, serial = sid.children()[:2]
    for one in certificates:
        if one.serial_number == serial.integer() and one.issuer.public_bytes() == issuer.raw:
            return one
    raise ValueError("the signer's certificate is not there")


def open_cms(cms: bytes, content: bytes | None = None) -> Signed:
    """A CMS signature whose digest and value hold over its own content, or over the one given.

    Raises ValueError saying what does not hold.
    """
    signed = whole(cms).children()[1].children()[0].children()
    inside = signed[2].children()
    own = inside[1].children()[0].content if len(inside) > 1 else b""
    message = own if content is None else content
    bag = [n for n in signed[3:-1] if n.tag == 0xA0]
    certificates = [
        x509.load_der_x509_certificate(n.raw) for n in (bag[0].children() if bag else [])
    ]
    parts = signed[-1].children()[0].children()
    name, digest = DIGESTS[parts[2].children()[0].oid()]
    attributes = parts[3]
    stated = b""
    for attribute in attributes.children():
        kind, values = attribute.children()
        if kind.oid() == _MESSAGE_DIGEST:
            stated = values.children()[0].content
    if stated != hashlib.new(name, message).digest():
        raise ValueError("the digest is of something else")
    signer = _signer(parts[1], certificates)
    value = parts[5].content
    # The attributes are signed as the SET that they are, not as they are tagged in the structure.
    if not verify_value(signer, value, b"\x31" + attributes.raw[1:], digest):
        raise ValueError("the signature value is wrong")
    tokens = []
    for attribute in parts[6].children() if len(parts) > 6 else []:
        kind, values = attribute.children()
        if kind.oid() == _TOKEN:
            tokens += [one.raw for one in values.children()]
    return Signed(signer, certificates, value, own, tokens)


def open_token(token: bytes, stamped: bytes) -> tuple[datetime.datetime, Signed]:
    """The instant of a time-stamp over some bytes, and who says so. Raises ValueError."""
    signed = open_cms(token)
    info = read(signed.content)[0].children()
    name, _ = DIGESTS[info[2].children()[0].children()[0].oid()]
    if info[2].children()[1].content != hashlib.new(name, stamped).digest():
        raise ValueError("the time-stamp is over something else")
    text = info[4].content.decode().removesuffix("Z").split(".")[0]
    moment = datetime.datetime.strptime(text, "%Y%m%d%H%M%S").replace(tzinfo=datetime.UTC)
    return moment, signed


@dataclass(frozen=True)
class Trust:
    """Roots, links between, and revocation lists."""

    roots: list[x509.Certificate]
    links: list[x509.Certificate]
    lists: list[x509.CertificateRevocationList]

    def problem(self, certificate: x509.Certificate, moment: datetime.datetime) -> str:
        """Why no path leads from the certificate to a root at an instant; empty where one does."""
        now, steps = certificate, 0
        while steps < 6:
            if not now.not_valid_before_utc <= moment <= now.not_valid_after_utc:
                return f"{now.subject.rfc4514_string()} was not valid then"
            if self._revoked(now, moment):
                return f"{now.subject.rfc4514_string()} was revoked then"
            above = next((c for c in (*self.roots, *self.links) if _issued(now, c)), None)
            if above is None:
                return f"nobody trusted issued {now.subject.rfc4514_string()}"
            if above in self.roots:
                return ""
            now, steps = above, steps + 1
        return "the chain is too long"

    def _revoked(self, certificate: x509.Certificate, moment: datetime.datetime) -> bool:
        for one in self.lists:
            entry = one.get_revoked_certificate_by_serial_number(certificate.serial_number)
            if one.issuer != certificate.issuer or entry is None:
                continue
            if entry.revocation_date_utc <= moment and self._genuine(one):
                return True
        return False

    def _genuine(self, crl: x509.CertificateRevocationList) -> bool:
        return any(
            crl.is_signature_valid(c.public_key())  # type: ignore[arg-type]
            for c in (*self.roots, *self.links)
            if c.subject == crl.issuer
        )


def _issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
