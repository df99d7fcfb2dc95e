"""Ink told from paper: shadows, the paper's own colour and printed text are not ink of a stamp.

Everything is a share of the light that the paper around gives back, so a lamp on one side, yellow paper
or a grey scan change nothing. Coloured ink is told from black print by its colour; where the stamp itself
is black, by its place (`impressions` looks inside the box alone).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Picture = NDArray[np.uint8]
Mask = NDArray[np.bool_]

# The widest solid part of a seal (mm), beyond which ink would be taken for paper.
_SOLID_MM = 24.0
_COARSE_MM = 0.5
# Weaker colour than this share of the light is paper, or the fringe of a compressed picture.
_LEAST_COLOUR = 0.10
# The share of an ink's darkness that is its colour: print has none.
_PRINT, _COLOURED = 0.14, 0.30
# Weaker darkness than this is no ink of that kind, however pale.
_LEAST_DARK = {True: 0.30, False: 0.12}


class Ink(enum.StrEnum):
    """The inks of seals; `black` is also what a grey scan makes of any other."""

    RED = "red"
    BLUE = "blue"
    PURPLE = "purple"
    BLACK = "black"


# How much of each light (red, green, blue) an ink takes, beyond what it takes of all three.
_TAKES = {
    Ink.RED: (0.0, 0.75, 0.66),
    Ink.BLUE: (0.83, 0.55, 0.0),
    Ink.PURPLE: (0.30, 0.95, 0.0),
}
# In which light an ink is darkest.
_DARKEST = {Ink.RED: 1, Ink.BLUE: 0, Ink.PURPLE: 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """The paper of a picture, coarse; stretched over whatever part of the picture is looked at."""

    light: Floats
    left_mm: float
    top_mm: float

    def over(self, matrix: NDArray[np.float64], size: tuple[int, int]) -> Floats:
        """The paper on a picture of that size whose pixels `matrix` maps to millimetres of the page."""
        scale = 1 / _COARSE_MM
        half = -0.5
        onto = np.array(
            [
                [scale, 0, -self.left_mm * scale + half],
                [0, scale, -self.top_mm * scale + half],
                [0, 0, 1],
            ]
        )
        shown = cv2.warpPerspective(
            self.light,
            onto @ matrix,
            size,
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE,
        )
        return np.asarray(shown, dtype=np.float32)


def ground(picture: Picture, dots_per_mm: float, left_mm: float, top_mm: float) -> Ground:
    """The paper under a picture of a piece of the page."""
    height, width = picture.shape[:2]
    size = (
        max(8, round(width / dots_per_mm / _COARSE_MM)),
        max(8, round(height / dots_per_mm / _COARSE_MM)),
    )
    small = cv2.medianBlur(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), 5)
    side = round(_SOLID_MM / _COARSE_MM) | 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    # Bright again after dark: what closes over a seal is the paper on its either side.
    light = cv2.GaussianBlur(cv2.morphologyEx(small, cv2.MORPH_CLOSE, kernel), (0, 0), 3)
    return Ground(light=light.astype(np.float32), left_mm=left_mm, top_mm=top_mm)


def taken(picture: Picture, paper: Floats) -> Floats:
    """The share of each light that is taken away, 0 on paper and 1 where nothing comes back."""
    share = 1 - (picture.astype(np.float32) + 1) / (np.maximum(paper, 24) + 1)
    return np.asarray(np.clip(share, 0, 1), dtype=np.float32)


def colour(share: Floats) -> Floats:
    """How coloured each place is: the light taken most less the light taken least."""
    found: Floats = share.max(axis=-1) - share.min(axis=-1)
    return found


def dominant(share: Floats) -> tuple[Ink, int]:
    """The coloured ink that covers most, and on how many pixels."""
    beyond = share[colour(share) > _LEAST_COLOUR]
    if not len(beyond):
        return Ink.BLACK, 0
    beyond = beyond - beyond.min(axis=1, keepdims=True)
    beyond /= np.linalg.norm(beyond, axis=1, keepdims=True)
    inks = list(_TAKES)
    towards = np.array([_TAKES[ink] for ink in inks], dtype=np.float32)
    towards /= np.linalg.norm(towards, axis=1, keepdims=True)
    alike = beyond @ towards.T
    nearest = alike.argmax(axis=1)[alike.max(axis=1) > 0.85]
    counted = np.bincount(nearest, minlength=len(inks))
    return inks[int(counted.argmax())], int(counted.max())


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """What makes a picture of an ink: which, and how dark it is where it covers well."""

    ink: Ink
    full: float


def strength(share: Floats, ink: Ink) -> Strength:
    """How dark an ink is on a picture, where it covers."""
    dark, coloured = _dark(share, ink), _coloured(share, ink)
    inked = dark[(coloured > 0.5) & (dark > _LEAST_DARK[ink is Ink.BLACK])]
    full = float(np.percentile(inked, 75)) if len(inked) else 1.0
    return Strength(ink=ink, full=full)


def cover(share: Floats, of: Strength) -> Floats:
    """How much of each place the ink covers, 0 to 1; half at the edge of a stroke."""
    dark = _dark(share, of.ink) / of.full
    covered = np.clip((dark - 0.25) / 0.5, 0, 1) * _coloured(share, of.ink)
    return np.asarray(covered, dtype=np.float32)


def _dark(share: Floats, ink: Ink) -> Floats:
    found: Floats = share.mean(axis=2) if ink is Ink.BLACK else share[:, :, _DARKEST[ink]]
    return found


def _coloured(share: Floats, ink: Ink) -> Floats:
    """1 where the darkness is the ink's colour, 0 where it is print."""
    if ink is Ink.BLACK:
        return np.ones(share.shape[:2], dtype=np.float32)
    beyond = share - share.min(axis=2, keepdims=True)
    own = beyond[:, :, _DARKEST[ink]]
    # Pictures keep colour at half the resolution: a thin stroke's colour lies beside it too.
    own = cv2.dilate(own, np.ones((3, 3), np.uint8))
    ratio = own / np.maximum(share.max(axis=2), _LEAST_COLOUR)
    gated = np.clip((ratio - _PRINT) / (_COLOURED - _PRINT), 0, 1)
    return np.asarray(gated, dtype=np.float32)
