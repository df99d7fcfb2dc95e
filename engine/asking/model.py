"""A saved question: its SQL, how its answer is drawn, and who sees it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

LONGEST_NAME = 60
LONGEST_SQL = 20_000
CHARTS = ("none", "bar", "line", "area", "pivot")
# How a pivot adds up what falls into one of its cells.
SUMS = ("sum", "count", "mean", "min", "max")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """How an answer is drawn: columns along, upwards and apart; of a pivot rows, value and columns."""

    kind: str = "none"
    x: str = ""
    y: str = ""
    split: str = ""
    sums: str = "sum"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptQuestion:
    """A saved question as its row keeps it."""

    id: str
    staff_id: str
    name: str
    sql: str
    drawing: Mapping[str, Any]
    shared: int
    changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A saved question as its reader sees it: whose it is, and whether they may change it."""

    id: str
    name: str
    sql: str
    drawing: Drawing
    shared: bool
    mine: bool
    owner: str
    changed_at: int


def drawing_of(kept: Mapping[str, Any]) -> Drawing:
    """A drawing from its row; what an older or later version says beside is left out."""
    known = {name: str(kept[name]) for name in Drawing.__dataclass_fields__ if name in kept}
    return Drawing(**known)
