"""Writes that wait for their turn share a transaction: one synchronization of the disk for all of them.

SQLite has one writer at a time, and a commit waits for the disk. While one thread's act is written, those
of others queue; whoever comes next writes all that wait, each within a savepoint of its own, and commits
once. Nobody is told of their act before that commit, so it is as durable as alone: killed before it, none
of them happened; killed after it, all. A refused act is undone alone. Where anything else goes wrong, the
whole transaction is undone, and each of them is tried again by itself. An act that is alone is written
exactly as if nothing of this were here.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable
from typing import Any, TypeVar

from engine.kernel import database, errors

R = TypeVar("R")
# So many acts in one transaction: nobody waits long for the others'.
MOST = 32


class _Act:
    """What one thread wants written, and what came of it."""

    __slots__ = ("alone", "done", "problem", "value", "work")

    def __init__(self, work: Callable[[database.Connection], Any]) -> None:
        self.work = work
        self.done = False
        # It was in a transaction that failed as a whole: from now on it has one of its own.
        self.alone = False
        self.value: Any = None
        self.problem: errors.EngineError | None = None

    def among_others(self, connection: database.Connection) -> None:
        connection.run("SAVEPOINT act")
        try:
            self.value = self.work(connection)
        except errors.EngineError as refusal:
            connection.run("ROLLBACK TO act")
            self.problem = refusal
        connection.run("RELEASE act")

    def undone(self) -> None:
        self.alone, self.value, self.problem = True, None, None


class Writes:
    """The write transactions of an engine over its database."""

    def __init__(self, db: database.Database) -> None:
        self._db = db
        self._waiting: deque[_Act] = deque()
        self._turn = threading.Lock()

    def do(self, work: Callable[[database.Connection], R]) -> R:
        """What `work` returns, once it is committed; it may be called again after it was undone.

        Raises: what `work` raises, DatabaseBusy.
        """
        if not self._db.gathers:
            with self._db.write() as connection:
                return work(connection)
        act = _Act(work)
        self._waiting.append(act)
        self._await_turn(act)
        try:
            while not act.done:
                self._lead(act)
        finally:
            self._turn.release()
        if act.problem is not None:
            raise act.problem
        value: R = act.value
        return value

    def _await_turn(self, act: _Act) -> None:
        if self._turn.acquire(timeout=database.BUSY_S):
            return
        if self._withdrawn(act):
            raise database.DatabaseBusy()
        # Somebody is writing it just now: what comes of it has to be known.
        self._turn.acquire()

    def _withdrawn(self, act: _Act) -> bool:
        with contextlib.suppress(ValueError):
            self._waiting.remove(act)
            return True
        return False

    def _lead(self, act: _Act) -> None:
        """Write all that wait, `act` among them as a rule; the caller has the turn."""
        batch: list[_Act] = []
        try:
            with self._db.write() as connection:
                # Not before the database is ours: those who came while it was not are in time.
                batch = [act] if act.alone else self._next()
                if len(batch) == 1:
                    batch[0].value = batch[0].work(connection)
                else:
                    for one in batch:
                        one.among_others(connection)
        except BaseException as problem:
            self._withdrawn(act)
            if batch in ([], [act]) or not isinstance(problem, Exception):
                for one in batch:
                    one.undone()
                raise
            for one in (*batch, act):
                one.undone()
            return
        for one in batch:
            one.done = True

    def _next(self) -> list[_Act]:
        found: list[_Act] = []
        while self._waiting and len(found) < MOST:
            found.append(self._waiting.popleft())
        return found
