"""Words across a picture of a seal: what a screen shows is no seal, and no copy of it serves as one."""

from __future__ import annotations

import functools
import io

import resvg_py
from PIL import Image

from engine.ses import outlines
from engine.ses.outlines import SANS, Shape, glyph, upright

# As large as a phone shows it, and far too coarse to print.
_LONGEST_PIXELS = 480
_MARGIN = 24
_EM, _LINES, _TURN = 22.0, 92, 24
_GREY, _COVER = (70, 70, 70), 112


@functools.lru_cache(maxsize=64)
def marked(picture: bytes, words: str) -> bytes:
    """A seal's picture (PNG) on white paper with words across it, as PNG.

    Raises: CharacterNotDrawable.
    """
    with Image.open(io.BytesIO(picture), formats=("PNG",)) as opened:
        seal = opened.convert("RGBA")
    seal.thumbnail((_LONGEST_PIXELS, _LONGEST_PIXELS), Image.Resampling.LANCZOS)
    size = (seal.width + 2 * _MARGIN, seal.height + 2 * _MARGIN)
    page = Image.new("RGBA", size, "white")
    page.alpha_composite(seal, (_MARGIN, _MARGIN))
    page.alpha_composite(_words(words, size))
    out = io.BytesIO()
    page.convert("RGB").quantize(32).save(out, "PNG")
    return out.getvalue()


@functools.lru_cache(maxsize=16)
def _words(words: str, size: tuple[int, int]) -> Image.Image:
    """Lines of the words, aslant, over all of it."""
    line = _line(words)
    across = max(size) * 2
    whole = Image.new("RGBA", (across, across))
    for row, top in enumerate(range(0, across, _LINES)):
        # Each line begins elsewhere, so that no column stays free of words.
        for left in range(-(row * 97) % line.width - line.width, across, line.width):
            whole.paste(line, (left, top))
    turned = whole.rotate(_TURN, resample=Image.Resampling.BICUBIC)
    left, top = (across - size[0]) // 2, (across - size[1]) // 2
    return turned.crop((left, top, left + size[0], top + size[1]))


@functools.lru_cache(maxsize=8)
def _line(words: str) -> Image.Image:
    shapes, left = [], 0.0
    for character in words:
        if character == " ":
            left += _EM / 2
            continue
        drawn = glyph(character, SANS)
        placed = upright(left, _EM * 0.85, _EM, _EM).apply(drawn.outline)
        shapes.append(Shape(outline=placed))
        left += drawn.advance * _EM
    width, height = round(left + 1.5 * _EM), round(_EM * 1.2)
    middled = tuple(
        Shape(
            outline=outlines.Placement(a=1, b=0, c=0, d=1, e=-width / 2, f=-height / 2).apply(
                one.outline
            )
        )
        for one in shapes
    )
    svg = outlines.to_svg(middled, width, height, _GREY)
    png = resvg_py.svg_to_bytes(
        svg_string=svg, width=width, height=height, dpi=96, skip_system_fonts=True
    )
    with Image.open(io.BytesIO(bytes(png))) as opened:
        line = opened.convert("RGBA")
    line.putalpha(line.getchannel("A").point(lambda cover: cover * _COVER // 255))
    return line
