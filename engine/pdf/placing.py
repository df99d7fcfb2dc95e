"""Where seals go on a document: by page, by keyword, and across the page edges (骑缝章, SGN-3).

A `Placing` is what a person says, in whole millimetres of the page as they see it; `marks` makes of it
the boxes that are signed. Pages may be turned and cropped. A seal across the edges is cut into equal
slices, one at the right edge of each page; more than 60 pages are bound in sheaves of equal length, at
most 60 pages each, and each sheaf carries the whole seal. Source: domain-rules 6, pki.md 1.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from engine.kernel import errors
from engine.pdf import geometry, typeset
from engine.pdf.appearance import PlacementOutsidePage

MOST_IN_A_SHEAF = 60
MOST_MARKS = 600
LONGEST_KEYWORD = 60
_FARTHEST_MM = 5_000
_PAGES = re.compile(r"[0-9]{1,5}(-[0-9]{1,5})?(,[0-9]{1,5}(-[0-9]{1,5})?)*\Z")
_KNOWN = frozenset({"kind", "pages", "x_mm", "y_mm", "keyword", "nth"})


class PlacingMalformed(errors.InvalidInput):
    """This does not say where a seal goes: {problem}"""


class PagesUnknown(errors.InvalidInput):
    """There are no such pages: {pages}. The document has {count}; write them as 1-3,5 or all or last."""


class KeywordNotFound(errors.InvalidInput):
    """The words “{keyword}” are not on these pages so often. Choose other words or another place."""


class SeamNeedsPages(errors.InvalidInput):
    """A seal across the page edges needs two pages at least."""


class SeamAlone(errors.InvalidInput):
    """A seal across the page edges goes beside a whole one. Say where that goes too."""


class DocumentUnreadable(errors.InvalidInput):
    """The pages of this document cannot be read. Print it to a new PDF and upload that."""


class TooManyMarks(errors.InvalidInput):
    """A seal goes to at most {limit} places of a document."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placing:
    """Where a seal goes. `pages`: `all`, `last`, or numbers from 1 such as `1-3,5,8`.

    `page`: the seal's top left corner, from the page's. `keyword`: its middle on that of the words, moved
    by `x_mm` and `y_mm`; `nth` counts from 1, backwards from -1, and 0 is every one. `seam`: `y_mm` is how
    far down the pages it begins.
    """

    kind: Literal["page", "keyword", "seam"]
    pages: str = "all"
    x_mm: int = 0
    y_mm: int = 0
    keyword: str = ""
    nth: int = 1

    def __post_init__(self) -> None:
        problem = _problem(self)
        if problem:
            raise PlacingMalformed(field="placements", problem=problem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slice:
    """Which part of a seal a mark shows: the slice with this number, from 0, of so many from the left."""

    number: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A box in which a seal is shown: whole, or one slice of it."""

    placement: typeset.Placement
    part: Slice | None = None


def _problem(one: Placing) -> str:
    if one.kind not in ("page", "keyword", "seam"):
        return "kind"
    if one.pages not in ("all", "last") and not _PAGES.match(one.pages):
        return "pages"
    if abs(one.x_mm) > _FARTHEST_MM or abs(one.y_mm) > _FARTHEST_MM:
        return "x_mm, y_mm"
    if one.kind != "keyword" and (one.x_mm < 0 or one.y_mm < 0):
        return "x_mm, y_mm"
    wanted = one.kind == "keyword"
    if wanted != bool(one.keyword.strip()) or len(one.keyword) > LONGEST_KEYWORD:
        return "keyword"
    return "nth" if abs(one.nth) > MOST_MARKS else ""


def parse(given: Mapping[str, Any]) -> Placing:
    """A placing from plain values, as JSON has them.

    Raises: PlacingMalformed.
    """
    texts = ("kind", "pages", "keyword")
    if not given.keys() <= _KNOWN or "kind" not in given:
        raise PlacingMalformed(field="placements", problem=", ".join(sorted(given)))
    for name, value in given.items():
        if type(value) is not (str if name in texts else int):
            raise PlacingMalformed(field="placements", problem=name)
    return Placing(**given)


def numbers_of(pages: str, count: int) -> list[int]:
    """The pages that are meant, from 1, each once, in order.

    Raises: PagesUnknown.
    """
    if pages == "all":
        return list(range(1, count + 1))
    if pages == "last":
        return [count]
    found: set[int] = set()
    for part in pages.split(","):
        first, _, last = part.partition("-")
        begin, end = int(first), int(last or first)
        if not 1 <= begin <= end <= count:
            raise PagesUnknown(field="placements", pages=pages, count=count)
        found.update(range(begin, end + 1))
    return sorted(found)


def sheaves(pages: Sequence[int]) -> list[list[int]]:
    """Pages bound in as few sheaves as can be, as equal in length as can be."""
    number = -(-len(pages) // MOST_IN_A_SHEAF)
    each, more = divmod(len(pages), number)
    made, at = [], 0
    for index in range(number):
        size = each + (index < more)
        made.append(list(pages[at : at + size]))
        at += size
    return made


def marks(
    document: bytes, placings: Sequence[Placing], width_mm: float, height_mm: float
) -> list[Mark]:
    """Every box in which a seal of this size is shown; the first one shows it whole.

    Raises: PagesUnknown, KeywordNotFound, PlacementOutsidePage, SeamNeedsPages, SeamAlone, TooManyMarks,
    DocumentUnreadable.
    """
    made: list[Mark] = []
    try:
        pages = geometry.pages(document)
        for one in sorted(placings, key=lambda placing: placing.kind == "seam"):
            makes = {"page": _by_page, "keyword": _by_keyword, "seam": _by_seam}[one.kind]
            for mark in makes(document, pages, one, width_mm, height_mm):
                _require_inside(pages, mark.placement)
                if mark not in made:
                    made.append(mark)
            if len(made) > MOST_MARKS:
                raise TooManyMarks(field="placements", limit=MOST_MARKS)
    except geometry.PagesUnreadable as problem:
        raise DocumentUnreadable from problem
    if made and made[0].part is not None:
        raise SeamAlone(field="placements")
    return made


def last_page_mm(document: bytes) -> tuple[float, float]:
    """Width and height of the last page as it is seen.

    Raises: DocumentUnreadable.
    """
    try:
        return geometry.pages(document)[-1].size_mm
    except geometry.PagesUnreadable as problem:
        raise DocumentUnreadable from problem


def resolve(
    document: bytes, placing: Placing, width_mm: float, height_mm: float
) -> list[typeset.Placement]:
    """The boxes of one placing, in order: of a seam the slices.

    Raises: PagesUnknown, KeywordNotFound, PlacementOutsidePage, SeamNeedsPages, TooManyMarks.
    """
    whole = [placing]
    if placing.kind == "seam":
        whole = [Placing(kind="page", pages="1"), placing]
    found = marks(document, whole, width_mm, height_mm)
    return [one.placement for one in found if placing.kind != "seam" or one.part is not None]


def _require_inside(pages: Sequence[geometry.Page], box: typeset.Placement) -> None:
    width, height = pages[box.page - 1].size_mm
    slack = 0.2
    if (
        box.x_mm < -slack
        or box.y_mm < -slack
        or box.x_mm + box.width_mm > width + slack
        or box.y_mm + box.height_mm > height + slack
    ):
        raise PlacementOutsidePage(field="placements", page=box.page)


def _by_page(
    document: bytes, pages: Sequence[geometry.Page], one: Placing, width: float, height: float
) -> Iterator[Mark]:
    for number in numbers_of(one.pages, len(pages)):
        yield Mark(
            placement=typeset.Placement(
                page=number, x_mm=one.x_mm, y_mm=one.y_mm, width_mm=width, height_mm=height
            )
        )


def _by_seam(
    document: bytes, pages: Sequence[geometry.Page], one: Placing, width: float, height: float
) -> Iterator[Mark]:
    numbers = numbers_of(one.pages, len(pages))
    if len(numbers) < 2:
        raise SeamNeedsPages(field="placements")
    for sheaf in sheaves(numbers):
        each = width / len(sheaf)
        for index, number in enumerate(sheaf):
            yield Mark(
                placement=typeset.Placement(
                    page=number,
                    x_mm=pages[number - 1].size_mm[0] - each,
                    y_mm=one.y_mm,
                    width_mm=each,
                    height_mm=height,
                ),
                part=Slice(number=index, count=len(sheaf)),
            )


def _by_keyword(
    document: bytes, pages: Sequence[geometry.Page], one: Placing, width: float, height: float
) -> Iterator[Mark]:
    numbers = numbers_of(one.pages, len(pages))
    found = list(geometry.occurrences(document, pages, numbers, one.keyword.strip()))
    if one.nth == 0:
        chosen = found
    else:
        at = one.nth - 1 if one.nth > 0 else len(found) + one.nth
        chosen = found[at : at + 1] if 0 <= at < len(found) else []
    if not chosen:
        raise KeywordNotFound(field="placements", keyword=one.keyword)
    for number, x, y in chosen:
        page_width, page_height = pages[number - 1].size_mm
        # Words near an edge keep the whole seal on the page.
        left = min(max(x + one.x_mm - width / 2, 0.0), max(page_width - width, 0.0))
        top = min(max(y + one.y_mm - height / 2, 0.0), max(page_height - height, 0.0))
        yield Mark(
            placement=typeset.Placement(
                page=number, x_mm=left, y_mm=top, width_mm=width, height_mm=height
            )
        )
