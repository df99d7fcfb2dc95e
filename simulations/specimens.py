"""Signatures on paper, as simulated legal representatives photograph them: slanted strokes under a lamp."""

from __future__ import annotations

import functools
import hashlib
import importlib.util
import io
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

_FACE = "NotoSerifSC-Regular.otf"
_HEIGHT, _SIZE = 260, 130


@functools.cache
def _font() -> ImageFont.FreeTypeFont:
    package = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    if package is None or package.origin is None:
        raise FileNotFoundError(_FACE)
    return ImageFont.truetype(Path(package.origin).parent / _FACE, _SIZE)


@functools.lru_cache(maxsize=2048)
def signature(name: str) -> bytes:
    """A photograph (PNG) of a name written with a pen, lit from one side."""
    looks = hashlib.sha256(name.encode()).digest()
    wide = 120 + _SIZE * max(2, len(name))
    ink = Image.new("L", (wide, _HEIGHT), 0)
    draw = ImageDraw.Draw(ink)
    left = 50
    for place, character in enumerate(name):
        lift = looks[place % 32] % 25
        draw.text((left, 40 + lift), character, font=_font(), fill=255)
        left += _SIZE - 6 - looks[(place + 7) % 32] % 12
    slant = 0.18 + looks[0] / 1600
    ink = ink.transform(ink.size, Image.Transform.AFFINE, (1, slant, -slant * 110, 0, 1, 0))
    ink = ink.filter(ImageFilter.GaussianBlur(0.8))
    # A lamp on one side: the paper darkens towards the other.
    lamp = Image.linear_gradient("L").rotate(90).resize(ink.size)
    paper = lamp.point([255 - level * 70 // 255 for level in range(256)])
    pen = Image.new("L", ink.size, 38 + looks[1] % 30)
    photograph = Image.composite(pen, paper, ink)
    out = io.BytesIO()
    photograph.save(out, "PNG")
    return out.getvalue()
