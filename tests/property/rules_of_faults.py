"""What goes wrong around the engine, as rules of the state machine (`security.md` 5).

Replies that get lost after the commit, and clients that ask again with the same key; notices that come once
more and in another order; a worker that is killed between its operations; a clock that is set back; a disk
that fills up, fails at a commit, or is busy. They strike where `simulations.faults` lets them strike, by
hand here instead of by a run's seed.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import rule

from engine import worker
from engine.boot import World
from engine.kernel import actors, clock, database, errors, events, replies
from simulations.faults.disk import FailingDatabase

DISK = ("database_busy", "disk_full", "commit_failed")
FAILED = (database.DatabaseBusy, database.StorageFailed)


class Armed:
    """The injector of the machine: a site strikes the next time it is asked, if it was armed."""

    def __init__(self) -> None:
        self.armed: set[str] = set()
        self.fired: dict[str, int] = {}

    def strikes(self, site: str, _key: str) -> bool:
        """Whether a site fires now, which it does once."""
        if site not in self.armed:
            return False
        self.armed.discard(site)
        self.fired[site] = self.fired.get(site, 0) + 1
        return True

    def spared(self, site: str) -> None:
        """What it did had no effect: it strikes at the next write."""
        self.fired[site] -= 1
        self.armed.add(site)


class Killed(BaseException):
    """The worker is no more: nothing of the engine may catch this."""


def failing(db: database.Database, armed: Armed) -> database.Database:
    """A database whose disk fails when the machine says so."""
    found: Any = FailingDatabase(db, armed)  # type: ignore[arg-type]
    return found


class Witness:
    """What was performed in a world: each action with how it ended, and the notices that came."""

    def __init__(self, world: World) -> None:
        self._engine, self._perform = world.engine, world.engine.perform
        self.done: dict[str, int] = {}
        # Action → codes of its refusals, and how often each.
        self.refused: dict[str, dict[str, int]] = {}
        self.notices: list[tuple[Callable[..., Any], dict[str, Any], actors.Actor]] = []
        # So many of the next replies get lost.
        self.unheard = self.asked_again = 0
        # Whether whoever acts has just proved a second factor, as far as they are signed in.
        self.confirmed = False
        self._engine.perform = self  # type: ignore[method-assign, assignment]

    def __call__(self, action: Callable[..., Any], arguments: Any, **given: Any) -> Any:
        """Perform, and perform once more with the same key where the reply got lost."""
        name = replies.name_of(action)
        actor = given["actor"]
        if self.confirmed and isinstance(actor, actors.Person | actors.Staff):
            given["actor"] = dataclasses.replace(actor, second_factor_at=self._engine.now())
        if name in ("ordering.receive_callback", "registration.receive_transfer"):
            self.notices.append((action, dict(arguments), given["actor"]))
        before = self._head()
        try:
            told = self._perform(action, arguments, **given)
        except FAILED:
            assert self._head() == before, f"{name} failed and left something"
            raise
        except errors.EngineError as refusal:
            codes = self.refused.setdefault(name, {})
            codes[refusal.code] = codes.get(refusal.code, 0) + 1
            if refusal.commits:
                self._ask_again(action, arguments, given, refusal)
            raise
        self.done[name] = self.done.get(name, 0) + 1
        self._ask_again(action, arguments, given, told)
        return told

    def _ask_again(
        self, action: Callable[..., Any], arguments: Any, given: dict[str, Any], told: Any
    ) -> None:
        """What a client that heard nothing gets with the same key is what it would have been told."""
        if self.unheard <= 0 or given.get("key") is None or getattr(action, "unstored", False):
            return
        self.unheard, self.asked_again = self.unheard - 1, self.asked_again + 1
        before = self._head()
        try:
            again = self._perform(action, arguments, **given)
        except errors.EngineError as refusal:
            again = refusal
        assert self._head() == before, f"{replies.name_of(action)} happened twice under one key"
        if isinstance(told, errors.EngineError):
            assert (type(again), str(again)) == (type(told), str(told))
        else:
            assert again == told, f"{replies.name_of(action)} is told otherwise the second time"

    def _head(self) -> events.Head:
        with self._engine.parts.db.read() as connection:
            return events.head(connection)


class FaultRules:
    """Rules over `world`, `clock`, `armed` and `witness` of the machine that mixes them in."""

    world: World
    clock: Any
    armed: Armed
    witness: Witness

    def _attempt(self, act: Any) -> bool:
        raise AssertionError("the machine attempts")

    @rule(count=st.integers(1, 5))
    def replies_get_lost(self, count: int) -> None:
        """The next replies are lost after the commit, and whoever asked asks again."""
        self.witness.unheard += count

    @rule(site=st.sampled_from(DISK))
    def the_disk_fails(self, site: str) -> None:
        """The next write finds the disk full, busy or broken."""
        self.armed.armed.add(site)

    @rule(seconds=st.sampled_from((1, 61, 3_600, 7_200)))
    def the_clock_is_set_back(self, seconds: int) -> None:
        """The server's clock shows an earlier time from now on."""
        # A manual clock goes forward alone; this one is set wrong by hand.
        self.clock._now_ms -= seconds * clock.SECOND

    @rule(last=st.integers(1, 6), backwards=st.booleans())
    def notices_come_again(self, last: int, backwards: bool) -> None:
        """The newest notices come once more, as requests of their own, perhaps in another order."""
        found = self.witness.notices[-last:]
        for number, (action, arguments, actor) in enumerate(
            reversed(found) if backwards else found
        ):
            key = f"again-{len(self.witness.notices)}-{number}"
            with contextlib.suppress(errors.EngineError, *FAILED):
                self.world.engine.perform(action, arguments, actor=actor, key=key)

    @rule(commits=st.integers(1, 4))
    def the_worker_is_killed(self, commits: int) -> None:
        """After so many commits the worker dies; its lease runs out, and another one goes on."""
        left = [commits]

        def kill(_seq: int) -> None:
            left[0] -= 1
            if left[0] <= 0:
                raise Killed

        self.world.engine.listeners.append(kill)
        try:
            with contextlib.suppress(*FAILED):
                worker.tick(self.world, owner="dies")
        except Killed:
            self.armed.fired["worker_killed"] = self.armed.fired.get("worker_killed", 0) + 1
        finally:
            self.world.engine.listeners.remove(kill)
