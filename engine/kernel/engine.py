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
    codec,
    database,
    errors,
    events,
    gathering,
    replies,
)
from engine.kernel.marks import SECOND_FACTOR_MS as SECOND_FACTOR_MS
from engine.kernel.marks import SecondFactorNeeded as SecondFactorNeeded
from engine.kernel.marks import StepUpNeeded as StepUpNeeded
from engine.kernel.marks import look_only as look_only
from engine.kernel.marks import prepared_by as prepared_by
from engine.kernel.marks import require_person as require_person
from engine.kernel.marks import require_second_factor as require_second_factor
from engine.kernel.marks import require_session
from engine.kernel.marks import require_step_up as require_step_up
from engine.kernel.marks import second_factor as second_factor
from engine.kernel.marks import step_up as step_up
from engine.kernel.marks import unstored as unstored
from engine.kernel.operation import Operation
from engine.kernel.reader import Parts, Reader
from engine.kernel.replies import KeyReused as KeyReused
from engine.kernel.replies import name_of as name_of

T = TypeVar("T")
A = ParamSpec("A")
_NOWHERE = actors.Source()
_RETRIES = 20


def _told(outcome: T | errors.EngineError) -> T:
    if isinstance(outcome, errors.EngineError):
        raise outcome
    return outcome


def _anyhow(q: Reader) -> None:
    """No condition."""


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

        Raises: whatever the action raises, and what `attempt` raises.
        """
        return _told(self.attempt(action, arguments, actor=actor, key=key, source=source).outcome)

    def attempt(
        self,
        action: Callable[..., T],
        arguments: Mapping[str, Any],
        *,
        actor: actors.Actor,
        key: str | None = None,
        source: actors.Source = _NOWHERE,
        provided: Callable[[Reader], None] = _anyhow,
    ) -> attempts.Done[T]:
        """As `perform`; a refusal that is kept is returned, and whether it is a repetition is said.

        `provided` looks at the world within the operation and refuses where it is not as the caller knew
        it. A repetition of what was done already is told again whatever happened since.

        Raises: what the action refuses and nobody keeps; what `provided` raises; KeyReused;
        SecondFactorNeeded; StepUpNeeded; DatabaseBusy; ReadOnlyWorld, whatever it is, in a world that is
        only looked at.
        """
        if self.parts.db.frozen:
            # Before anybody is asked for a code, and before any long work.
            raise database.ReadOnlyWorld()
        try:
            outcome, seq = self._perform(action, arguments, actor, key, source, provided)
        except errors.EngineError as refusal:
            attempts.tell(self.watchers, action, actor, arguments, 0, refusal)
            raise
        if self.watchers:
            attempts.tell(self.watchers, action, actor, arguments, seq, outcome)
        return attempts.Done(outcome=outcome, seq=seq)

    def _perform(
        self,
        action: Callable[..., T],
        arguments: Mapping[str, Any],
        actor: actors.Actor,
        key: str | None,
        source: actors.Source,
        provided: Callable[[Reader], None],
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
                require_session(q, action)
                given["prepared"] = prepare(q, **arguments)
        for attempt in range(_RETRIES):
            try:
                outcome, seq = self._writes.do(
                    lambda connection: self._once(
                        connection,
                        action,
                        given,
                        actor,
                        key,
                        digest,
                        draw,
                        machine_ms,
                        source,
                        provided,
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
        provided: Callable[[Reader], None],
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
        require_session(op, action)
        provided(op)
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
