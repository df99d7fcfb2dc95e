"""What is to come to a copied desk: the open cases, what follows from them, and new people on known ways.

Everything is drawn per case and per hour up front, from streams with names, so that one more reviewer
meets the same night (common random numbers).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np

from engine.kernel import calendar, clock
from simulations import streams
from simulations.forking.snapshot import UNDECIDED, OpenCase, Snapshot
from simulations.staffing.demand import Demand, Task
from simulations.staffing.desk import Seen
from simulations.staffing.ways import Step, Way

_LOOKS = 3


def key_of(kind: str, platform: str, agency: str) -> str:
    """A kind together with where the case belongs: what says who may decide it."""
    return f"{kind}|{platform}|{agency}"


def parts_of(key: str) -> tuple[str, str, str]:
    """Kind, platform and agency of a key."""
    kind, platform, agency = key.split("|")
    return kind, platform, agency


@dataclass(frozen=True, slots=True)
class Night:
    """One replication: what comes, and what stands there already."""

    demand: Demand
    standing: tuple[Seen, ...]
    # The place of each open case in the demand, by its number.
    places: dict[int, int]


@dataclass
class Nights:
    """Draws replications of a snapshot's next hours."""

    snapshot: Snapshot
    until: int
    seed: int
    # Whether people go on by themselves; without them only what a decision itself opens follows it.
    people: bool = True
    _known: dict[str, list[tuple[Way, int]]] = field(init=False)
    _rates: dict[int, float] = field(init=False)

    def __post_init__(self) -> None:
        self._known = defaultdict(list)
        for way in self.snapshot.ways:
            for place, step in enumerate(way.steps):
                if not step.blind and step.case != UNDECIDED:
                    self._known[step.kind].append((way, place))
        self._rates = defaultdict(float)
        for at in self.snapshot.begun:
            hour = (at - clock.start_of(clock.civil_date(at))) // clock.HOUR
            self._rates[hour] += 1 / self.snapshot.days

    def draw(self, replication: int) -> Night:
        """One replication."""
        tasks: list[Task] = []
        standing, places = [], {}
        for case in self.snapshot.cases:
            if case.held:
                continue
            chance = streams.generator(self.seed, f"fork case {replication}", case.number)
            way, at = self._like(case.kind, chance)
            first = len(tasks)
            key = key_of(case.kind, case.platform, case.agency)
            rejected = way.steps[at].rejected if way else False
            tasks.append(_task(key, case.opened_at, chance, blind=case.blind, rejected=rejected))
            if way is not None and not case.blind:
                tasks += self._after(way, at, first, (case.platform, case.agency), chance)
            places[case.number] = first
            standing.append(_standing(case, tasks[first], first))
        for way, opens_at, chance in self._people(replication) if self.people else ():
            where = self._where(way.steps[0].kind, chance)
            first = len(tasks)
            step = way.steps[0]
            tasks.append(_task(key_of(step.kind, *where), opens_at, chance, rejected=step.rejected))
            tasks += self._after(way, 0, first, where, chance)
        return Night(demand=Demand(tasks), standing=tuple(standing), places=places)

    def _like(self, kind: str, chance: np.random.Generator) -> tuple[Way | None, int]:
        """A known case of the same kind: what it deserved and what came after it."""
        which = float(chance.random())
        known = self._known.get(kind)
        return known[int(which * len(known))] if known else (None, 0)

    def _after(
        self,
        way: Way,
        at: int,
        first: int,
        where: tuple[str, str],
        chance: np.random.Generator,
    ) -> Iterator[Task]:
        """What follows a step of a way, as tasks that follow the task at `first`."""
        place = {at: first}
        number = first + 1
        for index in range(at + 1, len(way.steps)):
            step = way.steps[index]
            if step.follows not in place or (step.delay > 0 and not self.people):
                continue
            key = key_of(step.kind, *self._place_of(step, where, chance))
            yield _task(
                key,
                step.delay,
                chance,
                follows=place[step.follows],
                apart=step.apart,
                blind=step.blind,
                rejected=step.rejected,
            )
            place[index] = number
            number += 1

    def _place_of(
        self, step: Step, where: tuple[str, str], chance: np.random.Generator
    ) -> tuple[str, str]:
        """Where a following case belongs: the same place, if cases of its kind are there at all."""
        known = {one[:2] for one in self.snapshot.places.get(step.kind, ())}
        drawn = self._where(step.kind, chance)
        return where if where in known else drawn

    def _where(self, kind: str, chance: np.random.Generator) -> tuple[str, str]:
        draw = float(chance.random())
        counted = self.snapshot.places.get(kind, ())
        left = draw * sum(one[2] for one in counted)
        for platform, agency, count in counted:
            left -= count
            if left < 0:
                return platform, agency
        return ("", "")

    def _people(self, replication: int) -> Iterator[tuple[Way, int, np.random.Generator]]:
        """New people from now on: as many in each hour as came in that hour of the last business days."""
        # Of a way that is not at its end nobody knows how it goes on.
        ended = [one for one in self.snapshot.ways if all(s.case != UNDECIDED for s in one.steps)]
        begun = ended or list(self.snapshot.ways)
        hour = self.snapshot.at_ms // clock.HOUR * clock.HOUR
        while begun and hour < self.until:
            day = clock.civil_date(hour)
            rate = self._rates.get((hour - clock.start_of(day)) // clock.HOUR, 0.0)
            if rate and calendar.china().is_business_day(day):
                for number in range(self._count(replication, hour, rate)):
                    chance = streams.generator(
                        self.seed, f"fork person {replication}", f"{hour}/{number}"
                    )
                    when, which = chance.random(2).tolist()
                    opens_at = hour + int(when * clock.HOUR)
                    if self.snapshot.at_ms < opens_at < self.until:
                        yield begun[int(which * len(begun))], opens_at, chance
            hour += clock.HOUR

    def _count(self, replication: int, hour: int, rate: float) -> int:
        chance = streams.generator(self.seed, f"fork arrivals {replication}", hour)
        return int(chance.poisson(rate))


def _task(
    key: str,
    delay: int,
    chance: np.random.Generator,
    *,
    follows: int | None = None,
    apart: bool = False,
    blind: bool = False,
    rejected: bool = False,
) -> Task:
    return Task(
        kind=key,
        delay=delay,
        effort=float(chance.standard_normal()),
        luck=tuple(chance.random(_LOOKS).tolist()),
        follows=follows,
        apart=apart,
        blind=blind,
        rejected=rejected,
    )


def _standing(case: OpenCase, task: Task, place: int) -> Seen:
    """An open case as the desk of the model finds it."""
    return Seen(
        task=task,
        place=place,
        opened_at=case.opened_at,
        due=case.due,
        touched_at=case.opened_at if case.touched else None,
        assignee=case.in_hand_of,
        lease_until=case.lease_until if case.in_hand_of is not None else 0,
        excluded=frozenset(case.taken_part) - frozenset(case.approvals),
        approved_by=frozenset(case.approvals),
    )
