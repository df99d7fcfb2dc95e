"""Seal agencies: they draw a seal to rule and sign it as its maker (`kernel.ports.SealMaker`)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import ports
from engine.pki import ceremony, certificates
from engine.ses import drawing, structures

# 300 dots an inch at 42 mm: what print needs, and no more.
PNG_PIXELS = 496
DIAMETERS_MM = {"company": 42, "contract": 38}


@dataclass(frozen=True, kw_only=True)
class SealAgency:
    """A seal agency over its key and unit certificate."""

    credential: ceremony.Credential
    maker_id: str = "YINXIN"

    def make(self, request: ports.SealRequest) -> ports.MadeSeal:
        """The seal: drawn, and signed over owner, image, validity and allowed certificates."""
        picture = drawing.draw_round(
            request.name,
            code=request.code,
            line=request.line,
            diameter_mm=DIAMETERS_MM[request.kind],
        )
        png = picture.to_png(PNG_PIXELS)
        ses = structures.make_seal(
            seal_id=request.code,
            maker_id=self.maker_id,
            name=request.name,
            certificates=[certificates.from_bytes(der) for der in request.certificates],
            picture_type="PNG",
            picture=png,
            width_mm=round(picture.width_mm),
            height_mm=round(picture.height_mm),
            created_at_ms=request.created_at,
            valid_from_ms=request.valid_from,
            valid_to_ms=request.valid_to,
            maker_key=self.credential.key,
            maker_certificate=self.credential.certificate,
        )
        return ports.MadeSeal(
            ses=ses,
            svg=picture.svg,
            png=png,
            width_mm=round(picture.width_mm),
            height_mm=round(picture.height_mm),
        )
