"""A document's pages as people see them, and where words stand on them: turned and cropped pages too."""

# mypy: disable-error-code="no-untyped-call"

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader

from engine.pdf import appearance, pdfium

_DEEPEST = 50


class PagesUnreadable(ValueError):
    """The tree of the pages is broken, or the words on them cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page as it is seen: its box in user space (points) and the degrees it is turned clockwise."""

    left: float
    bottom: float
    right: float
    top: float
    turned: int

    @property
    def size_mm(self) -> tuple[float, float]:
        """Width and height as they are seen."""
        size = (
            (self.right - self.left) / appearance.POINTS_PER_MM,
            (self.top - self.bottom) / appearance.POINTS_PER_MM,
        )
        return size if self.turned in (0, 180) else size[::-1]

    def seen(self, x: float, y: float) -> tuple[float, float]:
        """A point of user space as millimetres from the top left corner that is seen."""
        across, up = x - self.left, y - self.bottom
        found = {
            0: (across, self.top - y),
            90: (up, across),
            180: (self.right - x, up),
            270: (self.top - y, self.right - x),
        }[self.turned]
        return found[0] / appearance.POINTS_PER_MM, found[1] / appearance.POINTS_PER_MM


def occurrences(
    document: bytes, known: Sequence[Page], numbers: Sequence[int], keyword: str
) -> list[tuple[int, float, float]]:
    """Page and middle (millimetres as seen) of each place where the words stand, in reading order.

    Raises: PagesUnreadable.
    """
    found = []
    try:
        with pdfium.opened(document) as pdf:
            for number in numbers:
                text = pdf[number - 1].get_textpage()
                searcher = text.search(keyword, match_case=True)
                while (hit := searcher.get_next()) is not None:
                    # Words that go on in the next line are where they begin.
                    if text.count_rects(*hit):
                        left, bottom, right, top = text.get_rect(0)
                        middle = known[number - 1].seen((left + right) / 2, (bottom + top) / 2)
                        found.append((number, *middle))
    except pdfium.PdfiumError as problem:
        raise PagesUnreadable(str(problem)) from problem
    return found


def pages(document: bytes) -> list[Page]:
    """Every page of a document, with what it inherits.

    Raises: PagesUnreadable.
    """
    try:
        root = PdfFileReader(io.BytesIO(document), strict=False).root["/Pages"]
        found = list(_walk(root, {}, 0))
    except (PdfError, ValueError, TypeError, KeyError, AttributeError) as problem:
        raise PagesUnreadable(str(problem)) from problem
    if not found:
        raise PagesUnreadable("no pages")
    return found


def _walk(node: Any, above: Mapping[str, Any], depth: int) -> Iterator[Page]:
    if depth > _DEEPEST:
        raise ValueError("pages nested beyond reason")
    known = dict(above)
    for key in ("/MediaBox", "/CropBox", "/Rotate"):
        if key in node:
            known[key] = node[key]
    if "/Kids" in node:
        for kid in node["/Kids"]:
            yield from _walk(kid.get_object(), known, depth + 1)
        return
    box = [float(n) for n in known.get("/CropBox") or known["/MediaBox"]]
    (left, right), (bottom, top) = sorted(box[::2]), sorted(box[1::2])
    yield Page(
        left=left,
        bottom=bottom,
        right=right,
        top=top,
        turned=int(known.get("/Rotate", 0)) % 360,
    )
