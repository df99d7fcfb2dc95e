"""One shard of a run: its own world in memory, its own people and reviewers, its files.

A shard is a function of (scenario, people, seed, shard) alone, so that who computes it, where and
beside whom changes nothing. Shards never share a queue of cases (`simulation.md` 5).
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from engine import boot
from engine.boot import World
from engine.kernel import clock, database
from simulations import (
    callers,
    digests,
    finance,
    invariants,
    invoice_office,
    personas,
    population,
    reviewers,
)
from simulations.environment import Stage, Steps, journey
from simulations.personas import Persona
from simulations.scenario import Scenario

JOURNEY = "simulations.journeys:enterprise_journey"
_SLICE_MS = 6 * clock.HOUR
_EVENTS = pa.schema(
    [
        ("seq", pa.int64()),
        ("occurred_at", pa.int64()),
        ("operation", pa.string()),
        ("actor", pa.string()),
        ("action", pa.string()),
        ("kind", pa.string()),
        ("version", pa.int64()),
        ("subject", pa.string()),
        ("body", pa.string()),
        ("previous", pa.binary()),
        ("mac", pa.binary()),
    ]
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """What a shard is computed from."""

    scenario: Scenario
    people: int
    seed: int
    shard: int
    out: Path
    journey: str = JOURNEY

    def indices(self) -> range:
        """The people of this shard: every so many-th of all."""
        return range(self.shard, self.people, self.scenario.shards)


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a shard is."""

    shard: int
    arrived: int
    finished: int
    actions: int
    now_ms: int
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a shard."""

    shard: int
    digest: str
    people: int
    finished: int
    actions: int
    events: int
    open_cases: int
    counts: dict[str, int]
    findings: list[invariants.Finding]


class Stopped(Exception):
    """Somebody asked for the run to stop."""


def compute(spec: Spec, tell: Callable[[Progress], None]) -> Outcome:
    """Run one shard and write its files; `tell` hears of progress and may raise `Stopped`."""
    scenario = spec.scenario
    start = scenario.start_ms
    world = boot.memory_world(
        seed=_world_seed(spec), start=start, world_id=f"{scenario.name}-{spec.shard}"
    )
    try:
        stage, crowd = set_up(world, scenario, spec.seed, spec.journey, spec.indices())
        everybody = population.Population(spec.seed, scenario.reference)
        roster = reviewers.hire(stage, everybody)
        reviewers.open_desk(stage, roster, scenario.end_ms)
        finance.open_books(stage, roster, scenario.end_ms)
        invoice_office.open_office(stage, roster, scenario.end_ms)
        callers.open_line(stage, callers.hire(stage, everybody), scenario.end_ms)
        for now in advance(stage, scenario.end_ms):
            tell(crowd.progress(spec.shard, now, scenario.end_ms))
        stage.close()
        findings = invariants.check(world)
        return _written(spec, world, stage, crowd, findings)
    finally:
        world.close()
        boot.worlds.pop(world.id, None)


def _world_seed(spec: Spec) -> int:
    # Keys and ids of one shard say nothing about another's.
    return spec.seed * 1_000_003 + spec.shard


class Crowd:
    """The people of a shard: who has come, and who is done."""

    def __init__(self, stage: Stage, cast: list[Persona], enterprise_journey: Callable[..., Steps]):
        self.stage = stage
        self.cast = cast
        self.arrived = 0
        self.finished = 0
        self._journey = enterprise_journey
        for persona in cast:
            stage.env.process(self._come(persona))

    def _come(self, persona: Persona) -> Steps:
        yield self.stage.wait_until(persona.arrives_at)
        self.arrived += 1
        yield from journey(self.stage, self._journey(self.stage, persona))
        self.finished += 1

    def progress(self, shard: int, now_ms: int, until_ms: int) -> Progress:
        """How far they are on their way to `until_ms`."""
        start_ms = self.stage.scenario.start_ms
        return Progress(
            shard=shard,
            arrived=self.arrived,
            finished=self.finished,
            actions=self.stage.actions,
            now_ms=now_ms,
            share=min(1.0, (now_ms - start_ms) / max(1, until_ms - start_ms)),
        )


def set_up(
    world: World, scenario: Scenario, seed: int, journey_name: str, indices: range
) -> tuple[Stage, Crowd]:
    """A stage over a world with a manual clock, and the people who will come."""
    the_clock = world.engine.parts.clock
    if not isinstance(the_clock, clock.ManualClock):
        raise TypeError("a run needs a world with a manual clock")
    stage = Stage(world, the_clock, scenario, seed)
    casting = personas.Casting(scenario, seed, population.Population(seed, scenario.reference))
    module, _, name = journey_name.partition(":")
    steps: Callable[..., Steps] = getattr(importlib.import_module(module), name)
    return stage, Crowd(stage, [casting.persona(index) for index in indices], steps)


def advance(stage: Stage, until_ms: int) -> Iterator[int]:
    """Let time pass up to an instant; yields the present after each slice of it."""
    while stage.now_ms < until_ms:
        stage.env.run(until=min(until_ms, stage.now_ms + _SLICE_MS))
        yield stage.now_ms


def _written(
    spec: Spec, world: World, stage: Stage, crowd: Crowd, findings: list[invariants.Finding]
) -> Outcome:
    spec.out.mkdir(parents=True, exist_ok=True)
    with world.engine.parts.db.read() as connection:
        events = _write_events(connection, spec.out / f"events-{spec.shard}.parquet")
        waiting = connection.rows(
            "SELECT COUNT(*) AS n FROM review_case WHERE decided_at IS NULL"
            " AND status <> 'withdrawn'"
        )
    _write_database(world, spec.out / f"world-{spec.shard}.sqlite3")
    return Outcome(
        shard=spec.shard,
        digest=digests.of_world(world),
        people=len(crowd.cast),
        finished=crowd.finished,
        actions=stage.actions,
        events=events,
        open_cases=int(waiting[0]["n"]),
        counts=dict(sorted(stage.counts.items())),
        findings=findings,
    )


def _write_events(connection: database.Connection, path: Path) -> int:
    draft, after, count = path.with_suffix(".new"), 0, 0
    with pq.ParquetWriter(draft, _EVENTS, compression="zstd") as writer:
        while rows := connection.rows(
            "SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT 20000", (after,)
        ):
            writer.write_table(pa.Table.from_pylist(rows, schema=_EVENTS))
            after, count = rows[-1]["seq"], count + len(rows)
    os.replace(draft, path)
    return count


def _write_database(world: World, path: Path) -> None:
    db = world.engine.parts.db
    if isinstance(db, database.SqliteDatabase):
        draft = path.with_suffix(".new")
        draft.unlink(missing_ok=True)
        db.backup_to(draft)
        os.replace(draft, path)


def as_json(outcome: Outcome) -> dict[str, Any]:
    """An outcome as the manifest keeps it (its findings are in the report)."""
    return {
        name: getattr(outcome, name)
        for name in (
            "shard",
            "digest",
            "people",
            "finished",
            "actions",
            "events",
            "open_cases",
            "counts",
        )
    }
