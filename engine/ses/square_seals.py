"""Square seals in the classical order: columns from the right, each read from the top."""

from __future__ import annotations

import math

from engine.ses import outlines
from engine.ses.arcs import bold
from engine.ses.outlines import SERIF, Outline, Shape, glyph

# A text on a unit's seal stands in a column of its own when that column is not much longer than the others.
_LONGER = 1.8


def shapes(columns: list[str], side_mm: float) -> list[Shape]:
    """A frame and the columns within it.

    Raises: CharacterNotDrawable.
    """
    half, border = side_mm / 2, side_mm * 0.055
    frame = (*outlines.rectangle(half, half), *outlines.rectangle(half - border, half - border))
    return [
        Shape(outline=frame, even_odd=True),
        *in_columns(columns, half - side_mm * 0.1, side_mm * 0.025),
    ]


def in_columns(columns: list[str], half: float, margin: float) -> list[Shape]:
    """Characters filling a square around the middle: columns from the right, each from the top."""
    parts = []
    width = 2 * half / len(columns)
    margin = min(margin, width * 0.07)
    for number, column in enumerate(columns):
        height = 2 * half / len(column)
        for place, character in enumerate(column):
            cell = (half - (number + 1) * width, -half + place * height, width, height)
            outline = _in_cell(character, cell, min(margin, height * 0.1))
            parts.append(bold(outline, min(width, height)))
    return parts


def of_name(name: str, *, complete: bool = True) -> list[str]:
    """A person's name in columns; one of two or three characters is completed to four with 之印 or 印."""
    text = name + {2: "之印", 3: "印"}.get(len(name), "") if complete else name
    if len(text) <= 4:
        first = len(text) // 2
        return [text[:first], text[first:]]
    return _even(text, math.ceil(len(text) / math.ceil(math.sqrt(len(text)))))


def of_unit(name: str, line: str) -> list[str]:
    """A unit's name and what the seal is for: that is a column of its own where it fits as one."""
    rows = math.ceil(math.sqrt(len(name) + len(line)))
    if line and rows / _LONGER <= len(line) <= rows * _LONGER:
        return [*_even(name, max(1, math.ceil(len(name) / rows))), line]
    text = name + line
    return _even(text, math.ceil(len(text) / rows))


def _even(text: str, count: int) -> list[str]:
    """The text in so many columns that differ by one character at most, the longer ones first."""
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
