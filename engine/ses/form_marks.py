"""Where the box for the stamp is on a picture of the printed form, by the four marks beside it.

The form carries ArUco marks (4x4 modules, OpenCV's dictionary of 50) at the outer corners of its dashed
box, so that scale, turn and perspective of a scan or a photograph come from the paper itself and never
from what the file claims. Two seen marks are enough: a stamp may cover one.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engine.kernel import errors

# The marks of data/templates/seal_application.typ: side, and how far they stand off the box.
MARK_MM, OFF_MM = 9.0, 5.0
MARKS = ("top left", "top right", "bottom right", "bottom left")
LEAST_DPI = 200
# Marks are looked for on a picture of at most this many pixels a side first: 4 pixels a module on A4.
_SEARCHED = 2_400
_LEAST_MARKS = 2
# A sheet whose marks lie further off one plane than this is bent or folded.
_FLAT_MM = 0.6
# A clean edge of a mark rises from paper to ink within so many pixels of the resolution it really has.
_PIXELS_OF_AN_EDGE = 1.67

Matrix = NDArray[np.float64]
Picture = NDArray[np.uint8]


class FormNotSeen(errors.InvalidInput):
    """The four black marks around the box for the stamp cannot be found. Print the form at its full size, and scan or photograph the whole page from above in even light."""  # noqa: E501


class ScanTooCoarse(errors.InvalidInput):
    """This picture shows the form at {dpi} dpi; at least {least} are needed. Scan it at 300 dpi, or photograph it from nearer and hold the phone still."""  # noqa: E501


@dataclass(frozen=True, slots=True, kw_only=True)
class StampPlace:
    """The dashed box of a form: millimetres from the top left corner of its page."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float

    def corners_of_marks(self) -> dict[int, tuple[tuple[float, float], ...]]:
        """The corners of each mark, clockwise from its top left one."""
        left, right = self.x_mm - OFF_MM - MARK_MM, self.x_mm + self.width_mm + OFF_MM
        top, bottom = self.y_mm, self.y_mm + self.height_mm - MARK_MM
        places = ((left, top), (right, top), (right, bottom), (left, bottom))
        return {
            number: (
                (x, y),
                (x + MARK_MM, y),
                (x + MARK_MM, y + MARK_MM),
                (x, y + MARK_MM),
            )
            for number, (x, y) in enumerate(places)
        }


# The box of the application form (`pdf.typeset.APPLICATION_STAMP`, which this stage does not know).
APPLICATION_FORM = StampPlace(x_mm=70, y_mm=167, width_mm=70, height_mm=70)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """How a picture shows the form: `to_pixels` maps millimetres of the page to pixels.

    `dpi` is what the picture resolves at the box, which is less than `pixel_dpi` where it is blurred.
    """

    to_pixels: Matrix
    dpi: int
    pixel_dpi: float
    flat: bool
    marks: int


def piece(left_mm: float, top_mm: float, dots_per_mm: float) -> Matrix:
    """The map from the pixels of a picture that begins there, at that scale, to millimetres."""
    dot = 1 / dots_per_mm
    return np.array([[dot, 0, left_mm + dot / 2], [0, dot, top_mm + dot / 2], [0, 0, 1]])


def find(picture: Picture, place: StampPlace) -> Sheet:
    """The form on a picture (grey, one byte a pixel).

    Raises: FormNotSeen, ScanTooCoarse.
    """
    expected = place.corners_of_marks()
    seen = _marks(picture, expected)
    if len(seen) < _LEAST_MARKS:
        raise FormNotSeen
    paper = np.array([corner for number in seen for corner in expected[number]])
    pixels = np.array([corner for corners in seen.values() for corner in corners])
    found, _ = cv2.findHomography(paper, pixels, cv2.RANSAC, _tolerance(pixels))
    if found is None or not np.isfinite(found).all():
        raise FormNotSeen
    to_pixels = np.asarray(found, dtype=np.float64)
    middle = (place.x_mm + place.width_mm / 2, place.y_mm + place.height_mm / 2)
    smallest = _scale(to_pixels, *middle)
    if smallest <= 0:
        raise FormNotSeen
    off_mm = np.abs(_mapped(to_pixels, paper) - pixels).max() / smallest
    shown = smallest * 25.4
    dpi = min(shown, _sharp_dpi(picture, to_pixels, [expected[number] for number in seen]))
    if round(dpi) < LEAST_DPI:
        raise ScanTooCoarse(dpi=round(dpi), least=LEAST_DPI)
    return Sheet(
        to_pixels=to_pixels,
        dpi=round(dpi),
        pixel_dpi=shown,
        flat=bool(off_mm < _FLAT_MM),
        marks=len(seen),
    )


@functools.cache
def _detector() -> cv2.aruco.ArucoDetector:
    settings = cv2.aruco.DetectorParameters()
    settings.cornerRefinementMethod = cv2.aruco.CORNER_REFINE_SUBPIX
    settings.adaptiveThreshWinSizeMax = 53
    settings.adaptiveThreshWinSizeStep = 10
    return cv2.aruco.ArucoDetector(
        cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50), settings
    )


def _marks(
    picture: Picture, expected: dict[int, tuple[tuple[float, float], ...]]
) -> dict[int, NDArray[np.float64]]:
    """The marks that are seen, once each, with their corners to a part of a pixel."""
    for searched, shrink in _pictures(picture):
        corners, numbers, _ = _detector().detectMarkers(searched)
        found: dict[int, NDArray[np.float64]] = {}
        twice = set()
        for number, four in zip([] if numbers is None else numbers.ravel(), corners, strict=True):
            if int(number) in found:
                twice.add(int(number))
            if int(number) in expected:
                found[int(number)] = four.reshape(4, 2).astype(np.float64)
        seen = {number: four for number, four in found.items() if number not in twice}
        if len(seen) >= _LEAST_MARKS:
            return {number: _refined(picture, four, shrink) for number, four in seen.items()}
    return {}


def _pictures(picture: Picture) -> Iterator[tuple[Picture, float]]:
    """What marks are looked for on: the picture made small, then as it is, then with its light evened."""
    shrink = min(1.0, _SEARCHED / max(picture.shape))
    small = cv2.resize(picture, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    yield np.asarray(small, dtype=np.uint8), shrink
    if shrink < 1:
        yield picture, 1.0
    even = cv2.createCLAHE(clipLimit=4.0, tileGridSize=(8, 8)).apply(small)
    yield np.asarray(even, dtype=np.uint8), shrink


def _refined(picture: Picture, four: NDArray[np.float64], shrink: float) -> NDArray[np.float64]:
    """The corners on the whole picture."""
    # Pixel centres: the middle of the first small pixel lies at (1/shrink - 1)/2 of the large picture.
    corners = ((four + 0.5) / shrink - 0.5).astype(np.float32)
    side = float(np.linalg.norm(corners[0] - corners[2])) / math.sqrt(2)
    # Within half a module, so that no other corner is taken for this one.
    window = max(2, round(side / 14))
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 40, 0.01)
    found = cv2.cornerSubPix(picture, corners.reshape(-1, 1, 2), (window, window), (-1, -1), stop)
    return np.asarray(found, dtype=np.float64).reshape(4, 2)


def _tolerance(pixels: NDArray[np.float64]) -> float:
    return max(2.0, float(np.ptp(pixels, axis=0).max()) / 150)


def _mapped(matrix: Matrix, points: NDArray[np.float64]) -> NDArray[np.float64]:
    shown = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    return np.asarray(shown[:, :2] / shown[:, 2:], dtype=np.float64)


def _scale(matrix: Matrix, x_mm: float, y_mm: float) -> float:
    """Pixels to the millimetre in the direction that has fewest; 0 when the sheet is seen mirrored."""
    points = np.array([(x_mm, y_mm), (x_mm + 1, y_mm), (x_mm, y_mm + 1)])
    middle, right, down = _mapped(matrix, points)
    jacobian = np.array([right - middle, down - middle]).T
    if np.linalg.det(jacobian) <= 0:
        return 0.0
    return float(np.linalg.svd(jacobian, compute_uv=False)[-1])


def _sharp_dpi(
    picture: Picture, to_pixels: Matrix, marks: list[tuple[tuple[float, float], ...]]
) -> float:
    """The resolution that the edges of the marks tell: a picture made larger gains none."""
    per_mm, around = 40, 1.0
    rises = []
    for corners in marks:
        (left, top), (right, _), _, _ = corners
        side = right - left
        size = round((side + 2 * around) * per_mm)
        seen = cv2.warpPerspective(
            picture,
            to_pixels @ piece(left - around, top - around, per_mm),
            (size, size),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        )
        for turn in range(4):
            turned = np.rot90(seen, turn)
            # Half a millimetre inside the mark its border is still black all along.
            strip = turned[size // 4 : -size // 4, : round(1.75 * per_mm)]
            rises.append(_rise(strip.mean(axis=0)) / per_mm)
    rise = float(np.median(rises))
    return _PIXELS_OF_AN_EDGE * 25.4 / max(rise, 1e-3)


def _rise(profile: NDArray[np.float64]) -> float:
    """Over how many places a profile falls from a tenth below paper to a tenth above ink."""
    paper, ink = float(profile[:12].mean()), float(profile[-12:].mean())
    if paper - ink < 20:
        return float(len(profile))
    share = (profile - ink) / (paper - ink)
    below = np.flatnonzero(share < 0.9)
    deep = np.flatnonzero(share < 0.1)
    if not len(below) or not len(deep):
        return float(len(profile))
    return float(max(1, deep[0] - below[0]))
