"""When the next trust list is taken over."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel.deadlines import Deadline
from engine.kernel.reader import Reader
from engine.trusting import model, queries

KIND = "trust_list_renewed"


def _next(q: Reader, after: int, until: int) -> Iterator[tuple[int, str]]:
    last = queries.newest(q)
    if last is not None and after < model.renewed_at(last) <= until:
        yield model.renewed_at(last), last.id


DEADLINES = (Deadline(KIND, _next),)
