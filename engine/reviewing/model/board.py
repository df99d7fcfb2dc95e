"""The board: how the queue stands and what breaches next, at one instant."""

from __future__ import annotations

from dataclasses import dataclass

from engine.reviewing.model.wanted import QueueRow


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """How the open cases of a kind stand; `lead` and `administrator` have been brought before those."""

    kind: str
    open: int = 0
    taken: int = 0
    held: int = 0
    warning: int = 0
    late: int = 0
    lead: int = 0
    administrator: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewerCount:
    """What a reviewer has in hand and on hold now, and decided since the day began."""

    staff_id: str
    name: str
    taken: int
    held: int
    decided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaches:
    """How many cases of a kind breach a clock after one instant and up to another, if nobody acts."""

    kind: str
    after: int
    until: int
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The open cases that the reader may see, counted; and those that want somebody soonest.

    `hours` are the counts of the next nine office hours, `marks` the ends of those. A breach is that of
    the first look where nobody has looked yet, else that of the decision.
    """

    now: int
    office_open: bool
    kinds: tuple[KindCount, ...]
    reviewers: tuple[ReviewerCount, ...]
    hours: tuple[Breaches, ...]
    marks: tuple[int, ...]
    soonest: tuple[QueueRow, ...]
    oldest: tuple[QueueRow, ...]
    escalated: tuple[QueueRow, ...]

    @property
    def total(self) -> KindCount:
        """All kinds together."""
        names = ("open", "taken", "held", "warning", "late", "lead", "administrator")
        sums = {name: sum(getattr(kind, name) for kind in self.kinds) for name in names}
        return KindCount(kind="", **sums)
