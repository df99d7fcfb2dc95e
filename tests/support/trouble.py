"""Rehearsed trouble in a demo world: somebody on their way when it begins, and what came of it."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator

from engine import worker
from engine.boot import World, travel
from engine.kernel import clock, events
from engine.rehearsing import actions
from engine.rehearsing.model import Kind, Trouble
from simulations.states import going, ways
from simulations.states.scene import Scene
from tests.support import clocked, worlds
from tests.support.clocked import MOVER


class Rehearsal:
    """A scene in a demo world whose clock the test moves."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.world: World = scene.world
        self.after = self._head()

    def _head(self) -> int:
        with self.world.engine.parts.db.read() as connection:
            return events.head(connection).seq

    def trouble(self, party: str, kind: Kind, minutes: int = 10) -> Trouble:
        """Have a party be in trouble; what is counted begins here."""
        given = {"party": party, "kind": kind, "minutes": minutes}
        found: Trouble = self.world.engine.perform(actions.begin, given, actor=MOVER)
        self.after = self._head()
        return found

    def act(self, *lines: str) -> None:
        """Steps in the words of `data/states`, done by the scene's people."""
        for line in lines:
            step = ways.read(line)
            going.do(self.scene, step, step.who, "me")

    def later(self, minutes: float) -> None:
        """Let time pass; what falls due meanwhile happens."""
        until = self.world.engine.now() + int(minutes * clock.MINUTE)
        for _ in travel.walk(self.world, until_ms=until, actor=MOVER):
            pass
        worker.tick(self.world, owner="test")

    def facts(self) -> Counter[str]:
        """What was recorded since the trouble began, by kind."""
        return Counter(one.kind for one in self._log())

    def subjects(self, kind: str) -> Counter[str]:
        """To what a fact of this kind was recorded since, and how often."""
        return Counter(one.subject for one in self._log() if one.kind == kind)

    def _log(self) -> list[events.Event]:
        with self.world.engine.parts.db.read() as connection:
            return events.read(connection, after=self.after)

    def stuck(self) -> set[str]:
        """The kinds of jobs that wait for a human."""
        found = worlds.rows(self.world, "SELECT kind FROM job WHERE status = 'stuck'")
        return {str(row["kind"]) for row in found}


@contextlib.contextmanager
def at(place: str = "", seed: int = 1) -> Iterator[Rehearsal]:
    """Somebody who has come to a place of `data/states`, in a world of their own."""
    with clocked.copied(()) as world:
        scene = Scene(world, seed=seed)
        if place:
            going.go(scene, ways.book(), place)
        yield Rehearsal(scene)
