"""Seal agencies: they draw a seal to rule and sign it as its maker (`kernel.ports.SealMaker`)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import ports
from engine.pki import ceremony, certificates
from engine.ses import asn1, drawing, framing, handwriting, linting, strokes, structures

# What print needs, and no more.
DPI = 300
# What is written on the pad comes in whole numbers (`SealRequest.strokes`).
PLACE_UNIT, PRESSURE_UNIT = 10_000, 1_000
_PEN_MM = 0.8
_SIGNATURE_MM = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class _Picture:
    """What goes onto a page: as vectors or a picture in SVG, as PNG, and the true size."""

    svg: str
    png: bytes
    width_mm: int
    height_mm: int


def _picture(request: ports.SealRequest) -> _Picture:
    """The seal's picture: off its stamped form, out of a signature, written on the pad, or drawn."""
    if request.impression:
        cut = framing.framed(request.impression)
        return _Picture(svg=cut.svg, png=cut.png, width_mm=cut.width_mm, height_mm=cut.height_mm)
    if request.specimen:
        written = handwriting.draw(request.specimen)
        return _Picture(
            svg=written.svg,
            png=written.png,
            width_mm=written.width_mm,
            height_mm=written.height_mm,
        )
    drawn = _written(request) if request.strokes else _drawn(request)
    return _Picture(
        svg=drawn.svg,
        png=drawn.to_png(round(drawn.width_mm * DPI / 25.4)),
        width_mm=round(drawn.width_mm),
        height_mm=round(drawn.height_mm),
    )


def _written(request: ports.SealRequest) -> drawing.SealPicture:
    return strokes.draw(
        [
            [(x / PLACE_UNIT, y / PLACE_UNIT, t, p / PRESSURE_UNIT) for x, y, t, p in stroke]
            for stroke in request.strokes
        ],
        width_mm=request.width_mm or _SIGNATURE_MM,
        colour=request.colour,
        pen_mm=request.pen_um / 1_000 if request.pen_um else _PEN_MM,
    )


def _drawn(request: ports.SealRequest) -> drawing.SealPicture:
    return drawing.draw(
        request.shape,
        "".join((request.person or request.enterprise).split()),
        width_mm=request.width_mm,
        height_mm=request.height_mm,
        line=request.line,
        code=request.code,
        tax_number=request.tax_number,
        colour=drawing.Colour[request.colour.upper()],
        person=bool(request.person),
    )


@dataclass(frozen=True, kw_only=True)
class SealAgency:
    """A seal agency over its key and unit certificate."""

    credential: ceremony.Credential
    maker_id: str = "YINXIN"

    def make(self, request: ports.SealRequest) -> ports.MadeSeal:
        """The seal: drawn, and signed over owner, image, validity and allowed certificates.

        Raises: linting.SealNotClean, and what drawing raises.
        """
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
            kind=asn1.SealKind.PERSON if request.personal else asn1.SealKind.UNIT,
        )
        linting.require_clean(ses)
        return ports.MadeSeal(
            ses=ses,
            svg=picture.svg,
            png=picture.png,
            width_mm=picture.width_mm,
            height_mm=picture.height_mm,
        )
