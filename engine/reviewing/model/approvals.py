"""Approvals of a case that needs several, and second looks that differ from the first."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """One approval that stands while more are needed. `staff` is an actor text."""

    id: str
    case_id: str
    staff: str
    approved_at: int
    evidence: str
    note: str


class DifferenceStatus(enum.StrEnum):
    """Where a difference between two looks stands."""

    OPEN = "open"  # a lead who took no part moves next
    SETTLED = "settled"


DIFFERENCE = Workflow(
    "difference",
    DifferenceStatus.OPEN,
    {
        DifferenceStatus.OPEN: {"settle": DifferenceStatus.SETTLED},
        DifferenceStatus.SETTLED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A second, blind look that came out otherwise. `took_part` are actor texts."""

    id: str
    case_id: str
    sample_id: str
    took_part: tuple[str, ...]
    status: DifferenceStatus
    right_one: str | None = None
    opened_at: int
    settled_at: int | None = None
    settled_by: str | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How often second looks agreed with the first, by kind and by who decided first."""

    kind: str
    decided_by: str
    looks: int
    agreed: int

    @property
    def percent(self) -> int:
        """The share that agreed, in whole percent."""
        return self.agreed * 100 // self.looks if self.looks else 100
