"""Oval seals: the name along the upper arc, in the middle the tax number or a star, a line below.

The measures are those of the invoice seal (State Taxation Administration, announcement 7 of 2011): 40 by
30 mm, a border of 1 mm, the name 4.2 mm high, the number 3.7 mm, the line 4.6 mm.
"""

from __future__ import annotations

import math

from engine.ses import arcs, outlines
from engine.ses.outlines import SANS, Outline, Shape

_BORDER, _OFF = 1.0, 0.6
_TALLEST, _TALLEST_OF_TWO, _BETWEEN = 4.2, 3.2, 0.6
LONGEST_IN_ONE_ARC = 26
# How far round the name runs, in the ellipse's own parameter: to beside the line, but not below it.
_OPENING, _INNER_OPENING = math.radians(236), math.radians(134)
_NUMBER_MM, _LINE_MM, _GAP = 3.7, 4.6, 0.9
# Digits and capitals are so high in parts of the em.
_CAPITALS = 0.733


def shapes(
    name: str, *, line: str, tax_number: str, code: str, width_mm: float, height_mm: float
) -> list[Shape]:
    """The parts of an oval seal of a unit; a code stands at the foot only without a line.

    Raises: CharacterNotDrawable.
    """
    across, down = width_mm / 2, height_mm / 2
    ring = (*_ellipse(across, down), *_ellipse(across - _BORDER, down - _BORDER))
    parts = [Shape(outline=ring, even_odd=True)]
    laid = _name(name, across - _BORDER - _OFF, down - _BORDER - _OFF)
    for one in laid:
        parts.extend(one.shapes)
    deep = sum(one.height for one in laid) + _BETWEEN * (len(laid) - 1)
    # Two arcs reach further in: what is in the middle stands lower then.
    lower = 1.5 if len(laid) > 1 else 0.0
    room = 2 * (across - _BORDER - _OFF - laid[0].height - _GAP)
    if tax_number:
        parts.extend(_number(tax_number, -2.1 + lower, room))
    else:
        size = min(4.6, (down - _BORDER - _OFF - deep) / 1.25)
        parts.append(Shape(outline=outlines.star(size, lower)))
    if line:
        foot = down - _BORDER - _OFF
        top = (3.0 if tax_number else size * 0.8 + 0.9) + lower
        height = min(_LINE_MM, foot - top - 0.8)
        parts.extend(
            arcs.straight(line, top=top, height=height, room=_line_room(top + height, across, down))
        )
    elif code:
        parts.extend(_code(code, across, down))
    return parts


def _name(name: str, across: float, down: float) -> list[arcs.Laid]:
    if len(name) <= LONGEST_IN_ONE_ARC:
        widest = 0.9 + 1.2 / len(name)
        return [
            arcs.lay(
                name,
                across=across,
                down=down,
                opening=_OPENING,
                tallest=_TALLEST,
                widest=widest,
            )
        ]
    first = arcs.cut(name, 0.66)
    outer = arcs.lay(
        name[:first],
        across=across,
        down=down,
        opening=_OPENING,
        tallest=_TALLEST_OF_TWO,
        widest=1.0,
    )
    inside = outer.height + _BETWEEN
    inner = arcs.lay(
        name[first:],
        across=across - inside,
        down=down - inside,
        opening=_INNER_OPENING,
        tallest=_TALLEST_OF_TWO,
        widest=1.0,
    )
    return [outer, inner]


def _number(number: str, top: float, room: float) -> list[Shape]:
    em = _NUMBER_MM / _CAPITALS
    # The em box reaches above the capitals.
    above = (1 - arcs.DESCENT - _CAPITALS) * em
    return arcs.straight(
        number, top=top - above, height=em, room=min(room, 27), face=SANS, broadest=0.62
    )


def _line_room(bottom: float, across: float, down: float) -> float:
    """How wide a line may be whose lower corners stay inside the border."""
    inside_x, inside_y = across - _BORDER - _OFF - 0.6, down - _BORDER - _OFF - 0.3
    share = min(1.0, bottom / inside_y)
    return min(17.0, 2 * inside_x * math.sqrt(max(0.05, 1 - share**2)))


def _code(code: str, across: float, down: float) -> list[Shape]:
    """Digits along the foot, heads towards the middle."""
    curve = arcs.Curve(across=across - _BORDER - _OFF, down=down - _BORDER - _OFF)
    size, step = 1.8 / _CAPITALS, 1.45
    parts = []
    for place, one in enumerate(arcs.signs(code, SANS)):
        way = (place - (len(code) - 1) / 2) * step
        # Near the foot of a flat ellipse a way along it is hardly longer than the way across.
        turn = math.pi - math.asin(max(-1, min(1, way / curve.across)))
        x, y, out_x, out_y = curve.at(turn)
        placement = outlines.Placement(
            a=out_y * size,
            b=-out_x * size,
            c=-out_x * size,
            d=-out_y * size,
            e=x,
            f=y,
        )
        parts.append(Shape(outline=placement.apply(one.middled)))
    return parts


def _ellipse(across: float, down: float) -> Outline:
    return outlines.Placement(a=across, b=0, c=0, d=down, e=0, f=0).apply(outlines.circle(1))
