"""Who works at a copied desk: everybody a team of their own, with the hours and paces that were seen."""

from __future__ import annotations

import datetime
import functools
import math
from collections.abc import Sequence

from engine.kernel import calendar, clock
from simulations.forking.coming import parts_of
from simulations.forking.history import Hours, Pace
from simulations.forking.snapshot import Member, Snapshot
from simulations.staffing.desk import Rule, Team

# The 90th percentile of the standard normal distribution.
_Z90 = 1.2815515655446004


def rule_of(taken: Snapshot, kind: str) -> Rule:
    """How a kind of case runs, by the policies in force when the copy was taken."""
    rule = taken.rules[kind]
    return Rule(
        due=functools.partial(_due, rule.decision_min * clock.MINUTE),
        approvers=rule.approvers,
        lease_ms=rule.lease_min * clock.MINUTE,
    )


def _due(allowed_ms: int, opened_at: int) -> int:
    return calendar.china().add_business_ms(opened_at, allowed_ms)


def teams(taken: Snapshot, keys: Sequence[str], until: int) -> list[Team]:
    """Everybody a team of their own, in the order of their numbers: so the model's numbers are theirs."""
    return [
        Team(
            name=f"member {member.number}",
            kinds=frozenset(key for key in keys if member.decides(*parts_of(key))),
            count=1,
            spans=_spans(member.hours, taken.at_ms, until),
            takes=functools.partial(_takes, taken.paces),
        )
        for member in taken.members
    ]


def more_hands(taken: Snapshot, keys: Sequence[str], until: int, more: int) -> list[Team]:
    """So many more reviewers, who decide everything and keep the others' hours."""
    if not more:
        return []
    return [
        Team(
            name="more",
            kinds=frozenset(keys),
            count=more,
            spans=_spans(usual_hours(taken.members), taken.at_ms, until),
            takes=functools.partial(_takes, taken.paces),
        )
    ]


def usual_hours(members: Sequence[Member]) -> Hours:
    """The hours in the middle of everybody's."""
    starts = sorted(one.hours.start_min for one in members)
    ends = sorted(one.hours.end_min for one in members)
    middle = len(members) // 2
    return Hours(start_min=starts[middle], end_min=max(ends[middle], starts[middle] + 1), days=0)


def _spans(hours: Hours, now: int, until: int) -> list[tuple[int, int]]:
    found, day = [], clock.civil_date(now)
    while clock.start_of(day) < until:
        if calendar.china().is_business_day(day):
            start = clock.start_of(day)
            found.append(
                (start + hours.start_min * clock.MINUTE, start + hours.end_min * clock.MINUTE)
            )
        day += datetime.timedelta(days=1)
    return found


def _takes(paces: dict[str, Pace], key: str, effort: float) -> float:
    pace = paces.get(parts_of(key)[0], paces[""])
    sigma = math.log(pace.p90 / pace.median) / _Z90
    return pace.median * math.exp(effort * sigma) * clock.MINUTE
