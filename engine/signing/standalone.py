"""Signing any PDF in one go: what `yinxin sign` does with a demo enterprise's certificate and seal.

A composition of `engine.pdf` alone: nothing is stored, no contract and no review stand behind it. The
key stays with the caller, who signs what it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography import x509

from engine.pdf import (
    appearance,
    archiving,
    intake,
    pdfium,
    placing,
    signing,
    typeset,
    validation_info,
)
from engine.signing import model

MARGIN_MM = 20
_FIELD = "yinxin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: `sign` turns the signed attributes (DER) into a signature value over their SHA-256."""

    certificate: x509.Certificate
    chain: Sequence[x509.Certificate]
    name: str
    seal: appearance.SealAppearance
    sign: Callable[[bytes], bytes]
    seal_object: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Validation:
    """What makes the result verifiable offline: a time-stamper, certificates, CRLs (DER)."""

    timestamp: Callable[[bytes], bytes]
    certificates: Sequence[x509.Certificate]
    crls: Sequence[bytes]


def last_corner(document: bytes, seal: appearance.SealAppearance) -> typeset.Placement:
    """The lower right corner of the last page, within a margin where the page has room for one."""
    with pdfium.opened(document) as pdf:
        width, height = pdf[len(pdf) - 1].get_size()
    room_x = width / appearance.POINTS_PER_MM - seal.width_mm
    room_y = height / appearance.POINTS_PER_MM - seal.height_mm
    return typeset.Placement(
        page=-1,
        x_mm=max(room_x - MARGIN_MM, room_x / 2),
        y_mm=max(room_y - MARGIN_MM, room_y / 2),
        width_mm=seal.width_mm,
        height_mm=seal.height_mm,
    )


def sign_document(
    document: bytes,
    *,
    signer: Signer,
    validation: Validation,
    now_ms: int,
    reason: str = "",
    placements: Sequence[placing.Placing] = (),
    level: str = model.Level.B_LT,
) -> bytes:
    """The document signed at a PAdES level, with the seal where it is wanted, or on its last page.

    A document that carries signatures gets one more, where they permit it.
    Raises: those of `intake.inspect`, of the placements, of the appearance and of `signing`.
    """
    facts = intake.inspect(document)
    seal = signer.seal
    marks = [placing.Mark(placement=last_corner(document, seal))]
    if placements:
        marks = placing.marks(document, placements, seal.width_mm, seal.height_mm)
    field = f"{_FIELD}{now_ms}"
    prepared = signing.prepare(
        document,
        field=field,
        signer_certificate=signer.certificate,
        chain=signer.chain,
        signing_time_ms=now_ms,
        seal=signer.seal,
        reason=reason or None,
        name=signer.name,
        first=not facts.has_signatures,
        all_fields=signing.fields_of(field, marks),
        seal_object=signer.seal_object,
    )
    made = signing.finish(
        prepared,
        signature_value=signer.sign(prepared.signed_attributes),
        timestamp=None if level == model.Level.B_B else validation.timestamp,
    )
    if not model.below(level, model.Level.B_LT):
        made = validation_info.add_validation_info(
            made, certificates=validation.certificates, crls=validation.crls
        )
    if level == model.Level.B_LTA:
        made = archiving.add_timestamp(made, validation.timestamp)
    return made
