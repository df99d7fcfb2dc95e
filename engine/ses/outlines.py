"""Outlines in millimetres: glyphs, stars, rings and frames, written as SVG and as PDF operators.

Glyphs are taken from the bundled Noto faces (OFL) as curves, so a seal looks the same wherever it
is shown and carries no font. A character that the face has not, or has only blank, is an error that
names it, never an empty box. Coordinates run right and down from the middle of the seal.
"""

from __future__ import annotations

import base64
import functools
import importlib.util
import math
import threading
from dataclasses import dataclass
from pathlib import Path

from fontTools.pens.boundsPen import BoundsPen
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont

from engine.kernel import errors

Point = tuple[float, float]
Segment = tuple[str, tuple[Point, ...]]
Outline = tuple[Segment, ...]
SERIF, SANS = "NotoSerifSC-Regular.otf", "NotoSansSC-Regular.otf"
# Four cubic curves make a circle when their handles have this share of the radius.
CIRCLE = 0.5522847498
POINTS_PER_MM = 72 / 25.4
# A face reads its file as it goes: two threads at once would read each other's glyphs.
_reading = threading.RLock()


class CharacterNotDrawable(errors.InvalidInput):
    """The character {character} cannot be drawn: the bundled typeface does not have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Glyph:
    """A character's outline in units of the em (y up), its advance and its bounds."""

    outline: Outline
    advance: float
    bounds: tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """Outlines that are filled together; `even_odd` cuts an inner outline out of an outer one.

    `bold_mm` is the width of a pen that also follows the outline, as engraved strokes are heavier
    than printed ones.
    """

    outline: Outline
    even_odd: bool = False
    bold_mm: float = 0.0


@functools.lru_cache(maxsize=4)
def _face(name: str) -> tuple[TTFont, dict[int, str]]:
    package = importlib.util.find_spec("pylopdf_fonts_zh_cn")
    if package is None or package.origin is None:
        raise errors.ConfigurationError(
            file="requirements.lock", problem="the package pylopdf-fonts-zh-cn is missing"
        )
    face = TTFont(Path(package.origin).parent / name, lazy=True)
    return face, face.getBestCmap()


@functools.lru_cache(maxsize=8192)
def glyph(character: str, face: str = SERIF) -> Glyph:
    """The outline of one character; several threads may ask at once.

    Raises: CharacterNotDrawable.
    """
    with _reading:
        return _read(character, *_face(face))


def _read(character: str, font: TTFont, characters: dict[int, str]) -> Glyph:
    name = characters.get(ord(character))
    shown = character if character.isprintable() and character != " " else repr(character)
    if name is None:
        raise CharacterNotDrawable(character=shown)
    glyphs = font.getGlyphSet()
    pen, bounds = RecordingPen(), BoundsPen(glyphs)
    glyphs[name].draw(pen)
    pen.replay(bounds)
    if bounds.bounds is None:
        raise CharacterNotDrawable(character=shown)
    em = font["head"].unitsPerEm
    outline = tuple(
        (_LETTERS[operator], tuple((x / em, y / em) for x, y in points))
        for operator, points in pen.value
    )
    left, bottom, right, top = (value / em for value in bounds.bounds)
    return Glyph(
        outline=outline, advance=glyphs[name].width / em, bounds=(left, bottom, right, top)
    )


_LETTERS = {"moveTo": "M", "lineTo": "L", "curveTo": "C", "closePath": "Z", "endPath": "Z"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """An affine map: x = a*u + c*v + e, y = b*u + d*v + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    def apply(self, outline: Outline) -> Outline:
        """The outline where the map puts it."""
        a, b, c, d, e, f = self.a, self.b, self.c, self.d, self.e, self.f
        return tuple(
            (letter, tuple((a * u + c * v + e, b * u + d * v + f) for u, v in points))
            for letter, points in outline
        )


def upright(x: float, y: float, width: float, height: float) -> Placement:
    """Em units, y up, into a place whose lower left corner is (x, y), scaled to mm."""
    return Placement(a=width, b=0, c=0, d=-height, e=x, f=y)


def around(angle: float, radius: float, width: float, height: float, *, inward: bool) -> Placement:
    """Em units onto a circle: the baseline at `radius`, turned clockwise by `angle` from the top.

    Heads point away from the middle, or towards it when `inward`.
    """
    sine, cosine = math.sin(angle), math.cos(angle)
    turn = -1 if inward else 1
    return Placement(
        a=turn * width * cosine,
        b=turn * width * sine,
        c=turn * height * sine,
        d=-turn * height * cosine,
        e=radius * sine,
        f=-radius * cosine,
    )


def circle(radius: float) -> Outline:
    """A circle around the middle."""
    r, h = radius, radius * CIRCLE
    return (
        ("M", ((r, 0),)),
        ("C", ((r, h), (h, r), (0, r))),
        ("C", ((-h, r), (-r, h), (-r, 0))),
        ("C", ((-r, -h), (-h, -r), (0, -r))),
        ("C", ((h, -r), (r, -h), (r, 0))),
        ("Z", ()),
    )


def rectangle(half_width: float, half_height: float) -> Outline:
    """A rectangle around the middle."""
    w, h = half_width, half_height
    return (
        ("M", ((-w, -h),)),
        ("L", ((w, -h),)),
        ("L", ((w, h),)),
        ("L", ((-w, h),)),
        ("Z", ()),
    )


def star(radius: float, y: float) -> Outline:
    """An upright five-pointed star whose middle is at (0, y)."""
    inner = radius * math.sin(math.pi / 10) / math.sin(7 * math.pi / 10)
    corners = [
        (length * math.sin(turn * math.pi / 5), y - length * math.cos(turn * math.pi / 5))
        for turn, length in enumerate((radius, inner) * 5)
    ]
    lines = tuple(("L", (corner,)) for corner in corners[1:])
    return (("M", (corners[0],)), *lines, ("Z", ()))


def to_svg(
    shapes: tuple[Shape, ...], width_mm: float, height_mm: float, colour: tuple[int, int, int]
) -> str:
    """The shapes as an SVG document of paths, transparent around them."""
    red, green, blue = colour
    paths = "".join(_element(shape) for shape in shapes)
    ink = f"#{red:02x}{green:02x}{blue:02x}"
    box = f"{-width_mm / 2:g} {-height_mm / 2:g} {width_mm:g} {height_mm:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:g}mm" height="{height_mm:g}mm"'
        f' viewBox="{box}"><g fill="{ink}" stroke="{ink}" stroke-width="0"'
        f' stroke-linejoin="round">{paths}</g></svg>'
    )


def _element(shape: Shape) -> str:
    rule = ' fill-rule="evenodd"' if shape.even_odd else ""
    pen = f' stroke-width="{_short(shape.bold_mm)}"' if shape.bold_mm else ""
    return f'<path{rule}{pen} d="{_path(shape.outline)}"/>'


def _path(outline: Outline) -> str:
    return "".join(
        letter + " ".join(f"{_short(x)} {_short(y)}" for x, y in points)
        for letter, points in outline
    )


def _short(value: float) -> str:
    # A thousandth of a millimetre is far below what any press or screen shows.
    text = f"{value:.3f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def picture_svg(png: bytes, width_mm: int, height_mm: int) -> str:
    """A picture as an SVG document of that size."""
    inside = base64.b64encode(png).decode()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm}mm" height="{height_mm}mm"'
        f' viewBox="0 0 {width_mm} {height_mm}"><image width="{width_mm}" height="{height_mm}"'
        f' href="data:image/png;base64,{inside}"/></svg>'
    )


def to_pdf(
    shapes: tuple[Shape, ...], width_mm: float, height_mm: float, colour: tuple[int, int, int]
) -> bytes:
    """The shapes as a PDF content stream in points, origin at the lower left of the seal."""
    operators = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    ink = " ".join(_short(part / 255) for part in colour)
    lines = ["q", f"{ink} rg", f"{ink} RG", "1 j"]
    for shape in shapes:
        if shape.bold_mm:
            lines.append(f"{_short(shape.bold_mm * POINTS_PER_MM)} w")
        for letter, points in shape.outline:
            numbers = [
                f"{_short((x + width_mm / 2) * POINTS_PER_MM)}"
                f" {_short((height_mm / 2 - y) * POINTS_PER_MM)}"
                for x, y in points
            ]
            lines.append(" ".join([*numbers, operators[letter]]))
        lines.append(("B" if shape.bold_mm else "f") + ("*" if shape.even_odd else ""))
    return "\n".join([*lines, "Q", ""]).encode("ascii")
