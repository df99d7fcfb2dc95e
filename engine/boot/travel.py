"""Moving a demo world's clock forward: whatever is due then happens, once and in order.

The clock does not jump over what is due: it walks from one instant to the next, and the worker does at
each what is due there. Only in a demo world, and only forward: nothing that has lapsed comes to life again.
"""

from __future__ import annotations

from collections.abc import Iterator

from engine import worker
from engine.boot import deadlines
from engine.boot.world import World
from engine.kernel import actors, clock, errors
from engine.kernel.deadlines import Due
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.staffing.actions import sessions

LONGEST_MS = 5 * 366 * clock.DAY
OnlyInDemo = deadlines.OnlyInDemo


class OnlyForward(errors.InvalidInput):
    """The clock moves forward only, and by five years at most."""


def move(op: Operation, *, to_ms: int) -> int:
    """Move the clock of a demo world to an instant; by how much it moved (0 where that has passed).

    To an instant and not by a span, so that two who move it at once do not move it twice. Who moves it
    stays signed in; everybody else's sessions lapse as in all that time.
    Emits: clock.advanced. Raises: OnlyInDemo, OnlyForward, MayNot.
    """
    deadlines.require_mover(op)
    if to_ms - op.now > LONGEST_MS:
        raise OnlyForward(field="to_ms")
    by_ms = to_ms - op.now
    if by_ms <= 0:
        return 0
    op.unlogged(
        "INSERT INTO clock_shift (id, shift_ms) VALUES ('clock', ?)"
        " ON CONFLICT (id) DO UPDATE SET shift_ms = clock_shift.shift_ms + excluded.shift_ms",
        (by_ms,),
    )
    sessions.move_along(op, by_ms=by_ms)
    op.record("clock.advanced", op.parts.world_id, by_ms=by_ms)
    return by_ms


def walk(
    world: World, *, until_ms: int, actor: actors.Actor, owner: str = "clock"
) -> Iterator[int]:
    """Move the clock up to an instant, by way of all that is due; each instant that was reached.

    Nothing where that instant has passed: a second click finds the clock there. Whoever stops asking leaves
    the clock where it stands: what was due by then has happened.
    Raises: OnlyInDemo, OnlyForward, MayNot.
    """
    seen = world.engine.ask(_begin, actor, until_ms)
    _do_due(world, owner)
    while seen < until_ms:
        # The machine's clock runs on too: what came due since the last look is found by this one.
        upcoming = next_act(world, seen, until_ms)
        to_ms = until_ms if upcoming is None else upcoming
        world.engine.perform(move, {"to_ms": to_ms}, actor=actor)
        seen = world.engine.now()
        _do_due(world, owner)
        yield seen


def go(world: World, *, by_ms: int, actor: actors.Actor) -> int:
    """Walk forward by a span; the instant that was reached. Raises: as `walk`."""
    if by_ms <= 0:
        raise OnlyForward(field="by_ms")
    now = world.engine.now()
    for reached in walk(world, until_ms=now + by_ms, actor=actor):
        now = reached
    return now


def _begin(q: Reader, until_ms: int) -> int:
    deadlines.require_mover(q)
    if until_ms - q.now > LONGEST_MS:
        raise OnlyForward(field="until_ms")
    return q.now


def next_act(world: World, after: int, until_ms: int) -> int | None:
    """When the platform or an outside party does something next, after one instant and up to another."""
    found = [due for due in [world.next_due(after)] if due is not None and due <= until_ms]
    found += [one.at for one in world.engine.ask(_acts, _SYSTEM, after, until_ms)]
    return min(found, default=None)


_SYSTEM = actors.System(job="clock")
_ACTS = tuple(one for one in deadlines.DEADLINES if one.kind in deadlines.ACTED)


def _acts(q: Reader, after: int, until: int) -> list[Due]:
    return [
        Due(at, one.kind, subject) for one in _ACTS for at, subject in one.between(q, after, until)
    ]


def _do_due(world: World, owner: str) -> None:
    """Have done what is due by now: jobs and notices, and what the platform does at its instant."""
    worker.settle(world, owner=owner)
    now = world.engine.now()
    for one in world.engine.ask(_acts, _SYSTEM, -1, now):
        if one.kind == deadlines.LISTS:
            world.authorities.published(one.subject)
