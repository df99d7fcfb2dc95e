"""The model of the review desk: SimPy, the engine's rules of picking, and nothing else of the engine.

The rules are those of `engine.reviewing` and of `simulations.reviewers`: who is on shift takes the case due
soonest of those that they may decide, chance among equals; four eyes; several approvers, each after a look
of their own; a lease that runs out while somebody thinks lets a colleague take the case, and who is later
has worked for nothing; who has begun finishes after the end of the shift. Not in it: holds, urging, cases
put back or handed over, and everything but the desk.
"""

from __future__ import annotations

import bisect
import heapq
import itertools
from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import simpy

from simulations.staffing.demand import Demand, Task

# `next_case` looks at so many of the soonest (engine.reviewing.actions.handing).
_FIRST_LOOK = 25
Span = tuple[int, int]
_Steps = Generator[simpy.Event, Any, None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """How a kind of case runs: when it is due if opened then, how many approve, how long a lease is."""

    due: Callable[[int], int]
    approvers: int = 1
    lease_ms: int = 1 << 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """Reviewers alike: which kinds they decide, how many they are, when they work, how long a look takes.

    `spans` are half-open and in order; `takes` gives milliseconds for a kind and an effort.
    """

    name: str
    kinds: frozenset[str]
    count: int
    spans: Sequence[Span]
    takes: Callable[[str, float], float]


@dataclass(slots=True)
class Seen:
    """What became of a task that has opened. `approved_by` are who took part."""

    task: Task
    place: int
    opened_at: int
    due: int
    touched_at: int | None = None
    decided_at: int | None = None
    taken: int = 0
    assignee: int | None = None
    lease_until: int = 0
    excluded: frozenset[int] = frozenset()
    approved_by: frozenset[int] = frozenset()

    @property
    def luck(self) -> float:
        """How it fares among equals this time."""
        return self.task.luck[min(self.taken, len(self.task.luck) - 1)]

    def may_be_taken_by(self, who: int) -> bool:
        """Four eyes."""
        return who not in self.excluded and who not in self.approved_by


@dataclass(slots=True)
class Worked:
    """What the desk came to: every task that opened, and how long each team was busy."""

    seen: list[Seen]
    busy_ms: dict[str, int]
    # Looks that came too late, because a colleague had taken the case meanwhile.
    lost: int = 0


# One that waits: when due, when opened, and its place, which no two share.
_Waiting = tuple[int, int, int]


@dataclass
class _Desk:
    env: simpy.Environment
    demand: Demand
    rules: Mapping[str, Rule]
    equals_ms: int
    busy_until: int
    waiting: dict[str, list[_Waiting]] = field(default_factory=dict)
    in_hand: dict[int, Seen] = field(default_factory=dict)
    seen: dict[int, Seen] = field(default_factory=dict)
    # Who is idle, in the order in which they became so: their kinds and their bell.
    idle: dict[int, tuple[frozenset[str], simpy.Event]] = field(default_factory=dict)
    busy_ms: dict[str, int] = field(default_factory=dict)
    # Who has a case in hand when the time begins.
    begun: dict[int, Seen] = field(default_factory=dict)
    lost: int = 0

    def stand(self, case: Seen) -> None:
        """A case that is there when the time begins: it waits, or somebody has it in hand."""
        self.seen[case.place] = case
        if case.assignee is None:
            self.put(case)
        else:
            self.in_hand[case.place] = self.begun[case.assignee] = case

    def resume(self, who: int) -> Seen | None:
        """What somebody has in hand from before, while their lease lives."""
        case = self.begun.pop(who, None)
        mine = case is not None and case.assignee == who and case.lease_until > int(self.env.now)
        return case if mine else None

    def open(self, place: int, excluded: frozenset[int] = frozenset()) -> None:
        """A case comes to the desk."""
        task, now = self.demand.tasks[place], int(self.env.now)
        due = self.rules[task.kind].due(now)
        found = Seen(task=task, place=place, opened_at=now, due=due, excluded=excluded)
        self.seen[place] = found
        self.put(found)

    def put(self, case: Seen) -> None:
        """It waits, and everybody idle who decides its kind looks, as they do at the engine's desk."""
        queue = self.waiting.setdefault(case.task.kind, [])
        bisect.insort(queue, (case.due, case.opened_at, case.place))
        for who in [who for who, (kinds, _) in self.idle.items() if case.task.kind in kinds]:
            self.call(who)

    def call(self, who: int) -> None:
        """Somebody idle looks up; whoever is not idle does not hear it."""
        found = self.idle.pop(who, None)
        if found is not None:
            found[1].succeed()

    def take(self, who: int, kinds: frozenset[str]) -> Seen | None:
        """The case due soonest of those that somebody may take; among equals, chance."""
        equals = self._equals(who, kinds)
        if not equals:
            return None
        case = min(equals, key=lambda one: (one.luck, one.place))
        self.claim(case, who)
        return case

    def _equals(self, who: int, kinds: frozenset[str]) -> list[Seen]:
        now = int(self.env.now)
        found: list[Seen] = []
        queues = [queue for kind in kinds if (queue := self.waiting.get(kind))]
        lapsed = sorted(
            (case.due, case.opened_at, place)
            for place, case in self.in_hand.items()
            if case.lease_until <= now and case.task.kind in kinds
        )
        merged = heapq.merge(*queues, lapsed) if len(queues) + bool(lapsed) > 1 else None
        for due, _, place in merged if merged is not None else (queues or [lapsed])[0]:
            if found and due - found[0].due >= max(1, self.equals_ms):
                break
            case = self.seen[place]
            if case.may_be_taken_by(who):
                found.append(case)
                if len(found) == _FIRST_LOOK:
                    break
        return found

    def claim(self, case: Seen, who: int) -> None:
        """Put a case into somebody's hand, wherever it is now."""
        if case.place not in self.in_hand:
            queue = self.waiting[case.task.kind]
            del queue[bisect.bisect_left(queue, (case.due, case.opened_at, case.place))]
            self.in_hand[case.place] = case
        now = int(self.env.now)
        if case.touched_at is None:
            case.touched_at = now
        case.taken += 1
        case.assignee, case.lease_until = who, now + self.rules[case.task.kind].lease_ms

    def decide(self, case: Seen, who: int) -> None:
        """Say yes or no; in vain, where a colleague has the case or has decided it meanwhile."""
        now = int(self.env.now)
        if case.assignee != who or case.lease_until <= now:
            taken = case.assignee not in (None, who) and case.lease_until > now
            if case.decided_at is not None or taken or not case.may_be_taken_by(who):
                self.lost += 1
                return
            self.claim(case, who)
        del self.in_hand[case.place]
        case.assignee = None
        case.approved_by |= {who}
        if not case.task.rejected and len(case.approved_by) < self._needed(case):
            self.put(case)
            return
        case.decided_at = now
        for place in self.demand.followers.get(case.place, ()):
            self._follow(case, place)

    def _needed(self, case: Seen) -> int:
        return 1 if case.task.blind else self.rules[case.task.kind].approvers

    def _follow(self, case: Seen, place: int) -> None:
        task = self.demand.tasks[place]
        excluded = case.excluded | case.approved_by if task.apart else frozenset()
        if task.delay <= 0:
            self.open(place, excluded)
        else:
            self.env.process(self._later(place, task.delay, excluded))

    def _later(self, place: int, delay: int, excluded: frozenset[int]) -> _Steps:
        yield self.env.timeout(delay)
        self.open(place, excluded)


def _arrivals(desk: _Desk) -> _Steps:
    for opens_at, place in desk.demand.begins():
        if place in desk.seen:
            continue
        if opens_at > desk.env.now:
            yield desk.env.timeout(opens_at - desk.env.now)
        desk.open(place)


def _shifts(desk: _Desk, who: int, team: Team) -> _Steps:
    env = desk.env
    for start, end in team.spans:
        if start > env.now:
            yield env.timeout(start - env.now)
        if env.now >= end:
            continue
        closing = env.timeout(end - env.now)
        closing.callbacks.append(lambda _: desk.call(who))
        while env.now < end:
            case = desk.resume(who) or desk.take(who, team.kinds)
            if case is None:
                bell = env.event()
                desk.idle[who] = (team.kinds, bell)
                yield bell
                continue
            takes = max(1, round(team.takes(case.task.kind, case.task.effort)))
            desk.busy_ms[team.name] += min(takes, max(0, desk.busy_until - int(env.now)))
            yield env.timeout(takes)
            desk.decide(case, who)


def run(
    demand: Demand,
    teams: Sequence[Team],
    rules: Mapping[str, Rule],
    *,
    begins: int,
    until: int,
    busy_until: int | None = None,
    equals_ms: int = 0,
    standing: Sequence[Seen] = (),
) -> Worked:
    """Let the teams work on a demand from one instant up to another.

    Cases due within `equals_ms` of the soonest are equals; work is added up until `busy_until`. `standing`
    are cases of the demand that are there when the time begins; an `assignee` begins with theirs. What has
    not opened by the end is not told of, and what is open then has no `decided_at`.
    """
    counted = until if busy_until is None else busy_until
    desk = _Desk(simpy.Environment(initial_time=begins), demand, rules, equals_ms, counted)
    desk.busy_ms = {team.name: 0 for team in teams}
    for case in standing:
        desk.stand(case)
    numbers = itertools.count()
    for team in teams:
        for _ in range(team.count):
            desk.env.process(_shifts(desk, next(numbers), team))
    desk.env.process(_arrivals(desk))
    desk.env.run(until=until)
    seen = [desk.seen[place] for place in sorted(desk.seen)]
    return Worked(seen=seen, busy_ms=desk.busy_ms, lost=desk.lost)
