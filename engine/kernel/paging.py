"""Pages of a list by the key of its order: what comes in between neither repeats nor hides an item."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The part of a list that is wanted: so many of its items, after the one with this key.

    `after` has a value for each field that the list is ordered by; None is from the beginning.
    """

    limit: int
    after: tuple[str | int, ...] | None = None


def clause(
    window: Window | None, by: Sequence[str], *, newest_first: bool = True
) -> tuple[str, tuple[Any, ...]]:
    """The end of a SELECT that has a WHERE: where to go on, the order by `by`, how many; its parameters.

    `by` names columns that are never null, the last of them unique. Without a window the whole list.
    """
    names = ", ".join(by)
    direction = " DESC" if newest_first else ""
    order = " ORDER BY " + ", ".join(name + direction for name in by)
    if window is None:
        return order, ()
    if window.after is None:
        return f"{order} LIMIT ?", (window.limit,)
    marks = ", ".join("?" for _ in by)
    beyond = "<" if newest_first else ">"
    return f" AND ({names}) {beyond} ({marks}){order} LIMIT ?", (*window.after, window.limit)
