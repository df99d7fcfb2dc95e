"""What you see is what was signed: pages as they were at the first signature, and as they are now.

Revisions are judged by their objects elsewhere; here by their looks. Outside the boxes of what was signed
later, not a dot may differ (`security.md` 3.6). A box larger than any seal is no excuse.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from engine.pdf import pdfium

# GB/T 38540 and the seal agencies: at most 100 mm a side; a little more for a box around one.
LARGEST_BOX = 110 * 72 / 25.4
_MOST_PAGES = 300
_SCALE = 1.0
_SLACK = 2
# A dot of this many grey levels is a difference that somebody could see.
_SEEN = 24

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How many pages were compared of how many, and the pages (from 1) that look otherwise."""

    compared: int
    pages: int
    differing: tuple[int, ...] = ()


def _dots(page: Any) -> np.ndarray[Any, Any]:
    shown = page.render(scale=_SCALE, grayscale=True, may_draw_forms=True)
    dots = np.array(shown.to_numpy(), dtype=np.int16)
    return dots.reshape(dots.shape[0], dots.shape[1], -1)[:, :, 0]


def _hide(dots: np.ndarray[Any, Any], page: Any, boxes: Sequence[Box]) -> None:
    """Blank out the boxes, which are in user space."""
    if not boxes:
        return
    matrix = page.get_size(), page.get_rotation(), page.get_cropbox()
    (wide, high), turned, (left, bottom, right, top) = matrix
    for a, b, c, d in boxes:
        if c - a > LARGEST_BOX or d - b > LARGEST_BOX:
            continue
        x0, y0, x1, y1 = {
            0: (a - left, top - d, c - left, top - b),
            90: (b - bottom, a - left, d - bottom, c - left),
            180: (right - c, b - bottom, right - a, d - bottom),
            270: (top - d, right - c, top - b, right - a),
        }[turned]
        down, across = dots.shape[0] / high, dots.shape[1] / wide
        rows = slice(max(0, int(y0 * down) - _SLACK), max(0, int(y1 * down) + _SLACK + 1))
        columns = slice(max(0, int(x0 * across) - _SLACK), max(0, int(x1 * across) + _SLACK + 1))
        dots[rows, columns] = 255


def differs(before: Any, after: Any, boxes: Sequence[Box] = ()) -> bool:
    """Whether two pages of pypdfium2 look different outside the boxes."""
    if before.get_size() != after.get_size():
        return True
    one, other = _dots(before), _dots(after)
    if one.shape != other.shape:
        return True
    _hide(one, before, boxes)
    _hide(other, after, boxes)
    return bool((np.abs(one - other) > _SEEN).any())


def compare(before: bytes, after: bytes, boxes: Mapping[int, Sequence[Box]]) -> Compared:
    """Two states of a document, page by page; `boxes` by page are left out.

    Of a very long document the first and the last pages are compared, and the number says so.
    """
    with (
        pdfium.opened(before, with_fields=True) as first,
        pdfium.opened(after, with_fields=True) as second,
    ):
        count = len(first)
        if count != len(second):
            return Compared(compared=0, pages=len(second), differing=(min(count, len(second)) + 1,))
        looked_at = range(count)
        if count > _MOST_PAGES:
            half = _MOST_PAGES // 2
            looked_at = [*range(half), *range(count - half, count)]  # type: ignore[assignment]
        differing = tuple(
            index + 1
            for index in looked_at
            if differs(first[index], second[index], boxes.get(index + 1, ()))
        )
    return Compared(compared=len(looked_at), pages=count, differing=differing)
