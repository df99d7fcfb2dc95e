"""An engine whose callers are cut off: replies lost after the commit, requests that come twice, kills.

A client that hears nothing tries again with the same key, as ours do. What it is told then must be what it
was told, or would have been told, the first time. A worker that is killed says nothing at all: whatever
it had in hand is found again when its lease has run out.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

from engine.kernel import actors, clock, database, errors, replies
from engine.kernel.engine import Engine
from engine.kernel.reader import Parts
from simulations.faults.acknowledged import Ledger
from simulations.faults.injector import Injector
from simulations.faults.parties import Later

T = TypeVar("T")
_MOST_TRIES = 8
# A request that comes once more does so within the hour, well before its reply is forgotten.
_AGAIN_WITHIN_MS = clock.HOUR
_NOWHERE = actors.Source()


class WorkerKilled(BaseException):
    """The worker is no more; nothing of it may catch this."""


class UnheardEngine(Engine):
    """The engine of a run with faults. `ledger` holds what its callers were told."""

    def __init__(self, heard_as: Engine, parts: Parts, faults: Injector, later: Later) -> None:
        super().__init__(parts)
        # Whoever listens to the one hears of the other's acts.
        self.listeners, self.watchers = heard_as.listeners, heard_as.watchers
        self.ledger = Ledger()
        self._faults = faults
        self._later = later
        self._working = False
        self._unnamed = 0
        # The newest event, and whether the act in hand wrote it.
        self._newest, self._wrote = self._head(), False
        self.listeners.append(self._committed)

    def _committed(self, seq: int) -> None:
        # A replay comes with no sequence number, and an act may have had nothing to write.
        self._wrote = seq > self._newest
        self._newest = max(self._newest, seq)

    @contextlib.contextmanager
    def as_worker(self) -> Iterator[None]:
        """Within, whoever acts is the worker, which can be killed."""
        self._working = True
        try:
            yield
        finally:
            self._working = False

    def perform(
        self,
        action: Callable[..., T],
        arguments: Mapping[str, Any],
        *,
        actor: actors.Actor,
        key: str | None = None,
        source: actors.Source = _NOWHERE,
    ) -> T:
        """Make `action` happen, whatever happens to whoever asked.

        Raises: whatever the action raises; WorkerKilled.
        """
        name = replies.name_of(action)
        if key is None and not self._working:
            # Every page and phone of ours makes a key for what it does.
            self._unnamed += 1
            key = f"unnamed-{self._unnamed}"
        place = f"{actor.text}|{name}|{key}"

        def ask() -> T:
            return self._answered(name, action, arguments, actor=actor, key=key, source=source)

        if self._working:
            return self._by_worker(place, ask)
        answer = self._patiently(ask)
        if getattr(action, "unstored", False):
            # Shown once and kept nowhere: asked again it is done again, and said so.
            return answer
        if self._faults.strikes("reply_lost", place):
            answer = self._patiently(ask)
        if self._faults.strikes("request_doubled", place):
            delay = self._faults.draw("request_doubled", f"{place}|by") * _AGAIN_WITHIN_MS
            self._later(clock.SECOND + int(delay), lambda: self._to_nobody(ask))
        return answer

    def _by_worker(self, place: str, ask: Callable[[], T]) -> T:
        if self._faults.strikes("worker_killed_before", place):
            raise WorkerKilled
        answer = ask()
        if self._faults.strikes("worker_killed_after", place):
            raise WorkerKilled
        return answer

    def _answered(
        self,
        name: str,
        action: Callable[..., T],
        arguments: Mapping[str, Any],
        *,
        actor: actors.Actor,
        key: str | None,
        source: actors.Source,
    ) -> T:
        """One request that is answered. What it was told is kept; a refusal, where that was committed."""
        kept = "" if key is None or getattr(action, "unstored", False) else key
        self._wrote = False
        try:
            answer: T = super().perform(action, arguments, actor=actor, key=key, source=source)
        except errors.EngineError as refusal:
            if refusal.commits:
                self._told(actor, name, kept, refusal)
            elif not self._asked_anew(refusal):
                self.ledger.refused(actor.text, name, kept, refusal.code)
            raise
        self._told(actor, name, kept, answer)
        if self._wrote and isinstance(arguments.get("request_id"), str):
            self.ledger.spent(arguments["request_id"])
        return answer

    def _asked_anew(self, refusal: errors.EngineError) -> bool:
        """Whether a refusal is none of the act's own.

        Nobody was reached, or a party answered a second worker otherwise than the first, whose record
        stands.
        """
        nobody = isinstance(refusal, errors.ProviderUnavailable)
        return nobody or (self._working and isinstance(refusal, replies.KeyReused))

    def _told(self, actor: actors.Actor, name: str, key: str, answer: object) -> None:
        self.ledger.told(actor.text, name, key, self._newest if self._wrote else 0, answer)

    def _patiently(self, ask: Callable[[], T]) -> T:
        """Ask until the database answers; what failed must have left nothing behind."""
        for _ in range(_MOST_TRIES):
            before = self._head()
            try:
                return ask()
            except (database.DatabaseBusy, database.StorageFailed) as failed:
                if self._head() != before:
                    self.ledger.left_behind.append(f"{failed.code} after event {before}")
        return ask()

    def _head(self) -> int:
        with self.parts.db.read() as connection:
            return int(connection.rows("SELECT COALESCE(MAX(seq), 0) AS seq FROM event")[0]["seq"])

    def _to_nobody(self, ask: Callable[[], object]) -> None:
        """A late copy of a request: whoever sent it has had its answer, so only the ledger hears it."""
        with contextlib.suppress(errors.EngineError):
            self._patiently(ask)
