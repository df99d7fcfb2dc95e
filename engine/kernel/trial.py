"""Trying acts without doing them: the very same code, in a transaction that is undone.

What somebody is told before they act is then what the act itself would say, by the same rules and on the
same data. Nothing of it stays: no row, no fact, no job, no reply, and nobody is told. Chance is a stream of
its own, so that what comes after is not changed by how often somebody tried.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from engine.kernel import actors, database, errors, events
from engine.kernel.engine import Engine, clock_of
from engine.kernel.operation import Operation
from engine.kernel.reader import Parts

_log = logging.getLogger(__name__)
T = TypeVar("T")
# So many in one transaction: other writers wait for these alone.
AT_ONCE = 20
_TRIES = 20


class _Undo(Exception):
    """Ends a transaction of which nothing is to stay."""


def rehearse(
    engine: Engine, works: Sequence[Callable[[Operation], T]], *, name: str, actor: actors.Actor
) -> list[T | Exception]:
    """What each of these would return or raise, each by itself as things are now; `name` is the action's.

    The session's second factor is not asked for: it is when the act is done. Raises: DatabaseBusy.
    """
    outcomes: list[T | Exception] = []
    for first in range(0, len(works), AT_ONCE):
        outcomes += _undone(engine, works[first : first + AT_ONCE], name, actor)
    return outcomes


def _undone(
    engine: Engine, works: Sequence[Callable[[Operation], T]], name: str, actor: actors.Actor
) -> list[T | Exception]:
    found: list[T | Exception] = []
    for _ in range(_TRIES):
        try:
            with engine.parts.db.write() as connection:
                found = [_once(engine, connection, work, name, actor) for work in works]
                raise _Undo
        except _Undo:
            return found
        except database.Unserializable:
            continue
    raise database.DatabaseBusy()


def inside(
    op: Operation, work: Callable[[Operation], T], *, name: str, actor: actors.Actor
) -> T | Exception:
    """What one of these would return or raise as things are within an operation, of which nothing stays.

    Raises: ProviderUnavailable, Unserializable.
    """
    return _tried(op.parts, op.connection, op.now, op.head, work, name, actor)


def _once(
    engine: Engine,
    connection: database.Connection,
    work: Callable[[Operation], T],
    name: str,
    actor: actors.Actor,
) -> T | Exception:
    head = events.head(connection)
    now = max(clock_of(engine.parts, connection), head.occurred_at)
    return _tried(engine.parts, connection, now, head, work, name, actor)


def _tried(
    parts: Parts,
    connection: database.Connection,
    now: int,
    head: events.Head,
    work: Callable[[Operation], T],
    name: str,
    actor: actors.Actor,
) -> T | Exception:
    op = Operation(
        parts,
        connection,
        now,
        actor,
        action=name,
        draw=lambda: b"trial",
        head=head,
        source=actors.Source(),
    )
    connection.run("SAVEPOINT trial")
    try:
        outcome = work(op)
        op.settle()
    except errors.ProviderUnavailable:
        # The database itself was not reached: this says nothing of the act.
        raise
    except errors.EngineError as refusal:
        return refusal
    except Exception as bug:
        if database.lost_race(bug):
            raise
        # The act itself would end so: its name is what can be told.
        _log.exception("trial of %s", name)
        return bug
    else:
        return outcome
    finally:
        connection.run("ROLLBACK TO trial")
        connection.run("RELEASE trial")
