"""Round seals, laid out at 42 mm: ring, star, the name along the arc, a line below, a code at the foot.

The name's size, width and steps follow from its length, and every other part is laid out in what it leaves
free, so nothing can collide. A very long name runs in two arcs.
"""

from __future__ import annotations

import math

from engine.ses import arcs, outlines, square_seals
from engine.ses.outlines import SANS, Shape

# A name on the arc longer than this leaves no horizontal line below the star; one longer than that runs
# in two arcs, the outer first.
LONGEST_WITH_LINE, LONGEST_IN_ONE_ARC = 25, 40
RADIUS, RING = 21.0, 1.2
_INSIDE = RADIUS - RING - 0.7
_TALLEST, _TALLEST_OF_TWO, _BETWEEN = 6.8, 4.2, 0.9
_CODE_HEIGHT, _CODE_PITCH = 1.8, math.radians(4.3)
_GAP = 0.7


def shapes(name: str, *, code: str, line: str) -> list[Shape]:
    """The parts of a round seal of a unit; `line` only where the name leaves room for one.

    Raises: CharacterNotDrawable.
    """
    laid = _name(name, code, line)
    ring = (*outlines.circle(RADIUS), *outlines.circle(RADIUS - RING))
    star = outlines.star(*((6.0, -1.6) if line else (7.0, 0.0)))
    parts = [Shape(outline=ring, even_odd=True), Shape(outline=star)]
    for one in laid:
        parts.extend(one.shapes)
    if line:
        parts.extend(_line(line, laid[0]))
    if code:
        parts.extend(
            arcs.foot(code, radius=_INSIDE, height=_CODE_HEIGHT, pitch=_CODE_PITCH, face=SANS)
        )
    return parts


def _name(name: str, code: str, line: str) -> list[arcs.Laid]:
    opening = math.radians(246 if line else 304)
    if code:
        opening = min(opening, 2 * math.pi - (len(code) + 1) * _CODE_PITCH - math.radians(16))
    if len(name) <= LONGEST_IN_ONE_ARC:
        # Short names stand wider than they need; long ones take what there is.
        widest = 0.78 + 1.4 / len(name)
        return [_arc(name, _INSIDE, opening, _TALLEST, widest)]
    first = arcs.cut(name, 0.58)
    outer = _arc(name[:first], _INSIDE, opening, _TALLEST_OF_TWO, 1.0)
    inside = _INSIDE - outer.height - _BETWEEN
    return [outer, _arc(name[first:], inside, opening, _TALLEST_OF_TWO, 1.0)]


def _arc(text: str, radius: float, opening: float, tallest: float, widest: float) -> arcs.Laid:
    return arcs.lay(
        text, across=radius, down=radius, opening=opening, tallest=tallest, widest=widest
    )


def _line(line: str, name: arcs.Laid) -> list[Shape]:
    top, bottom = 6.4, 11.0
    feet = _INSIDE - name.height
    # The wedge below the two ends of the name, or the disc inside its feet: whichever is wider.
    end = name.half_turn
    wedge = top * math.tan(math.pi - end) - _GAP if end > math.pi / 2 else RADIUS
    disc = math.sqrt(max((feet - _GAP) ** 2 - bottom**2, 0))
    edge = math.sqrt((_INSIDE - _CODE_HEIGHT - _GAP) ** 2 - bottom**2)
    room = 2 * min(max(wedge, disc), edge)
    return arcs.straight(line, top=top, height=bottom - top, room=room)


def of_person(columns: list[str], radius: float) -> list[Shape]:
    """A person's round seal: the name in columns from the right within a ring.

    Raises: CharacterNotDrawable.
    """
    border = radius * 0.11
    ring = (*outlines.circle(radius), *outlines.circle(radius - border))
    # The largest square within the ring, a little air left.
    room = (radius - border) * math.sqrt(2) * 0.93
    return [
        Shape(outline=ring, even_odd=True),
        *square_seals.in_columns(columns, room / 2, radius * 0.05),
    ]
