"""Writing on a pad made into ink: smooth lines whose width follows the hand, as vectors on nothing.

Points come from a browser: places as shares of the pad's width, an instant, a pressure. The line through
them is a centripetal Catmull-Rom curve, so that it has neither corners nor loops where the hand had none;
its outline is put together of pieces that all turn the same way, so that crossing strokes leave no hole.
Equal points give equal bytes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.kernel import errors
from engine.ses import outlines
from engine.ses.drawing import Colour, SealPicture
from engine.ses.outlines import Outline, Shape

Point = Sequence[float]
Floats = NDArray[np.float64]

MOST_STROKES, MOST_POINTS = 200, 20_000
WIDEST_MM, HIGHEST_MM = 60, 30
NARROWEST_MM = 20
PENS_MM = (0.3, 2.5)
# A box for a signature is so high in parts of its width, as the regulated sizes are (50 by 20 mm).
_HIGH = 0.4
_MARGIN_MM = 0.8
# What is written small on a large pad is not made larger than this.
_LARGER = 2.0
# Less than this is a dot and no signature: its larger side in parts of the pad's width.
_LEAST = 0.04
# A pen pressed lightly and fully draws so much of its width.
_LIGHT, _HEAVY = 0.5, 1.4
# What a line may leave its points by, and how much one piece of it may turn.
_SIMPLER_MM, _TURN = 0.035, math.radians(28)
_STEPS = 10


class NothingWritten(errors.InvalidInput):
    """Nothing that could be a signature is on the pad. Write your name and save it again."""


class WritingTooLong(errors.InvalidInput):
    """This is more than a signature: at most {strokes} strokes and {points} points are taken. Write your name alone."""  # noqa: E501


class WritingMalformed(errors.InvalidInput):
    """The writing did not arrive as it was written. Clear the pad and write again."""


class SignatureSizeUnknown(errors.InvalidInput):
    """A signature is {least} to {most} mm wide, not {size} mm."""


class InkUnknown(errors.InvalidInput):
    """There is no ink "{colour}". Choose black, blue, red or purple."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of a line: its ends and the handles between, and half the ink's width at both ends."""

    curve: tuple[Floats, Floats, Floats, Floats]
    start: float
    end: float


def draw(
    strokes: Sequence[Sequence[Point]],
    *,
    width_mm: float = 50,
    colour: str = "black",
    pen_mm: float = 0.8,
) -> SealPicture:
    """A signature out of the strokes on a pad, fitted into a box of that width, trimmed to its ink.

    A point is (x, y, milliseconds, pressure): x and y in parts of the pad's width, down from its top
    left; pressure from 0 to 1. `pen_mm` is the pen's width on a pad of `width_mm`. Sizes come out in
    whole millimetres. Raises: NothingWritten, WritingTooLong, WritingMalformed, SignatureSizeUnknown,
    InkUnknown.
    """
    if not NARROWEST_MM <= width_mm <= WIDEST_MM:
        raise SignatureSizeUnknown(
            field="width_mm", least=NARROWEST_MM, most=WIDEST_MM, size=round(width_mm)
        )
    if colour.upper() not in Colour.__members__:
        raise InkUnknown(field="colour", colour=colour[:20])
    written = _checked(strokes)
    height_mm = min(HIGHEST_MM, width_mm * _HIGH)
    pen = min(max(pen_mm, PENS_MM[0]), PENS_MM[1]) / width_mm
    scale = _scale(written, pen, width_mm, height_mm)
    shapes = [_ink(stroke, pen * scale, scale) for stroke in written]
    return _picture(shapes, (width_mm, height_mm), Colour[colour.upper()])


def _checked(strokes: Sequence[Sequence[Point]]) -> list[Floats]:
    """The strokes as arrays of x, y and pressure.

    Raises: WritingTooLong, WritingMalformed, NothingWritten.
    """
    if len(strokes) > MOST_STROKES or sum(map(len, strokes)) > MOST_POINTS:
        raise WritingTooLong(field="strokes", strokes=MOST_STROKES, points=MOST_POINTS)
    written = []
    for stroke in strokes:
        if not stroke:
            continue
        try:
            points = np.array([tuple(point) for point in stroke], dtype=np.float64)
        except (TypeError, ValueError) as problem:
            raise WritingMalformed(field="strokes") from problem
        if points.ndim != 2 or points.shape[1] != 4 or not np.isfinite(points).all():
            raise WritingMalformed(field="strokes")
        places = points[:, :2]
        if places.min() < -0.01 or places[:, 0].max() > 1.01 or places[:, 1].max() > 2.01:
            raise WritingMalformed(field="strokes")
        pressure = np.clip(points[:, 3:], 0, 1)
        written.append(np.hstack([places, pressure]))
    if not written:
        raise NothingWritten(field="strokes")
    places = np.vstack(written)[:, :2]
    if np.ptp(places, axis=0).max() < _LEAST:
        raise NothingWritten(field="strokes")
    return written


def _scale(written: list[Floats], pen: float, width_mm: float, height_mm: float) -> float:
    """Millimetres to a pad's width, so that ink and margin fit into the box."""
    spans = np.ptp(np.vstack(written)[:, :2], axis=0) + pen * _HEAVY
    room = np.array([width_mm, height_mm]) - 2 * _MARGIN_MM
    return float(min((room / spans).min(), _LARGER * width_mm))


def _ink(stroke: Floats, pen_mm: float, scale: float) -> Outline:
    """The outline of one stroke in millimetres of the pad."""
    points = stroke * np.array([scale, scale, 1])
    points[:, 2] = _half_widths(points[:, 2], pen_mm)
    points = _apart(points)
    if len(points) == 1:
        x, y, half = points[0]
        return _dot(float(x), float(y), float(half) * 1.15)
    points = _simpler(points)
    made: list[outlines.Segment] = list(_dot(*(float(value) for value in points[0])))
    for piece in _pieces(points):
        made.extend(_outline(piece))
    return tuple(made)


def _half_widths(pressure: Floats, pen_mm: float) -> Floats:
    """Half the ink's width at each point; a hand's pressure does not jump."""
    if len(pressure) > 4:
        padded = np.pad(pressure, 2, mode="edge")
        pressure = np.convolve(padded, np.array([1, 2, 3, 2, 1]) / 9, mode="valid")
    widths: Floats = pen_mm / 2 * (_LIGHT + (_HEAVY - _LIGHT) * pressure)
    return widths


def _apart(points: Floats) -> Floats:
    """Without points that lie on the one before."""
    kept = [0]
    for number in range(1, len(points)):
        if math.dist(points[number, :2], points[kept[-1], :2]) > 0.08:
            kept.append(number)
    return points[kept]


def _simpler(points: Floats) -> Floats:
    """The fewest of the points from which the others lie off no more than is seen (Douglas, Peucker)."""
    kept = np.zeros(len(points), dtype=bool)
    kept[0] = kept[-1] = True
    waiting = [(0, len(points) - 1)]
    while waiting:
        first, last = waiting.pop()
        if last - first < 2:
            continue
        start, along = points[first], points[last] - points[first]
        between = points[first + 1 : last] - start
        length = float(along @ along)
        share = np.clip(between @ along / length, 0, 1) if length else np.zeros(len(between))
        off = np.linalg.norm(between - share[:, None] * along, axis=1)
        worst = int(off.argmax())
        if off[worst] > _SIMPLER_MM:
            middle = first + 1 + worst
            kept[middle] = True
            waiting += [(first, middle), (middle, last)]
    return points[kept]


def _pieces(points: Floats) -> Iterator[_Piece]:
    """Cubic curves through all points: centripetal Catmull-Rom."""
    places, halves = points[:, :2], points[:, 2]
    before = 2 * places[0] - places[1]
    after = 2 * places[-1] - places[-2]
    through = np.vstack([before, places, after])
    knots = np.sqrt(np.maximum(np.linalg.norm(np.diff(through, axis=0), axis=1), 1e-9))
    for number in range(len(places) - 1):
        p0, p1, p2, p3 = through[number : number + 4]
        d0, d1, d2 = knots[number : number + 3]
        first = p1 + (d1 * ((p1 - p0) / d0 - (p2 - p0) / (d0 + d1)) + (p2 - p1)) / 3
        second = p2 - (d1 * ((p3 - p2) / d2 - (p3 - p1) / (d1 + d2)) + (p2 - p1)) / 3
        yield _Piece((p1, first, second, p2), float(halves[number]), float(halves[number + 1]))


def _outline(piece: _Piece) -> Iterator[outlines.Segment]:
    """The outline of one stretch and the round end of it."""
    a, b, c, d = piece.curve
    first, last = _direction(b - a, d - a), _direction(d - c, d - a)
    chord = _direction(d - a, d - a)
    # A curve that swings out and back turns as much as one that goes round.
    turn = _between(first, chord) + _between(chord, last)
    long = math.dist(a, d)
    if turn < _TURN and long > 1.2 * max(piece.start, piece.end) * math.sin(turn):
        yield from _band(piece, first, last)
    else:
        # A tight turn: straight stretches with round joints, which never overlap the wrong way.
        yield from _joints(piece)
    yield from _dot(float(d[0]), float(d[1]), piece.end)


def _direction(along: Floats, otherwise: Floats) -> Floats:
    length = float(np.linalg.norm(along))
    if length < 1e-6:
        along, length = otherwise, float(np.linalg.norm(otherwise))
    found: Floats = along / max(length, 1e-9)
    return found


def _between(one: Floats, other: Floats) -> float:
    return abs(math.atan2(one[0] * other[1] - one[1] * other[0], float(one @ other)))


def _band(piece: _Piece, first: Floats, last: Floats) -> Iterator[outlines.Segment]:
    a, b, c, d = piece.curve
    left, right = np.array([-first[1], first[0]]), np.array([-last[1], last[0]])
    near, far = left * piece.start, right * piece.end
    near_third, far_third = (2 * near + far) / 3, (near + 2 * far) / 3
    # Forward on the side that keeps the turning sense of `outlines.circle`, back on the other.
    yield "M", (_place(a - near),)
    yield "C", (_place(b - near_third), _place(c - far_third), _place(d - far))
    yield "L", (_place(d + far),)
    yield "C", (_place(c + far_third), _place(b + near_third), _place(a + near))
    yield "Z", ()


def _joints(piece: _Piece) -> Iterator[outlines.Segment]:
    a, b, c, d = piece.curve
    before, half = a, piece.start
    for step in range(1, _STEPS + 1):
        t = step / _STEPS
        here = (1 - t) ** 3 * a + 3 * (1 - t) ** 2 * t * b + 3 * (1 - t) * t**2 * c + t**3 * d
        wide = piece.start + (piece.end - piece.start) * t
        along = _direction(here - before, d - a)
        side = np.array([-along[1], along[0]])
        yield "M", (_place(before - side * half),)
        yield "L", (_place(here - side * wide),)
        yield "L", (_place(here + side * wide),)
        yield "L", (_place(before + side * half),)
        yield "Z", ()
        if step < _STEPS:
            yield from _dot(float(here[0]), float(here[1]), wide)
        before, half = here, wide


def _place(point: Floats) -> outlines.Point:
    return float(point[0]), float(point[1])


def _dot(x: float, y: float, half: float) -> Outline:
    return outlines.Placement(a=1, b=0, c=0, d=1, e=x, f=y).apply(outlines.circle(half))


def _picture(inks: list[Outline], most: tuple[float, float], colour: Colour) -> SealPicture:
    """The ink in the middle of the smallest box of whole millimetres that leaves a margin."""
    points = [point for ink in inks for _, some in ink for point in some]
    left, right = min(x for x, _ in points), max(x for x, _ in points)
    top, bottom = min(y for _, y in points), max(y for _, y in points)
    # A curve may swing out further than its points lie.
    room = (most[0] - 2 * _MARGIN_MM, most[1] - 2 * _MARGIN_MM)
    fit = min(1.0, room[0] / (right - left), room[1] / (bottom - top))
    width = math.ceil((right - left) * fit + 2 * _MARGIN_MM - 1e-6)
    height = math.ceil((bottom - top) * fit + 2 * _MARGIN_MM - 1e-6)
    middle = outlines.Placement(
        a=fit, b=0, c=0, d=fit, e=-fit * (left + right) / 2, f=-fit * (top + bottom) / 2
    )
    shapes = tuple(Shape(outline=middle.apply(ink)) for ink in inks)
    return SealPicture(
        svg=outlines.to_svg(shapes, width, height, colour.value),
        pdf_form=outlines.to_pdf(shapes, width, height, colour.value),
        width_mm=width,
        height_mm=height,
    )
