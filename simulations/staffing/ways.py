"""What people's ways bring to the desk, learned from the cases of a run: kinds, order, and pauses between.

The journeys themselves are the model of what people do, and they are not written a second time here: a run
of the engine shows which cases one person brings, which of them opens because another was decided, and how
long the person takes between a decision and their next step. A what-if draws people from these ways.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.kernel import database, errors
from simulations import personas, population, runs, shards, streams
from simulations.runs import plan
from simulations.scenario import Scenario
from simulations.staffing.demand import Demand, Task


@dataclass(frozen=True, slots=True)
class Step:
    """One case of a way: `follows` is its place there, `delay` counts from that decision or the start."""

    kind: str
    delay: int
    follows: int | None = None
    apart: bool = False
    blind: bool = False
    rejected: bool = False
    # The case of the run that it was learned from.
    case: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """The cases of one person, in the order in which they opened. `began_at`: when the person came."""

    began_at: int
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Learned:
    """The ways at one desk and how many people it had; those who brought no case have no way here."""

    people: int
    ways: tuple[Way, ...]


class NothingLearned(errors.InvalidInput):
    """No case came to the desk in the run {run}, so that nothing can be learned from it."""


def of_folder(path: Path) -> list[Learned]:
    """What a finished run teaches: its desks one by one, which are its shards, replication by replication.

    Raises: NoRun, NothingLearned.
    """
    folder = runs.Folder(path)
    found = []
    for outcome in folder.outcomes():
        world = plan.place(path, outcome.replication) / shards.world_name(outcome.shard)
        found.append(Learned(people=outcome.people, ways=tuple(of_database(world))))
    if not any(one.ways for one in found):
        folder.plan()
        raise NothingLearned(run=folder.name)
    return found


def together(desks: Sequence[Learned]) -> Learned:
    """Several desks as if they were one: what people do is the same at each."""
    return Learned(
        people=sum(one.people for one in desks),
        ways=tuple(way for one in desks for way in one.ways),
    )


def of_database(path: Path) -> list[Way]:
    """The ways in one shard's database."""
    db = database.FrozenDatabase(path)
    try:
        with db.read() as connection:
            return of_connection(connection)
    finally:
        db.close()


_CASES = (
    "SELECT c.id, c.kind, c.maker, c.excluded, c.sample_of, c.opened_at, c.decided_at, c.status,"
    " a.created_at AS came_at FROM review_case c"
    " LEFT JOIN account a ON c.maker = 'person:' || a.id"
    " ORDER BY c.opened_at, c.id"
)
_TOLD = (
    "SELECT operation, kind, subject FROM event WHERE kind IN"
    " ('case.opened', 'case.approved', 'case.rejected', 'sample.opened') ORDER BY seq"
)


# Work that a person's way does not wait for: their next step follows what came before it.
_NOBODY_WAITS = ("seal_making", "settlement", "invoice", "red_letter")


@dataclass
class _Reading:
    """Ways as they grow: of each case its way and its place there, and when it was decided."""

    ways: dict[str, tuple[int, list[Step]]] = field(default_factory=dict)
    place: dict[str, tuple[str, int]] = field(default_factory=dict)
    decided: dict[str, int | None] = field(default_factory=dict)
    # By person: their own cases, in order.
    own: dict[str, list[str]] = field(default_factory=dict)

    def add(self, row: database.Row, cause: str | None) -> None:
        """One more case; `cause` is the case whose decision opened it in the same operation."""
        before = cause if cause in self.place else self._before(row["maker"], row["opened_at"])
        blind = row["sample_of"] is not None
        if blind and row["sample_of"] in self.place:
            before = row["sample_of"]
        if before is None:
            name, follows = row["id"], None
            came = row["came_at"] if row["came_at"] is not None else row["opened_at"]
            self.ways[name] = (came, [])
            delay = row["opened_at"] - came
        else:
            name, follows = self.place[before]
            delay = row["opened_at"] - (self.decided[before] or row["opened_at"])
        steps = self.ways[name][1]
        steps.append(
            Step(
                kind=row["kind"],
                delay=max(0, delay),
                follows=follows,
                apart=before is not None
                and any(one.startswith("staff:") for one in json.loads(row["excluded"])),
                blind=blind,
                rejected=row["status"] == "rejected",
                case=row["id"],
            )
        )
        self.place[row["id"]] = (name, len(steps) - 1)
        self.decided[row["id"]] = row["decided_at"]
        if not blind and row["kind"] not in _NOBODY_WAITS:
            self.own.setdefault(row["maker"], []).append(row["id"])

    def _before(self, maker: str, opened_at: int) -> str | None:
        """The case of the same person that was decided last before this one opened."""
        if not maker.startswith("person:"):
            return None
        ended = [
            (at, case)
            for case in self.own.get(maker, ())
            if (at := self.decided[case]) is not None and at <= opened_at
        ]
        return max(ended)[1] if ended else None


def of_connection(connection: database.Connection) -> list[Way]:
    """The ways that a world's cases and log tell of."""
    opened, causes = {}, {}
    for row in connection.rows(_TOLD):
        if row["kind"] in ("case.opened", "sample.opened"):
            opened[row["subject"]] = row["operation"]
        else:
            causes[row["operation"]] = row["subject"]
    reading = _Reading()
    for row in connection.rows(_CASES):
        reading.add(row, causes.get(opened.get(row["id"], "")))
    return [Way(began_at=came, steps=tuple(steps)) for came, steps in reading.ways.values()]


# So often a case's luck among equals is drawn anew.
_LOOKS = 3


# -- from ways to a demand ---------------------------------------------------------------------------


def as_they_came(ways: Sequence[Way], seed: int, replication: int) -> Demand:
    """The same cases of the same people at the same times; only how much work each is, is drawn anew."""
    return Demand(list(_tasks(ways, [way.began_at for way in ways], seed, replication)))


def drawn(learned: Learned, scenario: Scenario, people: int, seed: int, replication: int) -> Demand:
    """So many other people: each goes a way of the learned ones and comes when the scenario says.

    Each is drawn from a stream of their own, so that more of them change nothing for the first.
    """
    count = round(people * len(learned.ways) / max(1, learned.people))
    chosen, times = [], []
    everybody = population.Population(seed, scenario.reference)
    curve = personas.Casting(scenario, seed, everybody)
    for person in range(count):
        chance = streams.generator(seed, f"what-if way {replication}", person)
        which, place = chance.random(2).tolist()
        chosen.append(learned.ways[int(which * len(learned.ways))])
        times.append(curve.arrival(place))
    return Demand(list(_tasks(chosen, times, seed, replication)))


def _tasks(
    ways: Sequence[Way], times: Sequence[int], seed: int, replication: int
) -> Iterable[Task]:
    first = 0
    for person, (way, came) in enumerate(zip(ways, times, strict=True)):
        chance = streams.generator(seed, f"what-if work {replication}", person)
        efforts = chance.standard_normal(len(way.steps)).tolist()
        lucks = chance.random((len(way.steps), _LOOKS)).tolist()
        for step, effort, luck in zip(way.steps, efforts, lucks, strict=True):
            yield Task(
                kind=step.kind,
                delay=step.delay + (came if step.follows is None else 0),
                effort=effort,
                luck=tuple(luck),
                follows=None if step.follows is None else first + step.follows,
                apart=step.apart,
                blind=step.blind,
                rejected=step.rejected,
            )
        first += len(way.steps)
