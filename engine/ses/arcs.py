"""Text along the arc of a seal: places for characters on a circle or an ellipse, over the top of it.

Ideographs stand at even steps; Latin letters, brackets and dots take the room they need. What the text's
length leaves decides height, width and steps, so that neither heads nor feet can touch.
"""

from __future__ import annotations

import bisect
import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass

from engine.ses import outlines
from engine.ses.outlines import SERIF, Glyph, Outline, Placement, Shape, glyph

# The em box of the bundled faces reaches from 0.12 below the baseline to 0.88 above it.
DESCENT = 0.12
# Beside an ideograph, which takes one: a little more than a narrow character's own width.
_NARROW, _BESIDE = 0.82, 0.12
# No character is narrower than this share of its height, and none is wider than this share of its step.
NARROWEST, FILL = 0.56, 0.95
# Engraved strokes are heavier than printed ones: a pen of this share of the character's width.
BOLD = 0.028
_SAMPLES = 240
# A name in two arcs is cut after one of these where it can be, and never before a closing sign.
_ENDINGS, _CLOSING = "）)司院会局心部厂店社所处站校行团市省区县", "）)·、”》"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A character of a text on a seal: its outline, and the room it takes in ems."""

    drawn: Glyph
    room: float

    @property
    def middled(self) -> Outline:
        """The outline with the middle of its room at 0: of its ink where it is narrow."""
        left, _, right, _ = self.drawn.bounds
        middle = self.drawn.advance / 2 if self.room == 1 else (left + right) / 2
        return Placement(a=1, b=0, c=0, d=1, e=-middle, f=0).apply(self.drawn.outline)


def signs(text: str, face: str = SERIF) -> list[Sign]:
    """The characters of a text.

    Raises: CharacterNotDrawable.
    """
    made = []
    for character in text:
        drawn = glyph(character, face)
        left, _, right, _ = drawn.bounds
        width = right - left + _BESIDE
        made.append(Sign(drawn=drawn, room=width if width < _NARROW else 1))
    return made


def cut(name: str, share: float) -> int:
    """How many characters of a name stand on the outer of two arcs: about that share of them."""
    wanted = round(len(name) * share)
    places = [
        place
        for place in range(wanted - 4, wanted + 4)
        if name[place] not in _CLOSING and name[place - 1] in _ENDINGS
    ]
    if places:
        return min(places, key=lambda place: abs(place - wanted))
    while name[wanted] in _CLOSING:
        wanted += 1
    return wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """An ellipse around the middle on which feet stand (a circle where both radii are the same).

    `inset` is how far it lies within the ellipse of those radii, everywhere at right angles.
    """

    across: float
    down: float
    inset: float = 0.0

    def at(self, turn: float) -> tuple[float, float, float, float]:
        """The point at that parameter (clockwise from the top) and the outward direction there."""
        sine, cosine = math.sin(turn), math.cos(turn)
        out_x, out_y = sine / self.across, -cosine / self.down
        length = math.hypot(out_x, out_y)
        out_x, out_y = out_x / length, out_y / length
        return (
            self.across * sine - self.inset * out_x,
            -self.down * cosine - self.inset * out_y,
            out_x,
            out_y,
        )


@functools.lru_cache(maxsize=1024)
def _lengths(curve: Curve, opening: float) -> tuple[list[float], list[float]]:
    """Parameters from the top to half the opening, and the way along the curve to each."""
    turns = [opening / 2 * step / _SAMPLES for step in range(_SAMPLES + 1)]
    ways, before = [0.0], curve.at(0)
    for turn in turns[1:]:
        here = curve.at(turn)
        ways.append(ways[-1] + math.dist(here[:2], before[:2]))
        before = here
    return turns, ways


@dataclass(frozen=True, slots=True, kw_only=True)
class Laid:
    """A text laid along a curve: its shapes, where its feet stand, how tall it is, and how far it goes.

    `half_turn` is the parameter at its outer ends, `step` the room of an ideograph in millimetres.
    """

    shapes: tuple[Shape, ...]
    inset: float
    height: float
    half_turn: float
    step: float


def lay(
    text: str,
    *,
    across: float,
    down: float,
    opening: float,
    tallest: float,
    widest: float,
) -> Laid:
    """A text whose heads touch the ellipse of those radii from within, over at most `opening` (radians).

    `widest` is the step of an ideograph that short texts take, in ideographs' heights.
    Raises: CharacterNotDrawable.
    """
    written = signs(text)
    rooms = sum(one.room for one in written)
    height = tallest
    # Feet stand closer than heads: the height that still leaves characters wide enough.
    for _ in range(24):
        curve = Curve(across=across, down=down, inset=height)
        turns, ways = _lengths(curve, opening)
        step = min(2 * ways[-1] / rooms, widest * height)
        if FILL * step >= NARROWEST * height:
            break
        height *= 0.96
    width = min(height, FILL * step)
    shapes = tuple(_along(written, curve, (turns, ways), step, width, height))
    reach = step * rooms / 2
    return Laid(
        shapes=shapes,
        inset=height,
        height=height,
        half_turn=_turn_at(turns, ways, reach),
        step=step,
    )


def _along(
    written: list[Sign],
    curve: Curve,
    measured: tuple[list[float], list[float]],
    step: float,
    width: float,
    height: float,
) -> Iterator[Shape]:
    turns, ways = measured
    way = -step * sum(one.room for one in written) / 2
    for one in written:
        middle = way + step * one.room / 2
        way += step * one.room
        turn = math.copysign(_turn_at(turns, ways, abs(middle)), middle)
        x, y, out_x, out_y = curve.at(turn)
        lift = DESCENT * height
        placement = Placement(
            a=-out_y * width,
            b=out_x * width,
            c=out_x * height,
            d=out_y * height,
            e=x + lift * out_x,
            f=y + lift * out_y,
        )
        yield bold(placement.apply(one.middled), width)


def _turn_at(turns: list[float], ways: list[float], way: float) -> float:
    """The parameter at which the curve has gone that far."""
    place = min(max(1, bisect.bisect_left(ways, way)), len(ways) - 1)
    share = (way - ways[place - 1]) / (ways[place] - ways[place - 1])
    return turns[place - 1] + share * (turns[place] - turns[place - 1])


def straight(
    text: str, *, top: float, height: float, room: float, face: str = SERIF, broadest: float = 0.86
) -> list[Shape]:
    """A text on a horizontal line below `top`, in the middle, at most `room` wide.

    Raises: CharacterNotDrawable.
    """
    written = signs(text, face)
    rooms = sum(one.room for one in written)
    step = min(height * broadest, room / rooms)
    width = step if face == SERIF else min(step, height)
    left = -step * rooms / 2
    parts = []
    for one in written:
        middle = left + step * one.room / 2
        left += step * one.room
        placement = outlines.upright(middle, top + height * (1 - DESCENT), width, height)
        parts.append(bold(placement.apply(one.middled), width))
    return parts


def foot(text: str, *, radius: float, height: float, pitch: float, face: str) -> list[Shape]:
    """Digits along the foot of a circle, read from left to right; heads towards the middle.

    Raises: CharacterNotDrawable.
    """
    # Digits are 0.733 of the em high.
    size = height / 0.733
    parts = []
    for place, character in enumerate(text):
        drawn = glyph(character, face)
        angle = math.pi - (place - (len(text) - 1) / 2) * pitch
        placement = outlines.around(angle, radius, size, size, inward=True)
        middled = Placement(a=1, b=0, c=0, d=1, e=-drawn.advance / 2, f=0).apply(drawn.outline)
        parts.append(Shape(outline=placement.apply(middled)))
    return parts


def bold(outline: Outline, size: float) -> Shape:
    """A character with a pen along its outline; narrow ones get a fine one, lest strokes run together."""
    return Shape(outline=outline, bold_mm=round(size * BOLD, 3))
