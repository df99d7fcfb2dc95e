"""How a stamp lies: which shape it has, and by how much it was turned when it was pressed.

A round seal is upright when its star stands on two points and its name leaves the gap at the foot; a square
or an oval one by its sides. What has none of these (a signature) has no turn that could be told.
"""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

# Of the area of the circle or the rectangle around it, what the hull of a stamp fills at least.
_ROUND, _SQUARE = 0.955, 0.93
_OVAL = (0.74, 0.83)
_RAYS = 720


class Outline(enum.StrEnum):
    """The shapes of stamps; `free` is every other one."""

    ROUND = "round"
    SQUARE = "square"
    OVAL = "oval"
    FREE = "free"


@dataclass(frozen=True, slots=True, kw_only=True)
class Posture:
    """Where a stamp's middle is (pixels), its shape, and its turn: degrees clockwise from upright.

    `sides` are width and height of its outline in pixels; `turn_known` is false where nothing tells.
    """

    outline: Outline
    middle: tuple[float, float]
    sides: tuple[float, float]
    turn_degrees: float
    turn_known: bool


def of(cover: Floats) -> Posture:
    """The posture of the one stamp on a picture of ink (0 to 1)."""
    inked = np.argwhere(cover > 0.5)[:, ::-1].astype(np.float32)
    hull = np.asarray(cv2.convexHull(inked), dtype=np.float32)
    area = float(cv2.contourArea(hull))
    _, radius = cv2.minEnclosingCircle(hull)
    (box_x, box_y), (box_width, box_height), box_angle = cv2.minAreaRect(hull)
    boxed = max(1.0, box_width * box_height)
    if area / (math.pi * radius**2) > _ROUND:
        middle = _circle(hull)
        turn = _round_turn(cover, middle)
        return Posture(
            outline=Outline.ROUND,
            middle=middle[:2],
            sides=(2 * middle[2], 2 * middle[2]),
            turn_degrees=turn or 0.0,
            turn_known=turn is not None,
        )
    longer = max(box_width, box_height) / max(1.0, min(box_width, box_height))
    if area / boxed > _SQUARE:
        turn, sides = _upright((box_width, box_height), box_angle, square=longer < 1.12)
        return Posture(
            outline=Outline.SQUARE,
            middle=(box_x, box_y),
            sides=sides,
            turn_degrees=turn,
            turn_known=True,
        )
    if _OVAL[0] < area / boxed < _OVAL[1] and longer > 1.1 and len(hull) >= 5:
        (oval_x, oval_y), (one, other), angle = cv2.fitEllipse(hull)
        turn, sides = _upright((one, other), angle, square=False)
        return Posture(
            outline=Outline.OVAL,
            middle=(oval_x, oval_y),
            sides=sides,
            turn_degrees=turn,
            turn_known=True,
        )
    left, top = inked.min(axis=0)
    right, bottom = inked.max(axis=0)
    return Posture(
        outline=Outline.FREE,
        middle=(float(left + right) / 2, float(top + bottom) / 2),
        sides=(float(right - left + 1), float(bottom - top + 1)),
        turn_degrees=0.0,
        turn_known=False,
    )


def _circle(hull: NDArray[np.float32]) -> tuple[float, float, float]:
    """Middle and radius of a round hull by least squares, so that one blot does not move them."""
    points = _along(hull.reshape(-1, 2).astype(np.float64))
    for _ in range(3):
        x, y = points[:, 0], points[:, 1]
        wanted = np.column_stack([x, y, np.ones(len(x))])
        solved, *_ = np.linalg.lstsq(wanted, x**2 + y**2, rcond=None)
        middle = solved[:2] / 2
        radius = math.sqrt(max(1.0, solved[2] + middle @ middle))
        off = np.abs(np.linalg.norm(points - middle, axis=1) - radius)
        kept = points[off <= max(1.5, float(np.percentile(off, 85)))]
        points = kept if len(kept) > 40 else points
    # The hull runs through the middles of pixels: the ink reaches half a pixel further.
    return float(middle[0]), float(middle[1]), radius + 0.5


def _along(hull: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points at even distances along a closed line of corners."""
    closed = np.vstack([hull, hull[:1]])
    steps = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(closed, axis=0), axis=1))])
    places = np.linspace(0, steps[-1], 720, endpoint=False)
    return np.column_stack([np.interp(places, steps, closed[:, axis]) for axis in (0, 1)])


def _upright(
    sides: tuple[float, float], angle: float, *, square: bool
) -> tuple[float, tuple[float, float]]:
    """The turn of a rectangle's or an ellipse's axes, the longer side lying; a square's nearest quarter."""
    width, height = sides
    if not square and width < height:
        width, height, angle = height, width, angle + 90
    step = 90 if square else 180
    turn = (angle + step / 2) % step - step / 2
    if square and round((angle - turn) / 90) % 2:
        width, height = height, width
    return turn, (width + 1, height + 1)


def _round_turn(cover: Floats, circle: tuple[float, float, float]) -> float | None:
    """The turn of a round seal: coarse by the gap of its name, fine by its star or its line of text."""
    rays = _rays(cover, circle)
    coarse = _gap(rays)
    star = _star(_rays(cover, _heart(cover, circle)))
    if star is not None:
        # A star looks the same every fifth of a turn; the gap tells which of the five it is.
        return _nearest(star, 72, coarse or 0.0)
    line = _line(cover, circle, coarse or 0.0)
    return line if line is not None else coarse


def _heart(cover: Floats, circle: tuple[float, float, float]) -> tuple[float, float, float]:
    """The circle around the solid piece in the middle: a star may stand a little above it."""
    x, y, radius = circle
    _, labels, told, middles = cv2.connectedComponentsWithStats((cover > 0.5).astype(np.uint8))
    row, column = round(y), round(x)
    if not (0 <= row < cover.shape[0] and 0 <= column < cover.shape[1]):
        return circle
    here = int(labels[row, column])
    share = told[here, cv2.CC_STAT_AREA] / (math.pi * radius**2)
    if here == 0 or not 0.01 < share < 0.2:
        return circle
    found_x, found_y = (float(side) for side in middles[here])
    return (
        (found_x, found_y, radius) if math.dist((found_x, found_y), (x, y)) < radius / 4 else circle
    )


def _nearest(angle: float, step: float, wanted: float) -> float:
    found = angle + step * round((wanted - angle) / step)
    return (found + 180) % 360 - 180


def _rays(cover: Floats, circle: tuple[float, float, float]) -> Floats:
    """The ink along rays from the middle: a row a ray, clockwise from the top, 200 places outwards."""
    x, y, radius = circle
    polar = cv2.warpPolar(
        cover, (200, _RAYS), (x, y), radius, cv2.WARP_POLAR_LINEAR | cv2.INTER_LINEAR
    )
    # OpenCV begins on the right and turns clockwise on a picture whose rows go down.
    return np.roll(np.asarray(polar, dtype=np.float32), _RAYS // 4, axis=0)


def _star(rays: Floats) -> float | None:
    """The turn of a star in the middle, between -36 and 36; None when there is none."""
    # How far a star reaches along a ray: solid from the middle, then nothing for a while.
    inner = rays[:, :96]
    solid = inner[:, 2:14].mean()
    if solid < 0.8:
        return None
    reach = np.argmax(inner < 0.5, axis=1).astype(np.float64)
    reach[inner.min(axis=1) >= 0.5] = inner.shape[1]
    reach = np.minimum(reach, np.percentile(reach, 98))
    waves = np.fft.rfft(reach - reach.mean())
    strength = np.abs(waves)
    if strength[5] < 2.5 * max(strength[k] for k in (1, 2, 3, 4, 6, 7)):
        return None
    # A point straight up is a crest at ray 0.
    phase = -float(np.angle(waves[5])) / 5
    return math.degrees(phase)


def _gap(rays: Floats) -> float | None:
    """The turn that the free foot of the name's arc tells; None when the arc has no clear gap."""
    band = rays[:, 149:162].mean(axis=1)
    inked = band > 0.08
    if inked.all() or not inked.any():
        return None
    around = np.flatnonzero(inked)
    gaps = np.diff(np.concatenate([around, [around[0] + _RAYS]]))
    widest = int(gaps.argmax())
    rest = np.delete(gaps, widest)
    if gaps[widest] < _RAYS * 0.11 or (len(rest) and gaps[widest] < 1.6 * rest.max()):
        return None
    middle = (around[widest] + gaps[widest] / 2) * 360 / _RAYS
    return float((middle - 180 + 180) % 360 - 180)


def _line(cover: Floats, circle: tuple[float, float, float], coarse: float) -> float | None:
    """The turn of a horizontal line of text inside the name's arc; None when none stands out."""
    x, y, radius = circle
    size = round(radius * 1.1)
    best, scores = 0.0, []
    angles = np.arange(-24, 24.1, 0.5)
    for off in angles:
        turned = _inside(cover, (x, y), size, coarse + off)
        rows = turned.sum(axis=1)
        scores.append(float(np.square(np.diff(rows)).sum()))
    found = np.array(scores)
    top = int(found.argmax())
    if found[top] < 1.5 * float(np.median(found)) or top in (0, len(found) - 1):
        return None
    # The peak between three angles.
    before, at, after = found[top - 1 : top + 2]
    best = float(angles[top] + 0.25 * (before - after) / (before - 2 * at + after))
    return _nearest(coarse + best, 360, 0.0)


def _inside(cover: Floats, middle: tuple[float, float], size: int, degrees: float) -> Floats:
    """The disc inside the arc, turned back by so many degrees."""
    turn = cv2.getRotationMatrix2D(middle, degrees, 1.0)
    moved = np.array([[0, 0, size / 2 - middle[0]], [0, 0, size / 2 - middle[1]]])
    seen = cv2.warpAffine(cover, turn + moved, (size, size), flags=cv2.INTER_LINEAR)
    rows, columns = np.ogrid[:size, :size]
    disc = (rows - size / 2) ** 2 + (columns - size / 2) ** 2 < (size / 2) ** 2
    return np.asarray(seen * disc, dtype=np.float32)
