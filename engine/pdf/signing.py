"""Interrupted PAdES: prepare a document, let the value be signed elsewhere, finish it.

`prepare` leaves a placeholder and gives the DER of the signed attributes (ETSI EN 319 122-1: content
type, message digest, ESSCertIDv2; no signing time, as PAdES wants it). Their SHA-256 is signed by a
phone. `finish` checks that value under the certificate before anything is released, and adds the
time-stamp (B-T); `add_validation_info` appends the DSS (B-LT). Equal inputs give equal bytes. No
key, network, clock or chance here.
"""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.sign import fields
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_byterange import PreparedByteRangeDigest
from pyhanko.sign.signers.pdf_signer import PdfSignatureMetadata, PdfSigner

from engine.kernel import errors
from engine.pdf import appearance, container, increments, spread, typeset
from engine.pdf.spread import FieldSpec as FieldSpec
from engine.pdf.spread import fields_of as fields_of

_SAME_PLACE = 1.0
# Where a signature keeps the very seal that it was made with (ADR on seals in signatures).
SEAL_KEY = "/YXSES"
# What pyHanko raises on documents that are odd or broken inside.
_UNREADABLE = (PdfError, SigningError, ValueError, TypeError, KeyError, IndexError, AttributeError)


class DocumentNotSignable(errors.InvalidInput):
    """The document cannot be signed: {problem}"""


class AlreadySigned(errors.Conflict):
    """The document already carries a signature, so this cannot be the first one."""


class FieldPlacedElsewhere(errors.InvalidInput):
    """The signature field {name} is already placed elsewhere in the document."""


def has_field(document: bytes, name: str) -> bool:
    """Whether a document has a signature field of this name, signed or not.

    Raises: DocumentNotSignable.
    """
    try:
        return _existing(increments.writer(document), name) is not None
    except _UNREADABLE as problem:
        raise DocumentNotSignable(problem=str(problem)) from problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A document that waits for its signature value; plain values only, so that it can be stored."""

    document: bytes
    field: str
    region_start: int
    region_end: int
    document_digest: str
    signed_attributes: bytes
    certificates: str
    signing_time_ms: int

    @property
    def to_be_signed(self) -> bytes:
        """The SHA-256 of the signed attributes: what the phone signs."""
        return hashlib.sha256(self.signed_attributes).digest()


def _filled(writer: Any) -> bool:
    return any(True for _ in fields.enumerate_sig_fields(writer.prev, filled_status=True))


def _existing(writer: Any, name: str) -> Any:
    return spread.found(writer.prev, name)


def _check_place(writer: Any, name: str, placement: typeset.Placement) -> None:
    """A widget of a certified document must not move, so a wish to move it is refused."""
    box = appearance.rectangle(writer, placement)[1]
    existing = _existing(writer, name)
    rect = [float(n) for n in existing["/Rect"]] if "/Rect" in existing else [0.0] * 4
    if any(abs(a - b) > _SAME_PLACE for a, b in zip(box, rect, strict=True)):
        raise FieldPlacedElsewhere(name=name)


def _degrees(writer: Any, name: str) -> int:
    """How far viewers turn the page on which the field stands."""
    for found, _, reference in fields.enumerate_sig_fields(writer):
        widget = reference.get_object()
        if found == name and "/P" in widget:
            return appearance.turned(widget["/P"])
    return 0


def _pem(certificates: Sequence[x509.Certificate]) -> str:
    return "".join(c.public_bytes(serialization.Encoding.PEM).decode() for c in certificates)


def _moment(ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(ms // 1000, tz=datetime.UTC)


def _metadata(field: str, *, first: bool, several: bool) -> PdfSignatureMetadata:
    """PAdES over SHA-256; the first signature certifies, and says whether others may follow."""
    return PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        subfilter=SigSeedSubFilter.PADES,
        certify=first,
        docmdp_permissions=MDPPerm.FILL_FORMS if several else MDPPerm.NO_CHANGES,
    )


def _opened(
    document: bytes,
    field: str,
    specs: Sequence[FieldSpec],
    placement: typeset.Placement | None,
    first: bool,
) -> Any:
    """A writer in which the field to be signed exists."""
    writer = increments.writer(document)
    if first and _filled(writer):
        raise AlreadySigned
    if placement is not None and _existing(writer, field) is not None:
        _check_place(writer, field, placement)
    for spec in specs:
        own = spec.name == field or spread.belongs(spec.name, field)
        if (first or own) and _existing(writer, spec.name) is None:
            fields.append_signature_field(writer, spread.specified(writer, spec))
    return writer


def _kept_seal(
    writer: Any, seal_object: bytes, signing_time_ms: int
) -> tuple[Any, generic.DictionaryObject]:
    """The seal as a stream, and how its picture names it.

    Verifiers let a later signature bring the objects that its appearance refers to and no others, so the
    picture refers to it as well as the signature does.
    """
    if not seal_object:
        return None, generic.DictionaryObject()
    stream = generic.StreamObject(stream_data=seal_object)
    stream.compress()
    kept = writer.add_object(stream)
    moment = generic.pdf_date(_moment(signing_time_ms))
    piece = generic.DictionaryObject(
        {pdf_name("/LastModified"): moment, pdf_name("/Private"): kept}
    )
    return kept, generic.DictionaryObject(
        {
            pdf_name("/LastModified"): moment,
            pdf_name("/PieceInfo"): generic.DictionaryObject({pdf_name("/Yinxin"): piece}),
        }
    )


def _digested(
    signer: PdfSigner,
    writer: Any,
    signing_time_ms: int,
    chain: Sequence[x509.Certificate],
    drawing: appearance.Drawing,
    kept: Any,
) -> tuple[PreparedByteRangeDigest, bytes]:
    """The document with its placeholder, and where that lies."""
    session = signer.init_signing_session(writer, existing_fields_only=True)
    # pyHanko reads the machine's clock here; the time is given.
    session.system_time = _moment(signing_time_ms)
    out = io.BytesIO()
    pending = session.prepare_tbs_document(None, bytes_reserved=container.room(chain))
    field = str(signer.signature_meta.field_name)
    value = spread.found(writer, field).raw_get("/V")
    if kept is not None:
        value.get_object()[pdf_name(SEAL_KEY)] = kept
    spread.fill(writer, field, value, drawing)
    region, _ = pending.digest_tbs_document(output=out)
    return region, out.getvalue()


def prepare(
    document: bytes,
    *,
    field: str,
    signer_certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    signing_time_ms: int,
    seal: appearance.SealAppearance | None = None,
    placement: typeset.Placement | None = None,
    reason: str | None = None,
    location: str | None = None,
    name: str | None = None,
    first: bool = False,
    all_fields: Sequence[FieldSpec] = (),
    seal_object: bytes = b"",
) -> Prepared:
    """The document with an empty signature in `field`, and what must be signed.

    `chain` are the issuers of `signer_certificate`, nearest first (a root in it is left out).
    `first`: creates `all_fields`, certifies with DocMDP (P=1 for one signer, P=2 for several). A
    later signer uses the fields made then; `placement` may repeat but never move the first of them. Fields
    that further places of this signature have (`fields_of`) are filled with it. `seal_object` is the seal
    as its maker signed it (GB/T 38540, DER): kept in the signature, and covered by it.
    Raises: AlreadySigned, DocumentNotSignable, FieldPlacedElsewhere, UnsupportedKey, and those of
    the appearance.
    """
    certificates = [signer_certificate, *chain]
    signer = container.signer(certificates, 256)
    specs = list(all_fields)
    if field not in [spec.name for spec in specs]:
        specs.append(FieldSpec(name=field, placement=placement))
    others = [one for one in specs if one.name != field and not spread.belongs(one.name, field)]
    metadata = _metadata(field, first=first, several=bool(others))
    metadata = dataclasses.replace(metadata, reason=reason, location=location, name=name)
    try:
        writer = _opened(document, field, specs, placement, first)
        kept, private = _kept_seal(writer, seal_object, signing_time_ms)
        drawing = appearance.Drawing(writer, seal, private)
        style = appearance.SealStyle(drawing=drawing, degrees=_degrees(writer, field))
        pdf_signer = PdfSigner(metadata, signer, stamp_style=style)
        region, made = _digested(pdf_signer, writer, signing_time_ms, certificates, drawing, kept)
    except _UNREADABLE as problem:
        raise DocumentNotSignable(problem=str(problem)) from problem
    attributes = increments.run(
        signer.signed_attrs(region.document_digest, "sha256", use_pades=True)
    )
    return Prepared(
        document=made,
        field=field,
        region_start=region.reserved_region_start,
        region_end=region.reserved_region_end,
        document_digest=region.document_digest.hex(),
        signed_attributes=attributes.dump(),
        certificates=_pem(certificates),
        signing_time_ms=signing_time_ms,
    )


def finish(
    prepared: Prepared,
    *,
    signature_value: bytes,
    timestamp: Callable[[bytes], bytes] | None = None,
) -> bytes:
    """The signed document: PAdES B-B, or B-T when `timestamp` turns a SHA-256 into a token (DER).

    `signature_value` is RSA PKCS#1 v1.5 or DER-encoded ECDSA, over SHA-256 of the attributes.
    Raises: SignatureValueWrong (nothing is released); TimestampUnusable.
    """
    certificates = x509.load_pem_x509_certificates(prepared.certificates.encode())
    container.require_genuine(certificates[0], signature_value, prepared.signed_attributes)
    signer = container.signer(certificates, signature_value)
    made = increments.run(
        signer.async_sign_prescribed_attributes(
            "sha256",
            cms.CMSAttributes.load(prepared.signed_attributes),
            timestamper=None if timestamp is None else container.Tokens(timestamp),
        )
    )
    out = io.BytesIO(prepared.document)
    region = PreparedByteRangeDigest(
        document_digest=bytes.fromhex(prepared.document_digest),
        reserved_region_start=prepared.region_start,
        reserved_region_end=prepared.region_end,
    )
    try:
        region.fill_with_cms(out, made)
    except SigningError as problem:
        # Only a token beyond the room for it can be too long.
        raise container.TimestampUnusable from problem
    return out.getvalue()
