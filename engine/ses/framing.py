"""An impression that was taken off its form, as the picture of a signed seal."""

from __future__ import annotations

import io
import math
from dataclasses import dataclass

from PIL import Image

from engine.ses import impressions, outlines


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """An impression as a seal's picture: PNG, the same as SVG, and its size in whole millimetres."""

    png: bytes
    svg: str
    width_mm: int
    height_mm: int


def framed(png: bytes) -> Framed:
    """An impression's picture in the middle of whole millimetres, as signed seals have them.

    `png` is one that `impressions.extract` made: its resolution stands in it.
    Raises: impressions.PictureUnreadable.
    """
    try:
        with Image.open(io.BytesIO(png), formats=("PNG",)) as opened:
            dpi = round(_resolution(opened))
            image = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, KeyError) as problem:
        raise impressions.PictureUnreadable from problem
    width_mm, height_mm = (math.ceil(side / dpi * 25.4 - 0.05) for side in image.size)
    size = (round(width_mm * dpi / 25.4), round(height_mm * dpi / 25.4))
    # Where the frame falls short by a pixel, that pixel is of the margin.
    made = Image.new("RGBA", size, (*image.tobytes()[:3], 0))
    made.paste(image, ((size[0] - image.width) // 2, (size[1] - image.height) // 2))
    out = io.BytesIO()
    made.save(out, "PNG", dpi=(dpi, dpi))
    return Framed(
        png=out.getvalue(),
        svg=outlines.picture_svg(out.getvalue(), width_mm, height_mm),
        width_mm=width_mm,
        height_mm=height_mm,
    )


def _resolution(opened: Image.Image) -> float:
    told = opened.info["dpi"]
    if not isinstance(told, tuple) or told[0] < 1:
        raise ValueError("dpi")
    return float(told[0])
