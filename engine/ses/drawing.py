"""Seal pictures drawn from names to rule: units' round, oval and square ones, persons' square and round.

Sizes follow the regulated ones. What is on a seal (a line, a code, a tax number, which colour) is its
caller's to say, so that a further kind of a known shape is data; a further shape is one more module that
returns shapes (`round_seals`, `oval_seals`, `square_seals`). Which enterprise may have which seal is not
asked here.
"""

from __future__ import annotations

import enum
import re
from dataclasses import dataclass

import resvg_py

from engine.kernel import errors
from engine.ses import outlines, oval_seals, round_seals, square_seals
from engine.ses.outlines import Shape

NAME_LENGTHS = range(2, 61)
LINE_LENGTHS = range(1, 13)
PERSON_LENGTHS = range(2, 51)
CODE = re.compile(r"[0-9A-Z]{1,20}")
DIAMETERS_MM = (38, 40, 42)
OVALS_MM = ((40, 30), (45, 30))
# The sides of a unit's square seal, and the sides or diameters of a person's.
SQUARES_MM, PERSONAL_MM = range(18, 26), range(12, 26)
PNG_PIXELS = 600


class SealNameLength(errors.InvalidInput):
    """The text on a seal has {least} to {most} characters, and this has {length}."""


class SealCodeMalformed(errors.InvalidInput):
    """The code of a seal is up to 20 digits and capital letters."""


class SealSizeUnknown(errors.InvalidInput):
    """A round seal measures 38, 40 or 42 mm, not {size} mm."""


class OvalSizeUnknown(errors.InvalidInput):
    """An oval seal measures 40 by 30 or 45 by 30 mm, not {width} by {height} mm."""


class SquareSizeUnknown(errors.InvalidInput):
    """Such a seal measures {least} to {most} mm, not {size} mm."""


class ShapeUnknown(errors.InvalidInput):
    """A seal cannot be drawn in the shape "{shape}"."""


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


def draw(
    shape: str,
    name: str,
    *,
    width_mm: int,
    height_mm: int,
    line: str = "",
    code: str = "",
    tax_number: str = "",
    colour: Colour = Colour.RED,
    person: bool = False,
) -> SealPicture:
    """A seal of a known shape and size: `name` is a unit's, or a person's where `person`.

    Raises: ShapeUnknown and what the functions for each shape raise.
    """
    if shape == "oval" and not person:
        return draw_oval(
            name,
            line=line,
            tax_number=tax_number,
            code=code,
            size_mm=(width_mm, height_mm),
            colour=colour,
        )
    if shape == "square" and person:
        return draw_square(name, side_mm=width_mm, colour=colour)
    if shape == "square":
        return draw_unit_square(name, line=line, side_mm=width_mm, colour=colour)
    if shape == "round" and person:
        return draw_person_round(name, diameter_mm=width_mm, colour=colour)
    if shape == "round":
        return draw_round(name, code=code, line=line, diameter_mm=width_mm, colour=colour)
    raise ShapeUnknown(shape=shape)


def draw_round(
    name: str,
    *,
    code: str = "",
    line: str = "",
    diameter_mm: int = 42,
    colour: Colour = Colour.RED,
) -> SealPicture:
    """A round seal: ring, star, the name along the arc, a line below the star, a code at the foot.

    The line is left out for names of more than 25 characters; those of more than 40 run in two arcs.
    Raises: SealNameLength, SealCodeMalformed, SealSizeUnknown, CharacterNotDrawable.
    """
    _check_texts(name, line, code)
    if diameter_mm not in DIAMETERS_MM:
        raise SealSizeUnknown(field="diameter_mm", size=diameter_mm)
    if len(name) > round_seals.LONGEST_WITH_LINE:
        line = ""
    scale = diameter_mm / (2 * round_seals.RADIUS)
    shapes = round_seals.shapes(name, code=code, line=line)
    scaled = tuple(_scaled(shape, scale) for shape in shapes)
    return _picture(scaled, diameter_mm, diameter_mm, colour, line)


def draw_oval(
    name: str,
    *,
    line: str = "",
    tax_number: str = "",
    code: str = "",
    size_mm: tuple[int, int] = (40, 30),
    colour: Colour = Colour.RED,
) -> SealPicture:
    """An oval seal: the name along the arc, the tax number (or a star) in the middle, a line below.

    Raises: SealNameLength, SealCodeMalformed, OvalSizeUnknown, CharacterNotDrawable.
    """
    _check_texts(name, line, code)
    if tax_number and not CODE.fullmatch(tax_number):
        raise SealCodeMalformed(field="tax_number")
    if size_mm not in OVALS_MM:
        raise OvalSizeUnknown(field="size_mm", width=size_mm[0], height=size_mm[1])
    width_mm, height_mm = size_mm
    shapes = oval_seals.shapes(
        name,
        line=line,
        tax_number=tax_number,
        code=code,
        width_mm=width_mm,
        height_mm=height_mm,
    )
    return _picture(tuple(shapes), width_mm, height_mm, colour, line)


def draw_unit_square(
    name: str, *, line: str = "", side_mm: int = 22, colour: Colour = Colour.RED
) -> SealPicture:
    """A unit's square seal (a finance seal, for one): columns from the right, the last of them its line.

    Raises: SealNameLength, SquareSizeUnknown, CharacterNotDrawable.
    """
    _check_texts(name, line, "")
    _check_side(side_mm, SQUARES_MM)
    shapes = square_seals.shapes(square_seals.of_unit(name, line), side_mm)
    return _picture(tuple(shapes), side_mm, side_mm, colour, line)


def draw_square(
    name: str, *, complete: bool = True, side_mm: int = 20, colour: Colour = Colour.RED
) -> SealPicture:
    """A person's square seal in the classical order: columns from the right, each from the top.

    A name of two or three characters is completed to four with 之印 or 印, unless `complete` is
    false. Raises: SealNameLength, SquareSizeUnknown, CharacterNotDrawable.
    """
    _check_length(name, PERSON_LENGTHS)
    _check_side(side_mm, PERSONAL_MM)
    columns = square_seals.of_name(name, complete=complete)
    return _picture(tuple(square_seals.shapes(columns, side_mm)), side_mm, side_mm, colour, "")


def draw_person_round(
    name: str, *, diameter_mm: int = 20, colour: Colour = Colour.RED
) -> SealPicture:
    """A person's round seal: the name in columns from the right within a ring, as it is.

    Raises: SealNameLength, SquareSizeUnknown, CharacterNotDrawable.
    """
    _check_length(name, PERSON_LENGTHS)
    _check_side(diameter_mm, PERSONAL_MM)
    columns = square_seals.of_name(name)
    shapes = round_seals.of_person(columns, diameter_mm / 2)
    return _picture(tuple(shapes), diameter_mm, diameter_mm, colour, "")


def _scaled(shape: Shape, scale: float) -> Shape:
    placement = outlines.Placement(a=scale, b=0, c=0, d=scale, e=0, f=0)
    return Shape(
        outline=placement.apply(shape.outline),
        even_odd=shape.even_odd,
        bold_mm=shape.bold_mm * scale,
    )


def _check_texts(name: str, line: str, code: str) -> None:
    _check_length(name, NAME_LENGTHS)
    if line:
        _check_length(line, LINE_LENGTHS)
    if code and not CODE.fullmatch(code):
        raise SealCodeMalformed(field="code")


def _check_length(text: str, lengths: range) -> None:
    if len(text) not in lengths:
        raise SealNameLength(least=lengths[0], most=lengths[-1], length=len(text))


def _check_side(side_mm: int, sides: range) -> None:
    if side_mm not in sides:
        raise SquareSizeUnknown(field="size", least=sides[0], most=sides[-1], size=side_mm)


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
