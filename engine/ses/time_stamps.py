"""Reading a time-stamp token (RFC 3161) that was put on a signature made with a seal."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from asn1crypto import cms, tsp
from cryptography import x509

from engine.kernel import clock, errors
from engine.pki import certificates, der, keys, paths, signed_files

# What a stamp's signature may be called: ECDSA or RSA over SHA-256, or RSA alone.
_SIGNED_BY = (keys.SIGNATURE_OID, "1.2.840.113549.1.1.11", "1.2.840.113549.1.1.1")
# A token with a chain in it; what strange DER may raise.
_MOST_BYTES = 64 * 1024
_STRANGE = (
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    OverflowError,
    RecursionError,
)


class StampUnreadable(errors.InvalidInput):
    """This time-stamp cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a time-stamp says, whose own signature holds; whether its signer is trusted is not asked."""

    at_ms: int
    digest: bytes
    algorithm: str
    signer: x509.Certificate
    others: tuple[x509.Certificate, ...]

    def digest_of(self, content: bytes) -> bytes:
        """The digest of a content by the stamp's own algorithm."""
        return hashlib.new(self.algorithm, content).digest()


def read_stamp(token: bytes) -> Stamp:
    """The stamp that a token is, once its signature holds under the certificate it names and encloses.

    Raises: StampUnreadable.
    """
    try:
        if len(token) > _MOST_BYTES:
            raise StampUnreadable
        return _read(token)
    except (*_STRANGE, certificates.CertificateUnreadable, *paths.UNREADABLE) as problem:
        raise StampUnreadable from problem


def _read(token: bytes) -> Stamp:
    outer = cms.ContentInfo.load(token, strict=True)
    if outer["content_type"].native != "signed_data" or outer["content"]["version"].native != "v3":
        raise StampUnreadable
    data = outer["content"]
    inner = data["encap_content_info"]
    if inner["content_type"].native != "tst_info" or len(data["signer_infos"]) != 1:
        raise StampUnreadable
    content = bytes(inner["content"])
    known = [certificates.from_bytes(one.dump()) for one in data["certificates"]]
    signer = _signer(data["signer_infos"][0], content, known)
    info = tsp.TSTInfo.load(content, strict=True)
    imprint = info["message_imprint"]
    algorithm = imprint["hash_algorithm"]["algorithm"].native
    if algorithm not in ("sha256", "sha384", "sha512"):
        raise StampUnreadable
    return Stamp(
        at_ms=clock.from_datetime(info["gen_time"].native),
        digest=imprint["hashed_message"].native,
        algorithm=algorithm,
        signer=signer,
        others=tuple(one for one in known if one != signer),
    )


def _signer(
    told: cms.SignerInfo, content: bytes, known: list[x509.Certificate]
) -> x509.Certificate:
    """Who signed the content: named by a digest among the signed attributes, as RFC 5816 demands."""
    attributes = {one["type"].native: one["values"] for one in told["signed_attrs"]}
    named = attributes["signing_certificate_v2"][0]["certs"][0]
    if named["hash_algorithm"]["algorithm"].native != "sha256":
        raise StampUnreadable
    digest = named["cert_hash"].native
    found = next(
        (one for one in known if hashlib.sha256(certificates.to_der(one)).digest() == digest),
        None,
    )
    if (
        found is None
        or told["version"].native != "v1"
        or told["signature_algorithm"]["algorithm"].dotted not in _SIGNED_BY
        or told["sid"].chosen.dump() != _identity(found)
        or attributes["content_type"].native != ["tst_info"]
        or attributes["message_digest"].native != [hashlib.sha256(content).digest()]
        or told["digest_algorithm"]["algorithm"].native != "sha256"
        or not signed_files.holds(
            found.public_key(), told["signature"].native, told["signed_attrs"].untag().dump()
        )
    ):
        raise StampUnreadable
    return found


def _identity(certificate: x509.Certificate) -> bytes:
    return der.sequence(certificate.issuer.public_bytes(), der.integer(certificate.serial_number))
