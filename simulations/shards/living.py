"""A shard lives: its people come, its reviewers work, time passes, and it leaves its files."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import time
from collections.abc import Callable, Iterator

from engine import boot
from engine.boot import World
from engine.kernel import clock
from simulations import (
    answers,
    callers,
    coverage,
    finance,
    incident_room,
    indicators,
    invariants,
    invoice_office,
    machine_room,
    personas,
    population,
    reviewers,
)
from simulations.environment import Stage, Steps, journey
from simulations.invariants import failing, watching
from simulations.personas import Persona
from simulations.scenario import Scenario
from simulations.shards import boards, leaving, measuring, stores
from simulations.shards.specs import Outcome, Progress, Spec

_SLICE_MS = 6 * clock.HOUR
# So often somebody who watches hears of a shard, and sees its board anew, in seconds of this machine.
_TELL_EVERY_S = 0.3
_BOARD_EVERY_S = 1.0
_EVENTS_BETWEEN_LOOKS = 32


def run_shard(spec: Spec, tell: Callable[[Progress], None] = lambda progress: None) -> Outcome:
    """Run one shard and write its files; `tell` hears of progress and may raise `Stopped`.

    The only way a shard is computed, whoever does it: here, in a process of a pool, on another machine.
    """
    scenario = spec.scenario
    wall, cpu = time.perf_counter(), time.process_time()
    with stores.opened(spec) as db, contextlib.ExitStack() as end:
        world = boot.memory_world(
            seed=spec.world_seed,
            start=scenario.start_ms,
            world_id=spec.world_id,
            db=db,
        )
        end.callback(_forget, world)
        stage, crowd = set_up(world, scenario, spec.seed, spec.journey, spec.indices())
        staff = open_doors(stage, population.Population(spec.seed, scenario.reference))
        watcher = _Watcher(spec, stage, crowd, staff, tell)
        watch = watching.Watch(stage, spec.check)
        recorder = coverage.Recorder(stage.world, stage.faults)
        end.callback(recorder.close)
        for now in watch.through(advance(stage, scenario.end_ms)):
            watcher.look(now)
        stage.close()
        findings = watch.ended()
        watcher.look(scenario.end_ms)
        outcome = _left(spec, world, stage, crowd, findings)
        outcome.more.update(coverage=recorder.reached(), failure=failing.told(spec, watch))
    return dataclasses.replace(
        outcome,
        seconds=round(time.perf_counter() - wall, 3),
        cpu_seconds=round(time.process_time() - cpu, 3),
        peak_mb=measuring.peak_mb(),
    )


# The name of old.
compute = run_shard


def _forget(world: World) -> None:
    world.close()
    boot.worlds.pop(world.id, None)


def open_doors(stage: Stage, everybody: population.Population) -> reviewers.Desk:
    """Everybody who works for the platform is hired and begins to work; the reviewers' desk."""
    until = stage.scenario.end_ms
    roster = reviewers.hire(stage, everybody)
    desk = reviewers.open_desk(stage, roster, until)
    finance.open_books(stage, roster, until)
    invoice_office.open_office(stage, roster, until)
    machine_room.plug_in(stage)
    incident_room.open_room(stage, roster)
    callers.open_line(stage, callers.hire(stage, everybody), until)
    return desk


class _Watcher:
    """Tells whoever watches: seldom enough to cost nothing, and with the board now and then."""

    def __init__(
        self,
        spec: Spec,
        stage: Stage,
        crowd: Crowd,
        desk: reviewers.Desk,
        tell: Callable[[Progress], None],
    ) -> None:
        self._spec, self._stage, self._crowd, self._desk = spec, stage, crowd, desk
        self._tell = tell
        self._due = self._board_due = 0.0

    def look(self, now_ms: int) -> None:
        """Tell where the shard is, if it is time to.

        Raises: Stopped, where the listener says so.
        """
        moment, end = time.perf_counter(), self._stage.scenario.end_ms
        if moment < self._due and now_ms < end:
            return
        self._due = moment + _TELL_EVERY_S
        told = dataclasses.replace(
            self._crowd.progress(self._spec.shard, now_ms, end), replication=self._spec.replication
        )
        if moment >= self._board_due or now_ms >= end:
            self._board_due = moment + _BOARD_EVERY_S
            board = boards.seen(self._spec, self._stage, self._crowd, self._desk)
            told = dataclasses.replace(told, board=board)
        self._tell(told)


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
        self.stage.moved(persona.index, "arrived")
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
    """Let time pass up to an instant; yields the present after each slice of it.

    A slice ends after some hours, or when somebody has waited long enough in front of this machine: where
    it ends changes nothing of what happens.
    """
    looked = time.perf_counter()
    while stage.now_ms < until_ms:
        slice_end = min(until_ms, stage.now_ms + _SLICE_MS)
        while stage.env.peek() < slice_end:
            for _ in range(_EVENTS_BETWEEN_LOOKS):
                if stage.env.peek() >= slice_end:
                    break
                stage.env.step()
            if time.perf_counter() - looked > _TELL_EVERY_S:
                yield stage.now_ms
                looked = time.perf_counter()
        stage.env.run(until=slice_end)
        yield stage.now_ms
        looked = time.perf_counter()


def _left(
    spec: Spec, world: World, stage: Stage, crowd: Crowd, findings: list[invariants.Finding]
) -> Outcome:
    spec.out.mkdir(parents=True, exist_ok=True)
    with world.engine.parts.db.read() as connection:
        events = leaving.write_events(connection, spec.out / leaving.events_name(spec.shard))
        waiting = connection.rows(
            "SELECT COUNT(*) AS n FROM review_case WHERE decided_at IS NULL"
            " AND status <> 'withdrawn'"
        )
        tally = indicators.of_shard(
            connection,
            spec.scenario,
            stage.now_ms,
            rows=stage.answers.rows,
            counts=stage.counts,
            faults=stage.faults_told(),
        )
    digest = leaving.write_database(world, spec.out / leaving.world_name(spec.shard))
    answers.write(stage.answers.rows, spec.out / leaving.answers_name(spec.shard))
    return Outcome(
        shard=spec.shard,
        replication=spec.replication,
        digest=digest,
        people=len(crowd.cast),
        finished=crowd.finished,
        actions=stage.actions,
        events=events,
        open_cases=int(waiting[0]["n"]),
        counts=dict(sorted(stage.counts.items())),
        findings=findings,
        more={"answers": answers.summary(stage.answers.rows), "indicators": tally},
    )
