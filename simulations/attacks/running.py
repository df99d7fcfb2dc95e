"""Running an attack: who is needed is made, each try is made at its door, and what came of it is judged.

The verdict is never assumed. It follows from what came back, from the facts that the log got, and from the
rows that were written: all of the very acts of this try, whatever else goes on in the world meanwhile.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from engine.boot import World
from engine.kernel import attempts, errors, events, ids
from simulations.attacks import catalog
from simulations.states import going, ways
from simulations.states.scene import Scene

Act = Callable[[Scene], object]


class OnlyInDemo(errors.NotPermitted):
    """Attacks are tried in demo and run worlds only; this one is real."""


class NoSuchAttack(errors.NotFound):
    """There is no attack of this name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """How an attack is done: its tries by name, its twin, and what is made ready for both."""

    tries: Mapping[str, Act]
    twin: Act
    ready: Act = lambda scene: None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact that a try has left in the log."""

    seq: int
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What became of a try: what came back (None: it went through), facts, and tables that were written."""

    of: catalog.Try
    refusal: errors.EngineError | None
    facts: tuple[Fact, ...]
    written: frozenset[str]

    @property
    def problem(self) -> str:
        """Why it does not count as refused: empty where it was, as it should be."""
        if self.refusal is None:
            return "went_through"
        if self.refusal.code != self.of.refusal:
            return "other_refusal"
        if self.written - set(self.of.writes):
            return "wrote"
        kinds = {one.kind for one in self.facts}
        return "unrecorded" if self.of.fact and self.of.fact not in kinds else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """An attack that was run."""

    attack: catalog.Attack
    tried: tuple[Tried, ...]

    @property
    def refused(self) -> bool:
        """Whether every try was refused as it should be."""
        return not any(one.problem for one in self.tried)


class Hall:
    """Where one attack is run, with its people where it begins. `seed` draws them; 0 takes new ones.

    Raises: OnlyInDemo, NoSuchAttack, and what making its people raises.
    """

    def __init__(self, world: World, attack_id: str, doing: Mapping[str, Doing], seed: int) -> None:
        if world.kind == "production":
            raise OnlyInDemo()
        found = catalog.shipped().get(attack_id)
        if found is None:
            raise NoSuchAttack(what="attack")
        self.attack, self._doing = found, doing[attack_id]
        self.scene = Scene(world, seed=seed or int.from_bytes(ids.system_entropy(6), "big"))
        going.go(self.scene, ways.book(), found.way)
        if found.attacker:
            going.go(self.scene, ways.book(), found.attacker, "other")
        self._doing.ready(self.scene)

    def tried(self) -> Iterator[Tried]:
        """Make each try, one after the other."""
        for one in self.attack.tries:
            yield self._tried(one)

    def twin(self) -> None:
        """Do the same without the attack.

        Raises: whatever the engine refuses.
        """
        self._doing.twin(self.scene)

    def _tried(self, one: catalog.Try) -> Tried:
        world, refusal = self.scene.world, None
        with world.engine.parts.db.read() as connection:
            before = events.head(connection).seq
        with _listening(world) as heard:
            try:
                self._doing.tries[one.id](self.scene)
            except errors.EngineError as found:
                refusal = found
        left = [event for attempt in heard for event in _left(world, attempt, before)]
        self.scene.a_moment()
        return Tried(
            of=one,
            refusal=refusal,
            facts=tuple(Fact(seq=event.seq, kind=event.kind) for event in left),
            written=frozenset(table for event in left for table, _, _ in event.changes),
        )


@contextlib.contextmanager
def _listening(world: World) -> Iterator[list[attempts.Attempt]]:
    """Everything that this thread does at the engine meanwhile."""
    heard: list[attempts.Attempt] = []
    here = threading.get_ident()

    def hear(attempt: attempts.Attempt) -> None:
        if threading.get_ident() == here:
            heard.append(attempt)

    world.engine.watchers.append(hear)
    try:
        yield heard
    finally:
        world.engine.watchers.remove(hear)


def _left(world: World, attempt: attempts.Attempt, before: int) -> list[events.Event]:
    """What an attempt has recorded; one that recorded nothing names a fact that is not its own."""
    if attempt.seq <= before:
        return []
    with world.engine.parts.db.read() as connection:
        (last,) = events.read(connection, after=attempt.seq - 1, limit=1)
        if (last.action, last.actor) != (attempt.action, attempt.actor):
            return []
        return events.of_operation(connection, last.operation)
