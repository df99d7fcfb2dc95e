"""One stamp among all the ink around the box of a form, and what a reviewer should be told of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from engine.kernel import errors
from engine.ses import inks
from engine.ses.form_marks import Sheet, StampPlace
from engine.ses.inks import Floats, Ink, Mask
from engine.ses.postures import Outline, Posture

# Less ink than this is no stamp; parts nearer than this belong to one; another has this share of it.
_LEAST_MM2, _TOGETHER_MM, _SECOND = 12.0, 2.4, 0.25
_SPECK_MM2 = 0.03
_LARGEST_MM = 100.0
# The frame's line and a printer's play; so much ink may lie beyond it by a blot or a smear.
_FRAME_MM, _BEYOND = 0.7, 0.004
# A stamp is faint where its ink takes less of the light, broken where so much of its ring lacks.
_FAINT, _WHOLE = 0.45, 0.90
_PRINTED_MM2 = 1.5
_TILTED_DEGREES = 8.0
_ASKED_DPI = 250
FINDINGS = (
    "outside_place",
    "touches_frame",
    "several_impressions",
    "on_print",
    "not_red",
    "faint",
    "incomplete",
    "no_clear_shape",
    "tilted",
    "coarse",
    "not_flat",
)


class NoImpression(errors.InvalidInput):
    """No stamp is seen on this form. Press the seal into the dashed box, and scan the page in colour."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """The box and what is around it, flat and straight: `share` is the light that is taken away."""

    share: Floats
    ground: inks.Ground
    left_mm: float
    top_mm: float
    per_mm: float

    def at(self, x: float, y: float) -> tuple[float, float]:
        """The point of the page in the middle of a pixel."""
        return (
            self.left_mm + (x + 0.5) / self.per_mm,
            self.top_mm + (y + 0.5) / self.per_mm,
        )

    def within(self, place: StampPlace, more_mm: float = 0.0) -> Mask:
        """Which pixels lie in the box, made wider by so much."""
        height, width = self.share.shape[:2]
        xs = self.left_mm + (np.arange(width) + 0.5) / self.per_mm - place.x_mm
        ys = self.top_mm + (np.arange(height) + 0.5) / self.per_mm - place.y_mm
        across = (xs > -more_mm) & (xs < place.width_mm + more_mm)
        down = (ys > -more_mm) & (ys < place.height_mm + more_mm)
        inside: Mask = down[:, None] & across[None, :]
        return inside


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A stamp's ink: `cover` is all of its colour, `own` what belongs to it, `reach` a little more.

    `others` counts further stamps beside it.
    """

    strength: inks.Strength
    cover: Floats
    own: Mask
    reach: Mask
    others: int


def ink_of(seen: Seen, place: StampPlace) -> Ink:
    """Which ink the stamp has: the coloured one in the box, or black there, or any colour on the page."""
    least = _LEAST_MM2 * seen.per_mm**2 / 2
    inside = seen.within(place, -_FRAME_MM)
    ink, pixels = inks.dominant(seen.share[inside])
    if pixels >= least:
        return ink
    if float((seen.share.mean(axis=2)[inside] > 0.4).sum()) >= least:
        return Ink.BLACK
    return inks.dominant(seen.share.reshape(-1, 3))[0]


def find(seen: Seen, place: StampPlace, ink: Ink) -> Stamp:
    """The stamp in that ink: the patch with most ink in the box, or else the largest.

    Raises: NoImpression.
    """
    share = seen.share
    if ink is Ink.BLACK:
        # A black one is told from print by its place alone.
        share = share * seen.within(place, -_FRAME_MM)[:, :, None]
    of = inks.strength(share, ink)
    cover = inks.cover(share, of)
    dot = seen.per_mm**2
    inked = _without_specks(cover > 0.5, _SPECK_MM2 * dot)
    own, others = _one(inked, seen, place)
    if own.sum() < _LEAST_MM2 * dot or max(box(own)[2:]) > _LARGEST_MM * seen.per_mm:
        raise NoImpression
    return Stamp(
        strength=of, cover=cover, own=own, reach=_grown(own, 0.35 * seen.per_mm), others=others
    )


def _without_specks(inked: Mask, least: float) -> Mask:
    _, labels, told, _ = cv2.connectedComponentsWithStats(inked.astype(np.uint8), connectivity=8)
    kept = told[:, cv2.CC_STAT_AREA] >= least
    kept[0] = False
    found: Mask = kept[labels]
    return found


def _one(inked: Mask, seen: Seen, place: StampPlace) -> tuple[Mask, int]:
    """The ink of one stamp, and how many others there are."""
    together = _grown(inked, _TOGETHER_MM * seen.per_mm / 2)
    count, labels = cv2.connectedComponents(together.astype(np.uint8), connectivity=8)
    labels = np.where(inked, labels, 0)
    areas = np.bincount(labels.ravel(), minlength=count).astype(np.float64)
    inside = np.bincount(labels[seen.within(place)], minlength=count).astype(np.float64)
    areas[0] = inside[0] = 0
    if not areas.any():
        raise NoImpression
    chosen = int((inside if inside.max() >= areas.max() * 0.2 else areas).argmax())
    hull = cv2.convexHull(np.argwhere(labels == chosen)[:, ::-1].astype(np.int32))
    filled = np.zeros(inked.shape, dtype=np.uint8)
    cv2.fillConvexPoly(filled, hull, 1)
    # What lies within the outline is the stamp's too: a star in the middle of its ring.
    enclosed = np.bincount(labels[filled > 0], minlength=count) > areas / 2
    enclosed[0] = False
    own: Mask = enclosed[labels]
    others = int(((areas >= _SECOND * areas[chosen]) & ~enclosed).sum())
    return own, others


def _grown(mask: Mask, by: float) -> Mask:
    side = 2 * max(1, round(by)) + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    grown: Mask = cv2.dilate(mask.astype(np.uint8), kernel) > 0
    return grown


def box(mask: Mask) -> tuple[int, int, int, int]:
    """Left, top, width and height of what is set (something is)."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (
        int(columns[0]),
        int(rows[0]),
        int(columns[-1] - columns[0] + 1),
        int(rows[-1] - rows[0] + 1),
    )


def findings(
    seen: Seen, found: Stamp, posture: Posture, sheet: Sheet, place: StampPlace, others: int
) -> tuple[str, ...]:
    """What a reviewer should look at, in the order of FINDINGS; `others` are stamps elsewhere."""
    told = {
        **dict(_of_place(seen, found, place)),
        "several_impressions": others > 0,
        "not_red": found.strength.ink is not Ink.RED,
        "faint": found.strength.full < _FAINT,
        "incomplete": posture.outline is Outline.ROUND and _ring(found, posture) < _WHOLE,
        "no_clear_shape": posture.outline is Outline.FREE,
        "tilted": abs(posture.turn_degrees) > _TILTED_DEGREES,
        "coarse": sheet.dpi < _ASKED_DPI,
        "not_flat": not sheet.flat,
    }
    return tuple(one for one in FINDINGS if told[one])


def _of_place(seen: Seen, found: Stamp, place: StampPlace) -> Iterator[tuple[str, bool]]:
    ink = float(found.own.sum())
    beyond = float((found.own & ~seen.within(place, _FRAME_MM)).sum())
    on_frame = found.own & ~seen.within(place, -_FRAME_MM) & seen.within(place, _FRAME_MM)
    black = found.strength.ink is Ink.BLACK
    # A black stamp was looked for inside the frame alone: where it ends there it went on.
    edge = found.reach & ~seen.within(place, -_FRAME_MM) if black else on_frame
    dot = seen.per_mm**2
    yield "outside_place", beyond > _BEYOND * ink
    yield "touches_frame", float(edge.sum()) > 0.2 * dot
    yield "on_print", not black and _printed(seen, found) > _PRINTED_MM2 * dot


def _printed(seen: Seen, found: Stamp) -> float:
    """How many pixels of print the stamp lies over or right beside."""
    print_: Mask = (seen.share.min(axis=2) > 0.65) & (inks.colour(seen.share) < 0.15)
    return float((print_ & found.reach).sum())


def _ring(found: Stamp, posture: Posture) -> float:
    """The share of a round stamp's outermost line that is there."""
    radius = posture.sides[0] / 2
    polar = cv2.warpPolar(
        np.where(found.own, found.cover, 0).astype(np.float32),
        (100, 720),
        posture.middle,
        radius * 1.02,
        cv2.WARP_POLAR_LINEAR,
    )
    return float((polar[:, 90:].max(axis=1) > 0.5).mean())
