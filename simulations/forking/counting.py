"""What one replication of a forecast came to: which cases came due undecided, what is open at the end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.kernel import calendar, clock
from simulations.forking.coming import parts_of
from simulations.forking.snapshot import Snapshot
from simulations.staffing.desk import Seen


@dataclass(frozen=True, slots=True)
class Figures:
    """What one replication came to."""

    breaches: Counter[str]
    open: Counter[str]
    first_looks: int
    late: int
    decided: int
    missed: frozenset[int]

    def as_json(self) -> dict[str, Any]:
        """The figures as a file keeps them."""
        return {
            "breaches": dict(self.breaches),
            "open": dict(self.open),
            "first_looks": self.first_looks,
            "late": self.late,
            "decided": self.decided,
            "missed": sorted(self.missed),
        }

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> Figures:
        """Figures that a file has kept."""
        counts = {name: Counter(told[name]) for name in ("breaches", "open")}
        return cls(**{**told, **counts, "missed": frozenset(told["missed"])})


def counted(
    taken: Snapshot, seen: Sequence[Seen], number_at: dict[int, int], until: int
) -> Figures:
    """What a desk came to by an instant; second looks count for nothing."""
    breaches: Counter[str] = Counter()
    still: Counter[str] = Counter()
    first_looks = late = decided = 0
    missed = set()
    for one in seen:
        if one.task.blind:
            continue
        kind = parts_of(one.task.kind)[0]
        ended = one.decided_at if one.decided_at is not None else until + 1
        number = number_at.get(one.place)
        if ended > until:
            still[kind] += 1
            late += one.due <= until
        else:
            decided += 1
        if taken.at_ms < one.due <= until and ended > one.due:
            breaches[kind] += 1
            if number is not None:
                missed.add(number)
        first_looks += _unseen(taken, one, number, until)
    for case in taken.cases:
        if case.held and not case.blind:
            still[case.kind] += 1
            # A hold that does not stop the clocks is taken to last: its time runs out.
            late += not case.paused and case.due <= until
            if not case.paused and taken.at_ms < case.due <= until:
                breaches[case.kind] += 1
                missed.add(case.number)
    return Figures(breaches, still, first_looks, late, decided, frozenset(missed))


def _unseen(taken: Snapshot, one: Seen, number: int | None, until: int) -> bool:
    """Whether nobody had looked at a case by when somebody should have."""
    if number is not None:
        case = taken.cases[number]
        if case.touched:
            return False
        due = case.touch_due
    else:
        rule = taken.rules[parts_of(one.task.kind)[0]]
        due = calendar.china().add_business_ms(one.opened_at, rule.first_look_min * clock.MINUTE)
    touched = one.touched_at if one.touched_at is not None else until + 1
    return taken.at_ms < due <= until and touched > due
