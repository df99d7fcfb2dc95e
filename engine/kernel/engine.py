"""`Engine.perform`: the one door through which anything changes, and `Engine.ask` for questions.

`perform` makes an action happen at most once per (actor, action, key): a replay returns the stored
result, the same key with other arguments is refused. It retries a serialization failure with the same
instant, ids and entropy, so that a retry is the same act and not a second one.
"""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Concatenate, ParamSpec, TypeVar

from engine.kernel import (
    actors,
    attempts,
    clock,
    codec,
    database,
    errors,
    events,
    gathering,
    replies,
)
from engine.kernel.operation import Operation
from engine.kernel.reader import Parts, Reader
from engine.kernel.replies import KeyReused as KeyReused
from engine.kernel.replies import name_of as name_of

T = TypeVar("T")
A = ParamSpec("A")
F = TypeVar("F", bound=Callable[..., Any])
_NOWHERE = actors.Source()
_RETRIES = 20


SECOND_FACTOR_MS = 5 * clock.MINUTE


class SecondFactorNeeded(errors.NotPermitted):
    """Confirm that it is you first: enter a code sent to your phone number."""


class StepUpNeeded(errors.NotPermitted):
    """Confirm that it is you first: enter a code from your authenticator app."""


def step_up(action: F) -> F:
    """Mark an act that cannot be undone: staff need a second factor at most 5 minutes old (S-AUTH-3)."""
    action.step_up = True  # type: ignore[attr-defined]
    return action


def _proved_lately(q: Reader, proved_at: int | None) -> bool:
    return proved_at is not None and q.now - proved_at < SECOND_FACTOR_MS


def require_step_up(q: Reader) -> None:
    """Refuse a member of staff whose session has not proved a second factor in the last 5 minutes.

    Raises: StepUpNeeded.
    """
    if isinstance(q.actor, actors.Staff) and not _proved_lately(q, q.actor.second_factor_at):
        raise StepUpNeeded()


def second_factor(action: F) -> F:
    """Mark an action that a person's session may do only within 5 minutes of a second factor (AUTH-3)."""
    action.second_factor = True  # type: ignore[attr-defined]
    return action


def look_only(action: F) -> F:
    """Mark an action that a person may do whose session never proved a second factor.

    Whoever has the password alone may look, confirm who they are, leave, and stop harm; nothing else.
    """
    action.look_only = True  # type: ignore[attr-defined]
    return action


def unstored(action: F) -> F:
    """Mark an action whose result is shown once and never kept for a replay: a personal value in the clear.

    Asked twice with one key it is done twice, and each time is a fact of its own.
    """
    action.unstored = True  # type: ignore[attr-defined]
    return action


def require_second_factor(q: Reader) -> None:
    """Refuse a person whose session has not proved a second factor in the last 5 minutes (AUTH-3).

    Raises: SecondFactorNeeded.
    """
    if isinstance(q.actor, actors.Person) and not _proved_lately(q, q.actor.second_factor_at):
        raise SecondFactorNeeded()


def _require_session(q: Reader, action: Callable[..., Any]) -> None:
    if getattr(action, "second_factor", False):
        require_second_factor(q)
    if getattr(action, "step_up", False):
        require_step_up(q)
    looks = isinstance(q.actor, actors.Person) and q.actor.second_factor_at is None
    if looks and not getattr(action, "look_only", False):
        raise SecondFactorNeeded()


def prepared_by(prepare: Callable[..., Any]) -> Callable[[F], F]:
    """Mark an action whose long work (hashing, typesetting) is done before its transaction.

    `prepare(q, **arguments)` runs on a snapshot; what it returns is given to the action as `prepared`.
    It does not run for a replay, nor for a session that may not do the action.
    """

    def mark(action: F) -> F:
        action.prepare = prepare  # type: ignore[attr-defined]
        return action

    return mark


def _told(outcome: T | errors.EngineError) -> T:
    if isinstance(outcome, errors.EngineError):
        raise outcome
    return outcome


def clock_of(parts: Parts, connection: database.Connection, machine_ms: int | None = None) -> int:
    """What the world's clock shows, also when it was set back behind the newest event."""
    shown = parts.clock.now_ms() if machine_ms is None else machine_ms
    if parts.kind == "demo":
        shift = connection.rows("SELECT shift_ms FROM clock_shift WHERE id = 'clock'")
        shown += shift[0]["shift_ms"] if shift else 0
    return shown


class Engine:
    """A world's engine: performs actions and answers questions."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._writes = gathering.Writes(parts.db)
        # Called with (operation id, facts) after a commit: live screens listen here.
        self.listeners: list[Callable[[int], None]] = []
        # Called with every attempt, the refused ones too: a replay follows by these what somebody did.
        self.watchers: list[attempts.Watcher] = []
        # (version of the database, shift of the clock, newest event's instant), as they were read last.
        self._shown: tuple[int | None, int, int] = (None, 0, 0)

    def now(self) -> int:
        """The world's present instant, in UTC milliseconds."""
        return self.moment()[1]

    def moment(self) -> tuple[int | None, int]:
        """The database's version, and the present instant; read anew where something was written since."""
        version = self.parts.db.version()
        known, shift, at_least = self._shown
        if version is None or version != known:
            with self.parts.db.read() as connection:
                shift = clock_of(self.parts, connection, 0)
                at_least = events.head(connection).occurred_at
            self._shown = (version, shift, at_least)
        return version, max(self.parts.clock.now_ms() + shift, at_least)

    def _now(
        self, connection: database.Connection, head: events.Head, machine_ms: int | None = None
    ) -> int:
        return max(clock_of(self.parts, connection, machine_ms), head.occurred_at)

    @contextlib.contextmanager
    def reader(self, actor: actors.Actor) -> Iterator[Reader]:
        """One snapshot to ask several questions of."""
        with self.parts.db.read() as connection:
            now = self._now(connection, events.head(connection))
            yield Reader(self.parts, connection, now, actor)

    def ask(
        self,
        query: Callable[Concatenate[Any, A], T],
        actor: actors.Actor,
        *args: A.args,
        **kwargs: A.kwargs,
    ) -> T:
        """The answer to one question, as `actor` may see it."""
        with self.reader(actor) as q:
            return query(q, *args, **kwargs)

    def perform(
        self,
        action: Callable[..., T],
        arguments: Mapping[str, Any],
        *,
        actor: actors.Actor,
        key: str | None = None,
        source: actors.Source = _NOWHERE,
    ) -> T:
        """Make `action` happen in one operation and return what it returns.

        Raises: whatever the action raises; KeyReused; SecondFactorNeeded; StepUpNeeded; DatabaseBusy;
        ReadOnlyWorld, whatever it is, in a world that is only looked at.
        """
        if self.parts.db.frozen:
            # Before anybody is asked for a code, and before any long work.
            raise database.ReadOnlyWorld()
        try:
            outcome, seq = self._perform(action, arguments, actor, key, source)
        except errors.EngineError as refusal:
            attempts.tell(self.watchers, action, actor, arguments, 0, refusal)
            raise
        if self.watchers:
            attempts.tell(self.watchers, action, actor, arguments, seq, outcome)
        return _told(outcome)

    def _perform(
        self,
        action: Callable[..., T],
        arguments: Mapping[str, Any],
        actor: actors.Actor,
        key: str | None,
        source: actors.Source,
    ) -> tuple[T | errors.EngineError, int]:
        machine_ms = self.parts.clock.now_ms()
        # Drawn once for all tries, in the writer's turn: in the log's own order.
        draw = functools.cache(functools.partial(self.parts.entropy, 32))
        # Keyed, because arguments may hold a password or a code.
        digest = self.parts.keyring.mac("replies", codec.canonical(arguments).encode())
        given = dict(arguments)
        outcome: T | errors.EngineError
        if (prepare := getattr(action, "prepare", None)) is not None:
            with self.reader(actor) as q:
                stored = replies.stored(self.parts, q.connection, action, actor, key, digest)
                if stored is not None:
                    return stored[0], 0
                # Refused here before the long work, and in the transaction once more.
                _require_session(q, action)
                given["prepared"] = prepare(q, **arguments)
        for attempt in range(_RETRIES):
            try:
                outcome, seq = self._writes.do(
                    lambda connection: self._once(
                        connection, action, given, actor, key, digest, draw, machine_ms, source
                    )
                )
                break
            except database.Unserializable:
                if attempt == _RETRIES - 1:
                    raise database.DatabaseBusy() from None
        for listener in self.listeners:
            listener(seq)
        return outcome, seq

    def _once(
        self,
        connection: database.Connection,
        action: Callable[..., T],
        arguments: Mapping[str, Any],
        actor: actors.Actor,
        key: str | None,
        digest: bytes,
        draw: Callable[[], bytes],
        machine_ms: int,
        source: actors.Source,
    ) -> tuple[T | errors.EngineError, int]:
        stored = replies.stored(self.parts, connection, action, actor, key, digest)
        if stored is not None:
            return stored[0], 0
        head = events.head(connection)
        op = Operation(
            self.parts,
            connection,
            self._now(connection, head, machine_ms),
            actor,
            action=replies.name_of(action),
            draw=draw,
            head=head,
            source=source,
        )
        _require_session(op, action)
        outcome: T | errors.EngineError
        try:
            outcome = action(op, **arguments)
        except errors.EngineError as refusal:
            if not refusal.commits:
                raise
            outcome = refusal
        op.settle()
        if key is not None and not getattr(action, "unstored", False):
            replies.store(op, key, digest, outcome)
        return outcome, op.head.seq
