"""One period of a what-if: a demand, a roster, the desk, and what it came to as numbers."""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.kernel import calendar, clock
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.reviewing.actions import handing
from simulations import office_time
from simulations.scenario import Scenario
from simulations.staffing import desk, rosters
from simulations.staffing.demand import Demand


@functools.lru_cache(maxsize=1)
def _declared() -> dict[str, policies.ReviewRule]:
    found = {}
    for kind, name, setting in policy_queries.declared():
        if kind == policies.ReviewRule.KIND and isinstance(setting, policies.ReviewRule):
            found[name] = setting
    return found


def rules() -> dict[str, desk.Rule]:
    """How each kind of case runs, by the policies as they are declared (version 1)."""
    return {
        kind: desk.Rule(
            due=functools.partial(_due, rule.decision_minutes * clock.MINUTE),
            approvers=rule.approvers,
            lease_ms=rule.lease_minutes * clock.MINUTE,
        )
        for kind, rule in _declared().items()
    }


def _due(allowed_ms: int, opened_at: int) -> int:
    return calendar.china().add_business_ms(opened_at, allowed_ms)


def promised_ms(scenario: Scenario, kind: str) -> int:
    """The business time within which a case of a kind is to be decided: the scenario's, else the rule's."""
    promise = scenario.service_level.get(kind)
    if promise is not None:
        return round(promise.within_hours * clock.HOUR)
    return _declared()[kind].decision_minutes * clock.MINUTE


def promised_share(scenario: Scenario, kind: str, otherwise: float) -> float:
    """The share of a kind's cases that are to be decided in time."""
    promise = scenario.service_level.get(kind)
    return otherwise if promise is None else promise.share


def figures(scenario: Scenario, roster: rosters.Roster, demand: Demand) -> dict[str, float]:
    """Let a roster work through a demand over the scenario's horizon.

    Times are business minutes. The desk goes on after the horizon until the time of every case that had
    opened by then has run out, so that all of them are judged and none is left out; `open` is how many were
    not decided when the horizon ended. Who comes later is due later and hardly in their way, so nobody
    comes. Cases that opened in the warm-up and second looks count for nothing, though they are worked on.

    `wait_mean` is of all kinds together: more reviewers at an early step can make it longer, because what
    they decide sooner waits at the next one. `way_mean` is what a person waits for the desk along their
    whole way, and says whether they are better off.
    """
    begins, until = scenario.start_ms, scenario.end_ms
    ends = _judged_by(scenario, until)
    worked = desk.run(
        demand,
        rosters.teams(roster, begins, ends),
        rules(),
        begins=begins,
        until=ends,
        busy_until=until,
        equals_ms=handing.EQUALS_MS,
    )
    shown = [
        one
        for one in worked.seen
        if scenario.measured_from_ms <= one.opened_at < until and not one.task.blind
    ]
    paid = rosters.paid(roster, scenario)
    busy_hours = sum(worked.busy_ms.values()) / clock.HOUR
    return {
        "hours": paid.hours,
        "cost_yuan": math.nan if paid.fen is None else paid.fen / 100,
        "busy": busy_hours / paid.hours if paid.hours else math.nan,
        "lost_looks": float(worked.lost),
        "way_mean": _way_mean(scenario, worked.seen, until, ends),
        **_clocks(scenario, shown, until, ends),
    }


def _judged_by(scenario: Scenario, until: int) -> int:
    """When the time of every case that opened before an instant has run out."""
    longest = max(promised_ms(scenario, kind) for kind in _declared())
    return calendar.china().add_business_ms(until, longest) + clock.DAY


def _clocks(
    scenario: Scenario, shown: Sequence[desk.Seen], until: int, ends: int
) -> dict[str, float]:
    opened = np.array([one.opened_at for one in shown], dtype=np.int64)
    touched = np.array([one.touched_at or ends for one in shown], dtype=np.int64)
    ended = np.array([one.decided_at or ends for one in shown], dtype=np.int64)
    decided = np.array([one.decided_at is not None for one in shown], dtype=bool)
    kinds = np.array([one.task.kind for one in shown], dtype=object)
    waited = office_time.between(opened, touched) / clock.MINUTE
    taken = office_time.between(opened, ended)
    allowed = np.array([promised_ms(scenario, kind) for kind in kinds], dtype=np.int64)
    in_time = decided & (taken <= allowed)
    found = {
        "cases": float(len(shown)),
        "open": float((~decided | (ended >= until)).sum()),
        "wait_mean": _mean(waited),
        "wait_p90": float(np.quantile(waited, 0.9)) if len(shown) else math.nan,
        "taken_mean": _mean(taken / clock.MINUTE),
        "in_time": _mean(in_time),
    }
    for kind in sorted(set(kinds.tolist())):
        of_kind = kinds == kind
        found[f"wait_mean.{kind}"] = _mean(waited[of_kind])
        found[f"in_time.{kind}"] = _mean(in_time[of_kind])
    return found


def _way_mean(scenario: Scenario, seen: Sequence[desk.Seen], until: int, ends: int) -> float:
    """The mean over people of the business minutes that the desk takes of the longest chain of their cases.

    The pauses that they take themselves between two cases are theirs, and the same with every roster.
    """
    begun = {one.place: one for one in seen if one.opened_at < until and not one.task.blind}
    places = sorted(begun)
    opened = np.array([begun[place].opened_at for place in places], dtype=np.int64)
    ended = np.array([begun[place].decided_at or ends for place in places], dtype=np.int64)
    taken = dict(
        zip(places, (office_time.between(opened, ended) / clock.MINUTE).tolist(), strict=True)
    )
    along: dict[int, float] = {}
    first: dict[int, int] = {}
    longest: dict[int, float] = {}
    for place in places:
        before = begun[place].task.follows
        if before is None or before not in along:
            along[place], first[place] = taken[place], place
        else:
            along[place], first[place] = along[before] + taken[place], first[before]
        longest[first[place]] = max(longest.get(first[place], 0.0), along[place])
    measured = [
        minutes
        for place, minutes in longest.items()
        if begun[place].opened_at >= scenario.measured_from_ms
    ]
    return sum(measured) / len(measured) if measured else math.nan


def _mean(values: NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else math.nan


def kept(scenario: Scenario, found: Mapping[str, float], level: float) -> bool:
    """Whether one period kept the service level for every kind that came."""
    return all(
        share >= promised_share(scenario, name.removeprefix("in_time."), level)
        for name, share in found.items()
        if name.startswith("in_time.") and not math.isnan(share)
    )
