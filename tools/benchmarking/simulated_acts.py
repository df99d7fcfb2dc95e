"""What the people of a simulation have the engine do, noted call by call, to be done again.

A small population lives through its scenario once. Each call of `Engine.perform` is noted with its
arguments, the instant, the chance that it drew and what was prepared for it before its transaction
(typesetting and pictures, which would measure themselves). Done again on a copy of the world as it was
before anybody came, the calls write the very same log.
"""

from __future__ import annotations

import contextlib
import copy
import dataclasses
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

from engine import boot
from engine.kernel import actors, clock, database, errors, events
from engine.kernel.engine import Engine
from simulations import population, scenario, shards
from simulations.shards import living


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of `Engine.perform`, with what it met."""

    action: Callable[..., Any]
    arguments: Mapping[str, Any]
    actor: actors.Actor
    key: str | None
    source: actors.Source
    seed: bytes
    machine_ms: int
    prepared: Any
    # A refusal that is not remembered leaves nothing, and takes its time all the same.
    refused: bool

    def on(self, engine: Engine) -> None:
        """Make it happen."""
        parts = engine.parts
        assert isinstance(parts.clock, clock.ManualClock)
        assert isinstance(parts.entropy, Drawn)
        parts.clock.set(self.machine_ms)
        parts.entropy.next = self.seed
        with contextlib.suppress(errors.EngineError), _ready(self):
            engine.perform(
                self.action, self.arguments, actor=self.actor, key=self.key, source=self.source
            )


def _ready(call: Call) -> contextlib.AbstractContextManager[Any]:
    """What was prepared for a call is there at once."""
    if getattr(call.action, "prepare", None) is None:
        return contextlib.nullcontext()
    return _Prepared(call)


class _Prepared:
    def __init__(self, call: Call) -> None:
        self._call = call
        self._prepare = call.action.prepare  # type: ignore[attr-defined]

    def __enter__(self) -> None:
        self._call.action.prepare = lambda q, **given: self._call.prepared  # type: ignore[attr-defined]

    def __exit__(self, *_: object) -> None:
        self._call.action.prepare = self._prepare  # type: ignore[attr-defined]


@dataclass
class Drawn:
    """Chance that was drawn before."""

    next: bytes = b""

    def __call__(self, count: int) -> bytes:
        """The bytes that the call drew."""
        assert len(self.next) == count
        return self.next


@dataclass
class Ground:
    """The world before anybody came, and the calls of those who came then."""

    file: scenario.Scenario
    people: int
    seed: int = 7
    calls: list[Call] = field(default_factory=list)
    log: str = ""
    _start: database.SqliteDatabase = field(init=False)
    _world: boot.World = field(init=False)

    def play(self) -> tuple[list[Call], dict[str, int]]:
        """Let them live; the calls, and how often each action is among them."""
        world = boot.memory_world(seed=self.seed, start=self.file.start_ms, world_id="bench")
        self._world, self._start = world, database.SqliteDatabase(None)
        _copy(world.engine.parts.db, self._start)
        with _noting(self.calls):
            stage, _ = shards.set_up(
                world, self.file, self.seed, shards.JOURNEY, range(self.people)
            )
            living.open_doors(stage, population.Population(self.seed, self.file.reference))
            for _ in shards.advance(stage, self.file.end_ms):
                continue
            stage.close()
        self.log = head_of(world.engine)
        counts = Counter(call.action.__name__ for call in self.calls)
        return self.calls, dict(counts.most_common())

    def copy(self, db: database.SqliteDatabase) -> Engine:
        """An engine over a copy of the world before anybody came."""
        _copy(self._start, db)
        parts = self._world.engine.parts
        return Engine(
            dataclasses.replace(
                parts, db=db, entropy=Drawn(), clock=clock.ManualClock(self.file.start_ms)
            )
        )


def _copy(source: database.Database, target: database.SqliteDatabase) -> None:
    with source.read() as full, target.read() as empty:
        empty.raw.execute("ROLLBACK")  # type: ignore[attr-defined]
        full.raw.backup(empty.raw)  # type: ignore[attr-defined]
        empty.raw.execute("BEGIN")  # type: ignore[attr-defined]


def head_of(engine: Engine) -> str:
    """The head of the log: the same, when every event is."""
    with engine.parts.db.read() as connection:
        head = events.head(connection)
    return f"{head.seq} {head.mac.hex()}"


@contextlib.contextmanager
def _noting(calls: list[Call]) -> Iterator[None]:
    """Note each call that comes from outside the engine."""
    perform = Engine.perform

    def noted(
        engine: Engine,
        action: Callable[..., Any],
        arguments: Mapping[str, Any],
        *,
        actor: actors.Actor,
        key: str | None = None,
        source: actors.Source = actors.Source(),
    ) -> Any:
        seed = copy.deepcopy(engine.parts.entropy)(32)
        machine_ms, prepared = engine.parts.clock.now_ms(), []
        refused = False
        prepare = getattr(action, "prepare", None)
        if prepare is not None:

            def kept(*values: Any, **named: Any) -> Any:
                prepared.append(prepare(*values, **named))
                return prepared[-1]

            action.prepare = kept  # type: ignore[attr-defined]
        try:
            return perform(engine, action, arguments, actor=actor, key=key, source=source)
        except errors.EngineError:
            refused = True
            raise
        finally:
            if prepare is not None:
                action.prepare = prepare  # type: ignore[attr-defined]
            calls.append(
                Call(
                    action=action,
                    arguments=dict(arguments),
                    actor=actor,
                    key=key,
                    source=source,
                    seed=seed,
                    machine_ms=machine_ms,
                    prepared=prepared[-1] if prepared else None,
                    refused=refused,
                )
            )

    with mock.patch.object(Engine, "perform", noted):
        yield
