"""The way of a case or a person through a run's log, operation by operation.

A way begins with an id: an account, an order, a review case, whatever the log names. What is written with a
reference to something of the way belongs to it from then on, and so does what is done by or to such a
thing. Everything is read out of the log that the run has left.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from engine.kernel import actors, errors
from simulations import opening, personas, population, shards
from simulations.shards import Spec

_ID = re.compile(r"[a-z]{2,4}_[0-9a-v]{26}")
_COLUMNS = ["seq", "occurred_at", "operation", "actor", "action", "kind", "subject", "body"]
_SETUP = actors.System(job="setup")
# Who belongs to an enterprise goes its way too.
_BELONGING = ("enterprise_claim", "membership")
# A review is part of the way of what is reviewed.
_REVIEWS = "review_case"


class CaseNotInRun(errors.NotFound):
    """Nothing in the log of the run “{run}” is called {case}."""


class PersonNotFound(errors.NotFound):
    """Person {person} of the run “{run}” has no account by the number they came with: they never registered, or closed it, or changed the number. Name the account instead."""  # noqa: E501


class StepUnknown(errors.InvalidInput):
    """This way has {steps} steps; there is no step {step}."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact of a step, as the log holds it: ids and codes, nothing personal."""

    kind: str
    subject: str
    facts: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation of a way; `first` and `last` are the numbers of its facts in the log."""

    number: int
    operation: str
    first: int
    last: int
    at_ms: int
    actor: str
    action: str
    facts: tuple[Fact, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """Everything that happened to something, in a shard of a run."""

    run: str
    start: str
    spec: Spec
    things: frozenset[str]
    steps: tuple[Step, ...]

    def step(self, number: int | None) -> Step:
        """A step by its number, from 1; the last one where none is given.

        Raises: StepUnknown.
        """
        found = len(self.steps) if number is None else number
        if not 1 <= found <= len(self.steps):
            raise StepUnknown(field="step", steps=len(self.steps), step=found)
        return self.steps[found - 1]


def way(folder: Path, *, case: str = "", person: int | None = None, replication: int = 0) -> Way:
    """The way of a case (any id of the log) or of a person by their index in the run in a folder.

    Raises: NoRun, PlanWrong, NothingKept, CaseNotInRun, PersonNotFound.
    """
    if person is not None:
        spec = _shard_of(folder, person, replication)
        start = _account_of(folder, spec, person)
    else:
        spec, start = _holding(folder, case, replication), case
    things, steps = _followed(spec, start)
    return Way(
        run=folder.name,
        start=start,
        spec=spec,
        things=frozenset(things),
        steps=tuple(steps),
    )


def _shard_of(folder: Path, person: int, replication: int) -> Spec:
    first = opening.spec_of(folder, 0, replication)
    if not 0 <= person < first.people:
        raise PersonNotFound(what="person", run=folder.name, person=person)
    return opening.spec_of(folder, person % first.scenario.shards, replication)


def _account_of(folder: Path, spec: Spec, person: int) -> str:
    everybody = population.Population(spec.seed, spec.scenario.reference)
    persona = personas.Casting(spec.scenario, spec.seed, everybody).persona(person)
    world = opening.open_read_only(folder, spec.shard, spec.replication)
    found = world.engine.ask(lambda q: q.find("account.phone", persona.person.phone), _SETUP)
    if not found:
        raise PersonNotFound(what="person", run=folder.name, person=person)
    return str(found[0])


def _holding(folder: Path, case: str, replication: int) -> Spec:
    """The shard whose log names a case; ids of different shards are never the same."""
    if _ID.fullmatch(case):
        for number, shard in opening.shards_of(folder):
            if number != replication:
                continue
            world = opening.open_read_only(folder, shard, replication)
            with world.engine.parts.db.read() as connection:
                if connection.rows("SELECT 1 AS x FROM event WHERE subject = ? LIMIT 1", (case,)):
                    return opening.spec_of(folder, shard, replication)
    raise CaseNotInRun(what="case", run=folder.name, case=case[:64])


def log_of(spec: Spec) -> Iterator[dict[str, Any]]:
    """The log that a shard has left, oldest first."""
    file = pq.ParquetFile(spec.out / shards.events_name(spec.shard))
    for batch in file.iter_batches(batch_size=5_000, columns=_COLUMNS):
        yield from batch.to_pylist()


@dataclass
class _Things:
    """What belongs to a way so far."""

    known: set[str] = field(default_factory=set)

    def concerns(self, row: dict[str, Any]) -> bool:
        """Whether an event is of the way; what it writes with a reference to it joins it."""
        if self.known.isdisjoint(_ID.findall(row["body"])):
            return row["subject"] in self.known or self._acts(row["actor"])
        written = json.loads(row["body"])["rows"]
        found = row["subject"] in self.known or self._acts(row["actor"])
        for table, row_id, values in written:
            named = _named(values)
            if row_id in self.known or not self.known.isdisjoint(named):
                found = True
                self.known.add(row_id)
                if table in _BELONGING and "enterprise_id" in (values or {}):
                    self.known.add(values["enterprise_id"])
        return found

    def _acts(self, actor: str) -> bool:
        return actor.partition(":")[2] in self.known


def _named(values: dict[str, Any] | None) -> set[str]:
    """The ids that a row refers to."""
    return {
        value
        for name, value in (values or {}).items()
        if isinstance(value, str) and name != "id" and _ID.fullmatch(value)
    }


def _followed(spec: Spec, start: str) -> tuple[set[str], list[Step]]:
    things = _Things({start} | _reviewed(spec, start))
    spans: dict[str, list[int]] = {}
    kept: dict[str, list[dict[str, Any]]] = {}
    for row in log_of(spec):
        # Of a whole operation, also of what in it concerns others.
        spans.setdefault(row["operation"], [row["seq"], row["seq"]])[1] = row["seq"]
        if things.concerns(row):
            kept.setdefault(row["operation"], []).append(row)
    return things.known, [
        _step(number, rows, spans[operation])
        for number, (operation, rows) in enumerate(kept.items(), start=1)
    ]


def _reviewed(spec: Spec, start: str) -> set[str]:
    """What a review case is about: its way is the case's."""
    if not start.startswith("cas_"):
        return set()
    for row in log_of(spec):
        if start in row["body"]:
            for table, row_id, values in json.loads(row["body"])["rows"]:
                if (table, row_id) == (_REVIEWS, start):
                    return {values["subject_id"]}
    return set()


def _step(number: int, rows: list[dict[str, Any]], span: list[int]) -> Step:
    first = rows[0]
    return Step(
        number=number,
        operation=first["operation"],
        first=span[0],
        last=span[1],
        at_ms=first["occurred_at"],
        actor=first["actor"],
        action=first["action"],
        facts=tuple(
            Fact(kind=row["kind"], subject=row["subject"], facts=json.loads(row["body"])["facts"])
            for row in rows
        ),
    )
