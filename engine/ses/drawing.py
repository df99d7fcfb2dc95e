"""Seal pictures drawn from names: the round seal of an enterprise and the square one of a person.

Sizes follow the regulated ones (round 38, 40 or 42 mm). The name runs along the arc in one line;
its size, width and spacing follow from its length, and every other part is laid out in what the
name leaves free, so nothing can collide. Which enterprise may have which seal is not asked here.
A further kind is one more function that returns shapes.
"""

from __future__ import annotations

import enum
import math
import re
from dataclasses import dataclass

import resvg_py

from engine.kernel import errors
from engine.ses import outlines
from engine.ses.outlines import SANS, SERIF, Outline, Shape, around, glyph, upright

NAME_LENGTHS = range(2, 61)
LINE_LENGTHS = range(1, 13)
PERSON_LENGTHS = range(2, 51)
# A name on the arc longer than this leaves no horizontal line below the star.
LONGEST_NAME_WITH_LINE = 25
CODE = re.compile(r"[0-9A-Z]{1,20}")
DIAMETERS_MM = (38, 40, 42)
PNG_PIXELS = 600
# The em box of the bundled faces reaches from 0.12 below the baseline to 0.88 above it.
DESCENT = 0.12


class SealNameLength(errors.InvalidInput):
    """The text on a seal has {least} to {most} characters, and this has {length}."""


class SealCodeMalformed(errors.InvalidInput):
    """The code of a seal is up to 20 digits and capital letters."""


class SealSizeUnknown(errors.InvalidInput):
    """A round seal measures 38, 40 or 42 mm, not {size} mm."""


class Colour(enum.Enum):
    """The inks that are allowed."""

    RED = (215, 0, 15)
    BLUE = (0, 56, 168)
    BLACK = (0, 0, 0)
    PURPLE = (102, 0, 128)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealPicture:
    """A seal as vectors: an SVG document and the content stream of a PDF form of the same size.

    `pdf_form` is in points with its origin at the lower left, for a BBox of the size in points.
    `line` is the horizontal text that was really drawn.
    """

    svg: str
    pdf_form: bytes
    width_mm: float
    height_mm: float
    line: str = ""

    @property
    def png(self) -> bytes:
        """The seal as PNG, 600 pixels wide, transparent outside; rendered anew at each call."""
        return self.to_png(PNG_PIXELS)

    def to_png(self, pixels: int) -> bytes:
        """The seal as PNG of that width in pixels."""
        height = round(pixels * self.height_mm / self.width_mm)
        # Without dpi the renderer refuses sizes in millimetres.
        return bytes(
            resvg_py.svg_to_bytes(
                svg_string=self.svg, width=pixels, height=height, dpi=96, skip_system_fonts=True
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arc:
    """How a name lies on its arc: half its opening, the feet's radius, the em's size in mm."""

    half: float
    pitch: float
    feet: float
    width: float
    height: float


def draw_round(
    name: str,
    *,
    code: str = "",
    line: str = "",
    diameter_mm: int = 42,
    colour: Colour = Colour.RED,
) -> SealPicture:
    """A round seal: ring, star, the name along the arc, a line below the star, a code at the foot.

    The line is left out for names of more than 25 characters. Raises: SealNameLength,
    SealCodeMalformed, SealSizeUnknown, CharacterNotDrawable.
    """
    _check_length(name, NAME_LENGTHS)
    if line:
        _check_length(line, LINE_LENGTHS)
    if code and not CODE.fullmatch(code):
        raise SealCodeMalformed(field="code")
    if diameter_mm not in DIAMETERS_MM:
        raise SealSizeUnknown(field="diameter_mm", size=diameter_mm)
    if len(name) > LONGEST_NAME_WITH_LINE:
        line = ""
    # Laid out at 42 mm, the ordinary size, and scaled from there.
    scale = diameter_mm / 42
    arc = _fit_arc(len(name), code, line)
    ring = (*outlines.circle(OUTER), *outlines.circle(OUTER - RING))
    star = outlines.star(*((6.0, -1.6) if line else (7.0, 0.0)))
    shapes = [
        Shape(outline=ring, even_odd=True),
        Shape(outline=star),
        *_name(name, arc),
        *(_line(line, arc) if line else ()),
        *(_code(code) if code else ()),
    ]
    scaled = tuple(_scaled(shape, scale) for shape in shapes)
    return _picture(scaled, diameter_mm, diameter_mm, colour, line)


def draw_square(
    name: str, *, complete: bool = True, side_mm: int = 20, colour: Colour = Colour.RED
) -> SealPicture:
    """A person's square seal in the classical order: columns from the right, each from the top.

    A name of two or three characters is completed to four with 之印 or 印, unless `complete` is
    false. Raises: SealNameLength, CharacterNotDrawable.
    """
    _check_length(name, PERSON_LENGTHS)
    text = name + {2: "之印", 3: "印"}.get(len(name), "") if complete else name
    half, border, inset = side_mm / 2, side_mm * 0.055, side_mm * 0.1
    frame = (*outlines.rectangle(half, half), *outlines.rectangle(half - border, half - border))
    shapes = [Shape(outline=frame, even_odd=True)]
    columns = _columns(text)
    room = side_mm - 2 * inset
    width = room / len(columns)
    for number, column in enumerate(columns):
        height = room / len(column)
        right = half - inset - number * width
        for place, character in enumerate(column):
            top = -half + inset + place * height
            cell = (right - width, top, width, height)
            outline = _in_cell(character, cell, side_mm * 0.025)
            shapes.append(_bold(outline, min(width, height)))
    return _picture(tuple(shapes), side_mm, side_mm, colour, "")


OUTER, RING = 21.0, 1.2
NAME_TOP = OUTER - RING - 0.7
TALLEST, NARROWEST, FILL = 6.8, 0.56, 0.95
CODE_FEET, CODE_HEIGHT, CODE_PITCH = OUTER - RING - 0.7, 1.8, math.radians(4.3)
GAP = 0.7
BOLD = 0.028


def _fit_arc(length: int, code: str, line: str) -> _Arc:
    opening = math.radians(246 if line else 304)
    if code:
        free = 2 * math.pi - (len(code) + 1) * CODE_PITCH - math.radians(16)
        opening = min(opening, free)
    # Short names stand wider than they need; long ones take what there is.
    pitch = min(math.radians(24 + 44 / length), opening / length)
    room = FILL * pitch
    height = min(TALLEST, room * NAME_TOP / (NARROWEST + room))
    feet = NAME_TOP - height
    return _Arc(
        half=pitch * (length - 1) / 2,
        pitch=pitch,
        feet=feet,
        width=min(height, room * feet),
        height=height,
    )


def _name(name: str, arc: _Arc) -> list[Shape]:
    parts = []
    for place, character in enumerate(name):
        drawn = glyph(character, SERIF)
        angle = place * arc.pitch - arc.half
        baseline = arc.feet + DESCENT * arc.height
        placement = around(angle, baseline, arc.width, arc.height, inward=False)
        parts.append(_bold(placement.apply(_centred(drawn)), arc.width))
    return parts


def _line(line: str, arc: _Arc) -> list[Shape]:
    top, bottom = 6.4, 11.0
    # The wedge below the two ends of the name, or the disc inside its feet: whichever is wider.
    end = arc.half + math.atan2(arc.width / 2, arc.feet)
    wedge = top * math.tan(math.pi - end) - GAP if end > math.pi / 2 else OUTER
    disc = math.sqrt(max((arc.feet - GAP) ** 2 - bottom**2, 0))
    edge = math.sqrt((CODE_FEET - CODE_HEIGHT - GAP) ** 2 - bottom**2)
    room = 2 * min(max(wedge, disc), edge)
    height = bottom - top
    width = min(height * 0.86, room / len(line))
    left = -width * len(line) / 2
    parts = []
    for place, character in enumerate(line):
        drawn = glyph(character, SERIF)
        middle = left + (place + 0.5) * width
        placement = upright(middle, bottom - DESCENT * height, width, height)
        parts.append(_bold(placement.apply(_centred(drawn)), width))
    return parts


def _code(code: str) -> list[Shape]:
    parts = []
    for place, character in enumerate(code):
        drawn = glyph(character, SANS)
        # Digits are 0.733 of the em high.
        size = CODE_HEIGHT / 0.733
        # At the foot the text reads from left to right when it runs against the clock.
        angle = math.pi - (place - (len(code) - 1) / 2) * CODE_PITCH
        placement = around(angle, CODE_FEET, size, size, inward=True)
        parts.append(Shape(outline=placement.apply(_centred(drawn))))
    return parts


def _bold(outline: Outline, size: float) -> Shape:
    # Narrow characters get a fine pen, or their strokes would run together.
    return Shape(outline=outline, bold_mm=round(size * BOLD, 3))


def _centred(drawn: outlines.Glyph) -> Outline:
    return outlines.Placement(a=1, b=0, c=0, d=1, e=-drawn.advance / 2, f=0).apply(drawn.outline)


def _columns(text: str) -> list[str]:
    if len(text) <= 4:
        first = len(text) // 2
        return [text[:first], text[first:]]
    rows = math.ceil(math.sqrt(len(text)))
    count = math.ceil(len(text) / rows)
    columns, start = [], 0
    for number in range(count):
        size = math.ceil((len(text) - start) / (count - number))
        columns.append(text[start : start + size])
        start += size
    return columns


def _in_cell(character: str, cell: tuple[float, float, float, float], margin: float) -> Outline:
    """A character stretched to fill its cell, as seals do; thin ones keep their proportions."""
    drawn = glyph(character, SERIF)
    left, bottom, right, top = drawn.bounds
    x, y, width, height = cell
    wide, tall = (width - 2 * margin) / (right - left), (height - 2 * margin) / (top - bottom)
    # A dot stays a dot: nothing grows beyond what an ordinary character would.
    wide, tall = min(wide, width * 1.2), min(tall, height * 1.2)
    wide, tall = min(wide, tall * 1.5), min(tall, wide * 2)
    middle_x, middle_y = x + width / 2, y + height / 2
    placement = outlines.Placement(
        a=wide,
        b=0,
        c=0,
        d=-tall,
        e=middle_x - wide * (left + right) / 2,
        f=middle_y + tall * (bottom + top) / 2,
    )
    return placement.apply(drawn.outline)


def _scaled(shape: Shape, scale: float) -> Shape:
    placement = outlines.Placement(a=scale, b=0, c=0, d=scale, e=0, f=0)
    return Shape(
        outline=placement.apply(shape.outline),
        even_odd=shape.even_odd,
        bold_mm=shape.bold_mm * scale,
    )


def _check_length(text: str, lengths: range) -> None:
    if len(text) not in lengths:
        raise SealNameLength(least=lengths[0], most=lengths[-1], length=len(text))


def _picture(
    shapes: tuple[Shape, ...], width_mm: float, height_mm: float, colour: Colour, line: str
) -> SealPicture:
    return SealPicture(
        svg=outlines.to_svg(shapes, width_mm, height_mm, colour.value),
        pdf_form=outlines.to_pdf(shapes, width_mm, height_mm, colour.value),
        width_mm=width_mm,
        height_mm=height_mm,
        line=line,
    )
