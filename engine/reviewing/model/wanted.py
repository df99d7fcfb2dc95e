"""What somebody wants to see of the queue, and the page of it that they get."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.reviewing.model.case import Case
from engine.reviewing.model.clocks import Clocks

QueueState = Literal[
    "all", "claimable", "mine", "colleagues", "held", "late", "warning", "escalated"
]
QueueOrder = Literal["due", "opened"]
STATES: tuple[QueueState, ...] = (
    "all", "claimable", "mine", "colleagues", "held", "late", "warning", "escalated",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A filter over the open cases that the reader may see, and their order; empty means any.

    `claimable` is what the reader could claim now, `mine` what they have claimed or hold, `colleagues`
    what others have under a living lease, `escalated` what was brought before the reader (as who has it, or
    as who leads there). Instants are UTC milliseconds, `opened_to` exclusive.
    """

    kinds: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    agencies: tuple[str, ...] = ()
    state: QueueState = "all"
    corrected: bool = False
    urged: bool = False
    text: str = ""
    opened_from: int | None = None
    opened_to: int | None = None
    sort: QueueOrder = "due"


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A case in the queue with its clocks and what the reader can do with it."""

    case: Case
    clocks: Clocks
    possible: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A part of the queue. `following` is where the next part begins, empty at the end.

    `total` is how many there are in all; `more` says that counting ended there and there are more.
    """

    rows: tuple[QueueRow, ...]
    total: int
    more: bool
    following: str
