"""The impression of a stamp taken off a scan or photograph of the printed application form (SEA-1).

The form's own marks give scale and perspective (`form_marks`), the paper's light is taken out and the ink
told from print (`inks`), the stamp is found among it (`stamp_search`), set upright (`postures`) and cut
out: a transparent picture in the regulated ink at 300 to 600 dpi, its true size, and what a reviewer
should look at.
"""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from engine.kernel import errors
from engine.ses import form_marks, inks, postures, stamp_search
from engine.ses.drawing import Colour
from engine.ses.form_marks import APPLICATION_FORM, FormNotSeen, ScanTooCoarse, Sheet, StampPlace
from engine.ses.inks import Floats, Ink, Picture
from engine.ses.postures import Posture
from engine.ses.stamp_search import FINDINGS, NoImpression, Seen, Stamp

__all__ = [
    "APPLICATION_FORM",
    "FINDINGS",
    "FormNotSeen",
    "Impression",
    "NoImpression",
    "PictureUnreadable",
    "ScanTooCoarse",
    "StampPlace",
    "extract",
    "load",
    "pixels",
    "taken_off",
]
# The page and then its stamp are looked at in these resolutions; what is cut out keeps the picture's own.
_PAGE_DPI, _STAMP_DPI, _OUT_DPI = 100, 300, (300, 400, 600)
_BEFORE_DPI = 150
# How much around a stamp is looked at, and what is left around what is cut out.
_AROUND_MM, _MARGIN_MM = 4.0, 1.0
_PAGE_MM = (210.0, 297.0)
# Where the form's code stands: right of the box, and how much around it is looked at.
_CODE_OFF_MM, _CODE_MM = (20.0, 25.0), 26.0
_COLOURS = {
    Ink.RED: Colour.RED,
    Ink.BLUE: Colour.BLUE,
    Ink.PURPLE: Colour.PURPLE,
    Ink.BLACK: Colour.BLACK,
}
# What is taken in, and what is worked on: a whole page at 340 dpi, or the box alone much finer.
_MOST_PIXELS, _WORKED_PIXELS = 25_000_000, 11_500_000


class PictureUnreadable(errors.InvalidInput):
    """This picture cannot be read. Scan or photograph the form again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Impression:
    """A stamp as it is: `png` is transparent around its ink, upright, `width_mm` by `height_mm`.

    `before` is the place on the form as the picture shows it (JPEG, flat and straight). `stamp_mm` is the
    stamp's own size and `skew_degrees` how far it was turned (clockwise), 0 where nothing tells.
    `in_place` says that all of it lies inside the form's box; `findings` what a reviewer should look at,
    of FINDINGS in that order. `form_number` is what the form's code says, "" where it cannot be read.
    """

    png: bytes
    before: bytes
    width_mm: float
    height_mm: float
    dpi: int
    source_dpi: int
    ink: str
    outline: str
    stamp_mm: tuple[float, float]
    skew_degrees: float
    in_place: bool
    findings: tuple[str, ...]
    form_number: str


def extract(scan: bytes, *, place: StampPlace = APPLICATION_FORM) -> Impression:
    """The impression on a scan or photograph (PNG, JPEG) of a printed, stamped form.

    Takes a second or so, and parses what somebody sent: for strangers' files `uploads.impression` runs
    it in a child. Raises: PictureUnreadable, FormNotSeen, ScanTooCoarse, NoImpression.
    """
    return taken_off(load(scan), place)


def load(scan: bytes) -> Picture:
    """The pixels of a picture, upright, in red, green and blue.

    Raises: PictureUnreadable.
    """
    try:
        with Image.open(io.BytesIO(scan), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise PictureUnreadable
            return pixels(ImageOps.exif_transpose(opened))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise PictureUnreadable from problem


def pixels(opened: Image.Image) -> Picture:
    """The pixels of a loaded picture; what is transparent is paper. A very large one is made smaller."""
    shrink = math.sqrt(_WORKED_PIXELS / (opened.width * opened.height))
    if shrink < 1:
        size = (round(opened.width * shrink), round(opened.height * shrink))
        opened = opened.resize(size, Image.Resampling.BOX)
    if opened.mode in ("RGBA", "LA", "PA") or "transparency" in opened.info:
        paper = Image.new("RGBA", opened.size, "white")
        paper.alpha_composite(opened.convert("RGBA"))
        opened = paper
    return np.asarray(opened.convert("RGB"), dtype=np.uint8)


def taken_off(picture: Picture, place: StampPlace) -> Impression:
    """As `extract`, from pixels (height by width by red, green and blue)."""
    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
    sheet = form_marks.find(grey, place)
    page = _page(picture, sheet)
    ink = stamp_search.ink_of(page, place)
    somewhere = stamp_search.find(page, place, ink)
    seen = _near(picture, sheet, page, somewhere)
    found = stamp_search.find(seen, place, ink)
    posture = postures.of(np.where(found.own, found.cover, 0).astype(np.float32))
    dpi = next((one for one in _OUT_DPI if one >= sheet.dpi), _OUT_DPI[-1])
    cut, size_mm = _cut(picture, sheet, seen, found, posture, dpi)
    findings = stamp_search.findings(seen, found, posture, sheet, place, somewhere.others)
    return Impression(
        png=_png(cut, found.strength.ink, dpi),
        before=_before(picture, sheet, place),
        width_mm=round(size_mm[0], 2),
        height_mm=round(size_mm[1], 2),
        dpi=dpi,
        source_dpi=sheet.dpi,
        ink=found.strength.ink.value,
        outline=posture.outline.value,
        stamp_mm=(
            round(posture.sides[0] / seen.per_mm, 2),
            round(posture.sides[1] / seen.per_mm, 2),
        ),
        skew_degrees=round(posture.turn_degrees, 2),
        in_place="outside_place" not in findings,
        findings=findings,
        form_number=_form_number(picture, sheet, place),
    )


def _page(picture: Picture, sheet: Sheet) -> Seen:
    """The whole page, coarse, flat and straight, without the paper's own light."""
    per_mm = _PAGE_DPI / 25.4
    size = (round(_PAGE_MM[0] * per_mm), round(_PAGE_MM[1] * per_mm))
    to_mm = form_marks.piece(0, 0, per_mm)
    shown = _warped(picture, sheet, to_mm, size, _PAGE_DPI)
    ground = inks.ground(shown, per_mm, 0, 0)
    share = inks.taken(shown, ground.over(to_mm, size))
    return Seen(share=share, ground=ground, left_mm=0, top_mm=0, per_mm=per_mm)


def _near(picture: Picture, sheet: Sheet, page: Seen, somewhere: Stamp) -> Seen:
    """The piece of the page around a stamp that was found on it, finer."""
    left, top, width, height = stamp_search.box(somewhere.own)
    left_mm, top_mm = left / page.per_mm - _AROUND_MM, top / page.per_mm - _AROUND_MM
    per_mm = _STAMP_DPI / 25.4
    size = (
        round((width / page.per_mm + 2 * _AROUND_MM) * per_mm),
        round((height / page.per_mm + 2 * _AROUND_MM) * per_mm),
    )
    to_mm = form_marks.piece(left_mm, top_mm, per_mm)
    shown = _warped(picture, sheet, to_mm, size, _STAMP_DPI)
    share = inks.taken(shown, page.ground.over(to_mm, size))
    return Seen(share=share, ground=page.ground, left_mm=left_mm, top_mm=top_mm, per_mm=per_mm)


def _warped(
    picture: Picture, sheet: Sheet, to_mm: NDArray[np.float64], size: tuple[int, int], dpi: float
) -> Picture:
    """A piece of the page; `to_mm` maps its pixels to the page. Beyond the picture its edge goes on."""
    factor = dpi / sheet.pixel_dpi
    matrix = sheet.to_pixels @ to_mm
    if factor < 0.7:
        # Made small first, so that no pixel is left out.
        picture = np.asarray(
            cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA),
            dtype=np.uint8,
        )
        off = 0.5 * factor - 0.5
        matrix = np.array([[factor, 0, off], [0, factor, off], [0, 0, 1]]) @ matrix
    shown = cv2.warpPerspective(
        picture,
        matrix,
        size,
        flags=cv2.INTER_CUBIC | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(shown, dtype=np.uint8)


def _cut(
    picture: Picture, sheet: Sheet, seen: Seen, found: Stamp, posture: Posture, dpi: int
) -> tuple[Floats, tuple[float, float]]:
    """The stamp's cover, upright, at that resolution, and the size of the piece in millimetres."""
    turn = math.radians(posture.turn_degrees)
    cosine, sine = math.cos(turn), math.sin(turn)
    points = np.argwhere(found.own)[:, ::-1] - np.array(posture.middle)
    upright = points @ np.array([[cosine, -sine], [sine, cosine]]) / seen.per_mm
    left, top = upright.min(axis=0) - _MARGIN_MM
    right, bottom = upright.max(axis=0) + _MARGIN_MM
    per_mm = dpi / 25.4
    size = (math.ceil((right - left) * per_mm), math.ceil((bottom - top) * per_mm))
    middle = seen.at(*posture.middle)
    page = np.array([[cosine, -sine, middle[0]], [sine, cosine, middle[1]], [0, 0, 1]])
    to_mm = page @ form_marks.piece(float(left), float(top), per_mm)
    shown = _warped(picture, sheet, to_mm, size, dpi)
    cover = inks.cover(inks.taken(shown, seen.ground.over(to_mm, size)), found.strength)
    looked = np.linalg.inv(form_marks.piece(seen.left_mm, seen.top_mm, seen.per_mm)) @ to_mm
    reach = cv2.warpPerspective(
        found.reach.astype(np.float32), looked, size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    )
    return np.asarray(cover * reach, dtype=np.float32), (size[0] / per_mm, size[1] / per_mm)


def _png(cover: Floats, ink: Ink, dpi: int) -> bytes:
    """The cover as transparency in one regulated colour."""
    alpha = Image.fromarray(np.rint(cover * 255).astype(np.uint8))
    made = Image.new("RGBA", alpha.size, (*_COLOURS[ink].value, 0))
    made.putalpha(alpha)
    out = io.BytesIO()
    made.save(out, "PNG", dpi=(dpi, dpi))
    return out.getvalue()


def _before(picture: Picture, sheet: Sheet, place: StampPlace) -> bytes:
    """The box as the picture shows it, with its marks, for a look beside what was cut out."""
    around = form_marks.OFF_MM + form_marks.MARK_MM + 2
    per_mm = _BEFORE_DPI / 25.4
    size = (
        round((place.width_mm + 2 * around) * per_mm),
        round((place.height_mm + 2 * around) * per_mm),
    )
    to_mm = form_marks.piece(place.x_mm - around, place.y_mm - around, per_mm)
    out = io.BytesIO()
    shown = Image.fromarray(_warped(picture, sheet, to_mm, size, _BEFORE_DPI))
    shown.save(out, "JPEG", quality=85)
    return out.getvalue()


def _form_number(picture: Picture, sheet: Sheet, place: StampPlace) -> str:
    """What the code beside the box says; "" where there is none that can be read."""
    per_mm = 10.0
    left = place.x_mm + place.width_mm + _CODE_OFF_MM[0] - 3
    top = place.y_mm + _CODE_OFF_MM[1] - 3
    side = round((_CODE_MM + 6) * per_mm)
    shown = _warped(picture, sheet, form_marks.piece(left, top, per_mm), (side, side), 254)
    try:
        text, _, _ = cv2.QRCodeDetector().detectAndDecode(shown)
    except (cv2.error, UnicodeDecodeError):
        return ""
    return text if text.isprintable() and len(text) <= 64 else ""
