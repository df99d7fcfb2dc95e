"""A shard once more, up to a step, and what proves that it was the same shard.

The re-run is made as the run was and ends inside it: after the operation of a step, or before it, where
that operation is undone at its very commit. The log so far must then be the run's, byte for byte. The
world is left in a folder that opens like a run's.
"""

from __future__ import annotations

import contextlib
import dataclasses
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from engine import boot
from engine.boot import World
from engine.kernel import database, errors, events
from engine.kernel.attempts import Attempt
from simulations import opening, population, shards
from simulations.replaying import traces
from simulations.replaying.traces import Deed, Refused
from simulations.replaying.ways import Step, Way, way
from simulations.runs import plan as plans
from simulations.shards import Spec, leaving, living

PLACE = "replays"
_BATCH = 2_000


class Differs(errors.Conflict):
    """Played again, the run “{run}” went another way at event {seq}: it was made by other code, or something in it is not repeatable."""  # noqa: E501


class Halted(BaseException):
    """The step has been reached: nothing more is written. Nobody on the stage may catch it."""


class HaltingDatabase(database.SqliteDatabase):
    """A database in memory that is written to up to an event of the log.

    `before`: the operation that would write that event is undone; else it is the last one.
    """

    def __init__(self, seq: int, *, before: bool) -> None:
        super().__init__(None)
        self._seq, self._before = seq, before
        # A world is made before its run begins.
        self.armed = self.reached = False

    @contextlib.contextmanager
    def write(self) -> Iterator[database.Connection]:
        """A write transaction, until the event is reached.

        Raises: Halted.
        """
        if self.reached:
            raise Halted
        with super().write() as connection:
            yield connection
            here = self.armed and events.head(connection).seq >= self._seq
            if here and self._before:
                self.reached = True
                raise Halted
        # The operation goes on to its own end; the next one does not begin.
        self.reached = here


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """A way as it was played again: up to which step, what was done and refused, and where its world is."""

    way: Way
    step: Step
    before: bool
    events: int
    deeds: dict[int, Deed]
    refused: tuple[Refused, ...]
    folder: Path

    @property
    def steps(self) -> tuple[Step, ...]:
        """The steps that have happened in the world that is left."""
        return self.way.steps[: self.step.number - self.before]

    def world(self) -> World:
        """The world as it was at that step, to look at."""
        spec = self.way.spec
        return opening.open_read_only(self.folder, spec.shard, spec.replication)


def replay(
    folder: Path,
    *,
    case: str = "",
    person: int | None = None,
    step: int | None = None,
    before: bool = False,
    replication: int = 0,
    out: Path | None = None,
    tell: Callable[[float], None] = lambda share: None,
) -> Replayed:
    """Play the shard of a case or person again up to one step of their way (the last, where none is named).

    `tell` hears how far it is. Raises: NoRun, PlanWrong, NothingKept, CaseNotInRun, PersonNotFound,
    StepUnknown, Differs.
    """
    found = way(folder, case=case, person=person, replication=replication)
    wanted = found.step(step)
    place = out or folder / PLACE / f"{found.start}-{wanted.number}{'-before' if before else ''}"
    seq = wanted.first if before else wanted.last
    heard = _Heard(found)
    with _lived(found.spec, seq, before=before, heard=heard, tell=tell) as world:
        count = _same_log(world, found)
        _leave(world, folder, found.spec, place)
    done = Replayed(
        way=found,
        step=wanted,
        before=before,
        events=count,
        deeds=heard.deeds,
        refused=tuple(heard.refused),
        folder=place,
    )
    draft = place / "trace.json.new"
    draft.write_text(json.dumps(as_json(done), ensure_ascii=False, indent=2) + "\n", "utf-8")
    os.replace(draft, place / "trace.json")
    return done


class _Heard:
    """What a way's people did and were refused, as the engine told of it."""

    def __init__(self, found: Way) -> None:
        self.deeds: dict[int, Deed] = {}
        self.refused: list[Refused] = []
        self._things = found.things
        self._steps = {step.last: step for step in found.steps}
        self._by_action = {(step.last, step.action): step.number for step in found.steps}
        self.world: World | None = None

    def hear(self, attempt: Attempt) -> None:
        """Take note of an attempt, where it is of the way."""
        number = self._by_action.get((attempt.seq, attempt.action))
        if number is not None:
            # The first that ends there did it: one that changes nothing ends there as well.
            self.deeds.setdefault(number, traces.deed_of(attempt))
        elif attempt.refusal is not None and self._is_ours(attempt):
            self._refused(attempt, attempt.refusal)

    def _is_ours(self, attempt: Attempt) -> bool:
        return attempt.actor.partition(":")[2] in self._things or not self._things.isdisjoint(
            traces.ids_in(attempt.arguments)
        )

    def _refused(self, attempt: Attempt, refusal: errors.EngineError) -> None:
        if self.world is None:
            return
        engine = self.world.engine
        with engine.parts.db.read() as connection:
            newest = events.head(connection).seq
        self.refused.append(
            Refused(
                action=attempt.action,
                actor=attempt.actor,
                after=newest,
                at_ms=engine.now(),
                code=refusal.code,
                arguments=traces.plain(attempt.arguments),
            )
        )


@contextlib.contextmanager
def _lived(
    spec: Spec, seq: int, *, before: bool, heard: _Heard, tell: Callable[[float], None]
) -> Iterator[World]:
    """The shard's world at the event, made as the shard was made."""
    db = HaltingDatabase(seq, before=before)
    scenario = spec.scenario
    world = boot.memory_world(
        seed=spec.world_seed, start=scenario.start_ms, world_id=spec.world_id, db=db
    )
    heard.world, db.armed = world, True
    try:
        with contextlib.suppress(Halted):
            stage, crowd = living.set_up(world, scenario, spec.seed, spec.journey, spec.indices())
            for engine in {id(one.engine): one.engine for one in (world, stage.world)}.values():
                engine.watchers.append(heard.hear)
            living.open_doors(stage, population.Population(spec.seed, scenario.reference))
            for now in living.advance(stage, scenario.end_ms):
                tell(crowd.progress(spec.shard, now, scenario.end_ms).share)
                if db.reached:
                    break
        yield world
    finally:
        world.close()
        boot.worlds.pop(world.id, None)


def _same_log(world: World, found: Way) -> int:
    """How many events the log has, all of which are the run's.

    Raises: Differs.
    """
    spec, after = found.spec, 0
    file = pq.ParquetFile(spec.out / shards.events_name(spec.shard))
    with world.engine.parts.db.read() as connection:
        last = events.head(connection).seq
        for batch in file.iter_batches(batch_size=_BATCH):
            theirs = [row for row in batch.to_pylist() if row["seq"] <= last]
            ours = connection.rows(
                "SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?", (after, len(theirs))
            )
            for mine, kept in zip(ours, theirs, strict=False):
                if _bytes(mine) != _bytes(kept):
                    raise Differs(run=found.run, seq=int(kept["seq"]))
            after += len(theirs)
    if after < last:
        raise Differs(run=found.run, seq=after + 1)
    return last


def _bytes(row: dict[str, Any]) -> dict[str, Any]:
    return {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in row.items()
    }


def _leave(world: World, folder: Path, spec: Spec, place: Path) -> None:
    """The world in a folder of its own, with the plan that says how to open it."""
    where = plans.place(place, spec.replication)
    where.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(folder / "plan.json", place / "plan.json")
    leaving.write_database(world, where / leaving.world_name(spec.shard))


def as_json(done: Replayed) -> dict[str, Any]:
    """The trace as a file: the steps with what was done, and what was refused between them."""
    return {
        "run": done.way.run,
        "start": done.way.start,
        "shard": done.way.spec.shard,
        "replication": done.way.spec.replication,
        "step": done.step.number,
        "before": done.before,
        "events": done.events,
        "steps": [
            {
                **dataclasses.asdict(step),
                "arguments": done.deeds[step.number].arguments
                if step.number in done.deeds
                else None,
            }
            for step in done.steps
        ],
        "refused": [dataclasses.asdict(one) for one in done.refused],
    }
