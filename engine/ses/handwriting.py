"""A signature by hand out of a photograph of one: paper and shadows gone, ink on nothing.

What is ink is told by how much darker a place is than the paper around it, so that a lamp on one side
of the sheet takes nothing away. The strokes keep their own shades as transparency, in one colour.
"""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter, ImageOps

from engine.kernel import errors
from engine.ses import outlines

# The box that a signature is scaled into, and its print: 300 dots an inch.
WIDTH_MM, HEIGHT_MM = 50, 20
_DOTS_PER_MM = 300 / 25.4
_WORKING = 1_200
# Darker than the paper around by this share of the range: surely ink; by less than the first: paper.
_PAPER, _INK = 0.12, 0.38
# A signature is strokes: neither a dot nor a covered sheet.
_LEAST, _MOST = 0.002, 0.45
_MARGIN = 0.04


class SignatureUnreadable(errors.InvalidInput):
    """No signature can be told on this picture. Sign with a dark pen on white paper, and photograph it in even light."""  # noqa: E501


@dataclass(frozen=True, slots=True, kw_only=True)
class Handwriting:
    """A signature: PNG on transparent ground, the same as SVG, and its true size in millimetres."""

    png: bytes
    svg: str
    width_mm: int
    height_mm: int


@functools.lru_cache(maxsize=256)
def draw(photograph: bytes, *, colour: tuple[int, int, int] = (16, 16, 20)) -> Handwriting:
    """The signature on a photograph or scan (PNG, JPEG), trimmed and scaled to its box.

    Raises: SignatureUnreadable.
    """
    try:
        with Image.open(io.BytesIO(photograph)) as opened:
            picture = _on_white(ImageOps.exif_transpose(opened))
    except (OSError, ValueError, SyntaxError) as problem:
        raise SignatureUnreadable(field="signature_specimen") from problem
    picture.thumbnail((_WORKING, _WORKING))
    ink = _ink(picture)
    left, top, right, bottom = _strokes(ink)
    cut = ink[top:bottom, left:right]
    height, width = cut.shape
    scale = min(WIDTH_MM / width, HEIGHT_MM / height)
    width_mm, height_mm = max(1, round(width * scale)), max(1, round(height * scale))
    size = (round(width_mm * _DOTS_PER_MM), round(height_mm * _DOTS_PER_MM))
    alpha = Image.fromarray((cut * 255).astype(np.uint8)).resize(size, Image.Resampling.LANCZOS)
    made = Image.new("RGBA", size, (*colour, 0))
    made.putalpha(alpha)
    out = io.BytesIO()
    made.save(out, "PNG")
    png = out.getvalue()
    return Handwriting(
        png=png,
        svg=outlines.picture_svg(png, width_mm, height_mm),
        width_mm=width_mm,
        height_mm=height_mm,
    )


def _on_white(opened: Image.Image) -> Image.Image:
    """The picture in grey; what was transparent is paper."""
    coloured = opened.convert("RGBA")
    paper = Image.new("RGBA", coloured.size, "white")
    paper.alpha_composite(coloured)
    return paper.convert("L")


def _ink(picture: Image.Image) -> NDArray[np.float64]:
    """How much ink is where, from 0 to 1."""
    # The paper's own brightness: the brightest nearby, made smooth.
    small = picture.resize((max(8, picture.width // 8), max(8, picture.height // 8)))
    paper = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.GaussianBlur(6))
    ground = np.asarray(paper.resize(picture.size, Image.Resampling.BILINEAR), dtype=np.float64)
    seen = np.asarray(picture, dtype=np.float64)
    darker = (ground - seen) / np.maximum(ground, 64)
    ink: NDArray[np.float64] = np.clip((darker - _PAPER) / (_INK - _PAPER), 0, 1)
    return ink


def _strokes(ink: NDArray[np.float64]) -> tuple[int, int, int, int]:
    """The box around the strokes, a little wider than they are.

    Raises: SignatureUnreadable.
    """
    solid = ink > 0.5
    share = float(solid.mean())
    if not _LEAST <= share <= _MOST:
        raise SignatureUnreadable(field="signature_specimen")
    # Single dots of dust do not widen the box: a line of it counts from three on.
    rows = np.flatnonzero(solid.sum(axis=1) >= 3)
    columns = np.flatnonzero(solid.sum(axis=0) >= 3)
    if len(rows) < 8 or len(columns) < 8:
        raise SignatureUnreadable(field="signature_specimen")
    more = round(_MARGIN * max(ink.shape))
    height, width = ink.shape
    return (
        max(0, int(columns[0]) - more),
        max(0, int(rows[0]) - more),
        min(width, int(columns[-1]) + 1 + more),
        min(height, int(rows[-1]) + 1 + more),
    )
