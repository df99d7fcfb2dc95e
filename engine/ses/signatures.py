"""Signatures made with a seal outside of PDF (GB/T 38540-2020, SES_Signature), made and read back.

The signer signs the DER of TBS_Sign: the whole seal, the instant, the document's digest and where the
signature belongs. `signed_part` and `assemble` are apart: a key in two halves signs between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import core
from cryptography import x509

from engine.kernel import clock
from engine.pki import certificates as x509_certificates
from engine.ses import structures
from engine.ses.asn1 import SESeal, SesSignature, TbsSign
from engine.ses.structures import Seal, SealFieldMalformed, SealUnreadable
from engine.ses.suites import INTERNATIONAL, Suite

VERSION = 4
MOST_BYTES = structures.MOST_BYTES + 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class SealSignature:
    """A signature that was read. `seal` is the seal it was made with, `signed` what the signer signed.

    `time_stamp` is a token (RFC 3161) over the signature's value, empty where there is none.
    """

    version: int
    seal: Seal
    seal_der: bytes
    signed_at_ms: int
    document_digest: bytes
    property_info: str
    certificate: bytes
    signature_oid: str
    signature: bytes
    time_stamp: bytes
    signed: bytes
    extensions: tuple[structures.Extension, ...] = ()


def signed_part(
    *,
    seal: bytes,
    document_digest: bytes,
    property_info: str,
    signed_at_ms: int,
    extensions: Sequence[structures.Extension] = (),
) -> bytes:
    """What the signer signs (TBS_Sign in DER); `property_info` says where the signature belongs.

    Raises: SealUnreadable, SealFieldMalformed.
    """
    structures.parse(seal)
    if not document_digest:
        raise SealFieldMalformed(part="document digest")
    try:
        made = TbsSign(
            {
                "version": VERSION,
                "eseal": SESeal.load(seal, strict=True),
                "time_info": clock.to_datetime(signed_at_ms // 1000 * 1000),
                "data_hash": document_digest,
                "property_info": property_info,
                **structures.extended(extensions),
            }
        )
    except UnicodeEncodeError as problem:
        raise SealFieldMalformed(part="place") from problem
    return bytes(made.dump())


def assemble(
    signed: bytes,
    *,
    certificate: x509.Certificate,
    signature: bytes,
    time_stamp: bytes = b"",
    suite: Suite = INTERNATIONAL,
) -> bytes:
    """An SES_Signature in DER of what was signed, by whom, and the signature's value."""
    fields: dict[str, Any] = {
        "to_sign": TbsSign.load(signed, strict=True),
        "cert": x509_certificates.to_der(certificate),
        "signature_alg_id": suite.signature_oid,
        "signature": signature,
    }
    if time_stamp:
        fields["time_stamp"] = time_stamp
    return bytes(SesSignature(fields).dump())


def sign(
    *,
    seal: bytes,
    document_digest: bytes,
    property_info: str,
    signed_at_ms: int,
    key: object,
    certificate: x509.Certificate,
    suite: Suite = INTERNATIONAL,
) -> bytes:
    """An SES_Signature in DER by a whole key.

    Raises: SealUnreadable, SealFieldMalformed.
    """
    signed = signed_part(
        seal=seal,
        document_digest=document_digest,
        property_info=property_info,
        signed_at_ms=signed_at_ms,
    )
    return assemble(signed, certificate=certificate, signature=suite.sign(key, signed), suite=suite)


def stamped(encoded: bytes, time_stamp: bytes) -> bytes:
    """The signature with a time-stamp over its value; what was signed stays as it is.

    Raises: SealUnreadable.
    """
    read = parse(encoded)
    made = SesSignature.load(encoded, strict=True)
    fields = {
        "to_sign": TbsSign.load(read.signed, strict=True),
        "cert": read.certificate,
        "signature_alg_id": made["signature_alg_id"].dotted,
        "signature": read.signature,
        "time_stamp": time_stamp,
    }
    return bytes(SesSignature(fields).dump())


def parse(encoded: bytes) -> SealSignature:
    """The signature that an SES_Signature in DER is.

    Raises: SealUnreadable.
    """
    structures.require_size(encoded, MOST_BYTES)
    try:
        outer = SesSignature.load(encoded, strict=True)
        inner = outer["to_sign"]
        seal_der = bytes(inner["eseal"].dump())
        stamp = outer["time_stamp"]
        read = SealSignature(
            version=inner["version"].native,
            seal=structures.parse(seal_der),
            seal_der=seal_der,
            signed_at_ms=structures.instant(inner["time_info"]),
            document_digest=inner["data_hash"].native,
            property_info=inner["property_info"].native,
            certificate=outer["cert"].native,
            signature_oid=outer["signature_alg_id"].dotted,
            signature=outer["signature"].native,
            time_stamp=b"" if isinstance(stamp, core.Void) else stamp.native,
            signed=bytes(inner.dump()),
            extensions=structures.read_extensions(inner["ext_datas"]),
        )
        structures.require_der(outer, encoded)
    except structures.UNREADABLE as problem:
        raise SealUnreadable(problem=" ".join(str(problem).split())) from problem
    if read.version != VERSION:
        raise SealUnreadable(problem=f"version {read.version}")
    return read
