"""Rosters to try: groups of reviewers by how many they are and when they work, and what each roster costs.

A roster is the scenario's with other counts or other hours: pace, skill and roles stay, because nobody
becomes quicker by being scheduled.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.kernel import clock, errors
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.reviewing import model as reviewing
from simulations import rota
from simulations.scenario import Reviewers, Scenario
from simulations.staffing.desk import Span, Team


class NoSuchGroup(errors.InvalidInput):
    """The scenario has no group of reviewers called {group}. It has: {groups}."""


class NothingToTry(errors.InvalidInput):
    """Say for at least one group how many reviewers to try, or which hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """A name that tells it from the others, and its groups."""

    name: str
    groups: tuple[Reviewers, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paid:
    """What a roster costs over a time: hours on shift, and their price in fen where one is known."""

    hours: float
    fen: int | None


def of(scenario: Scenario) -> Roster:
    """The scenario's own roster."""
    return Roster(name=_name(scenario.reviewers, scenario), groups=scenario.reviewers)


def grid(
    scenario: Scenario,
    counts: Mapping[str, Sequence[int]],
    hours: Mapping[str, Sequence[tuple[str, str]]] | None = None,
) -> list[Roster]:
    """Every combination of counts and of hours (`("09:00", "17:00")`) for the named groups.

    0 leaves a group out. A group with other hours loses its breaks, which need not lie within them.
    Raises: NoSuchGroup, NothingToTry, pydantic's ValidationError for hours that are none.
    """
    hours = hours or {}
    known = [group.group for group in scenario.reviewers]
    for group in (*counts, *hours):
        if group not in known:
            raise NoSuchGroup(group=group, groups=", ".join(known))
    if not any((*counts.values(), *hours.values())):
        raise NothingToTry()
    ways = [
        [
            changed
            for count in counts.get(one.group) or [one.count]
            for span in hours.get(one.group) or [(one.start, one.end)]
            for changed in _changed(one, count, span)
        ]
        for one in scenario.reviewers
    ]
    found = []
    for combination in itertools.product(*ways):
        groups = tuple(one for one in combination if one is not None)
        if groups:
            found.append(Roster(name=_name(groups, scenario), groups=groups))
    return found


def _changed(one: Reviewers, count: int, span: tuple[str, str]) -> list[Reviewers | None]:
    if count == 0:
        return [None]
    values = one.model_dump()
    if span != (one.start, one.end):
        values.update(start=span[0], end=span[1], breaks=())
    return [Reviewers.model_validate({**values, "count": count})]


def _name(groups: Sequence[Reviewers], scenario: Scenario) -> str:
    own = {one.group: (one.start, one.end) for one in scenario.reviewers}
    parts = []
    for one in groups:
        shift = "" if own[one.group] == (one.start, one.end) else f" {one.start}–{one.end}"
        parts.append(f"{one.group} {one.count}{shift}")
    parts += [f"{group} 0" for group in own if group not in {one.group for one in groups}]
    return " · ".join(parts)


def spans(group: Reviewers, begins: int, until: int) -> list[Span]:
    """When a group works between two instants, as half-open spans in order."""
    found: list[Span] = []
    after = begins
    while True:
        start, end = rota.next_span(group, after)
        if start >= until:
            return found
        found.append((start, end))
        after = end


def paid(roster: Roster, scenario: Scenario) -> Paid:
    """What a roster costs over a scenario's horizon: everybody is paid for the whole of their shifts."""
    hours, fen = 0.0, 0.0
    for group in roster.groups:
        on_shift = sum(
            min(end, scenario.end_ms) - start
            for start, end in spans(group, scenario.start_ms, scenario.end_ms)
        )
        own = group.count * on_shift / clock.HOUR
        hours += own
        fen += own * (scenario.cost.of(group.group) if scenario.cost else 0)
    return Paid(hours=hours, fen=round(fen) if scenario.cost else None)


@functools.lru_cache(maxsize=1)
def _rights() -> dict[str, frozenset[policies.Right]]:
    found = {}
    for kind, name, setting in policy_queries.declared():
        if kind == policies.Role.KIND and isinstance(setting, policies.Role):
            found[name] = frozenset(setting.rights)
    return found


def kinds(group: Reviewers) -> frozenset[str]:
    """The kinds of cases that a group may decide, by the rights of its roles as they are declared."""
    held = frozenset[policies.Right]().union(*(_rights()[role.value] for role in group.roles))
    return frozenset(kind for kind, right in reviewing.RIGHT_FOR.items() if right in held)


def teams(roster: Roster, begins: int, until: int) -> list[Team]:
    """A roster as the model of the desk takes it."""
    return [
        Team(
            name=group.group,
            kinds=kinds(group),
            count=group.count,
            spans=spans(group, begins, until),
            takes=functools.partial(_takes, group),
        )
        for group in roster.groups
    ]


def _takes(group: Reviewers, kind: str, effort: float) -> float:
    return group.minutes.at(effort) / group.skill.get(kind, 1.0) * clock.MINUTE
