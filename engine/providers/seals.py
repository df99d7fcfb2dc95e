"""Seal agencies: they draw a seal to rule and sign it as its maker (`kernel.ports.SealMaker`)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import ports
from engine.pki import ceremony, certificates
from engine.ses import drawing, handwriting, structures

# 300 dots an inch at 42 mm: what print needs, and no more.
PNG_PIXELS = 496
DIAMETERS_MM = {"company": 42, "contract": 38}
# A legal representative's name seal: square, 20 mm.
NAME_SEAL_MM, NAME_SEAL_PIXELS = 20, 236


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """What goes onto a page: as vectors or a picture in SVG, as PNG, and the true size."""

    svg: str
    png: bytes
    width_mm: int
    height_mm: int


def _picture(request: ports.SealRequest) -> _Picture:
    """The seal as its kind is drawn: from a name, round or square, or from a signature on paper."""
    if request.kind == "signature":
        written = handwriting.draw(request.specimen)
        return _Picture(
            svg=written.svg,
            png=written.png,
            width_mm=written.width_mm,
            height_mm=written.height_mm,
        )
    if request.kind == "representative":
        drawn = drawing.draw_square(request.person, side_mm=NAME_SEAL_MM)
        pixels = NAME_SEAL_PIXELS
    else:
        drawn = drawing.draw_round(
            "".join(request.enterprise.split()),
            code=request.code,
            line=request.line,
            diameter_mm=request.width_mm or DIAMETERS_MM[request.kind],
        )
        pixels = PNG_PIXELS
    return _Picture(
        svg=drawn.svg,
        png=drawn.to_png(pixels),
        width_mm=round(drawn.width_mm),
        height_mm=round(drawn.height_mm),
    )


@dataclass(frozen=True, kw_only=True)
class SealAgency:
    """A seal agency over its key and unit certificate."""

    credential: ceremony.Credential
    maker_id: str = "YINXIN"

    def make(self, request: ports.SealRequest) -> ports.MadeSeal:
        """The seal: drawn, and signed over owner, image, validity and allowed certificates."""
        picture = _picture(request)
        ses = structures.make_seal(
            seal_id=request.code,
            maker_id=self.maker_id,
            name=request.name,
            certificates=[certificates.from_bytes(der) for der in request.certificates],
            picture_type="PNG",
            picture=picture.png,
            width_mm=picture.width_mm,
            height_mm=picture.height_mm,
            created_at_ms=request.created_at,
            valid_from_ms=request.valid_from,
            valid_to_ms=request.valid_to,
            maker_key=self.credential.key,
            maker_certificate=self.credential.certificate,
        )
        return ports.MadeSeal(
            ses=ses,
            svg=picture.svg,
            png=picture.png,
            width_mm=picture.width_mm,
            height_mm=picture.height_mm,
        )
