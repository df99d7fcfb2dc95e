"""Moving a demo world's clock forward: whatever is due then happens, once and in order.

Only in a demo world, and only forward: nothing that has lapsed comes to life again.
"""

from __future__ import annotations

from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.staffing import queries as staffing
from engine.staffing.model import Right

LONGEST_MS = 5 * 366 * clock.DAY


class OnlyInDemo(errors.NotPermitted):
    """Only the clock of a demo world can be moved."""


class OnlyForward(errors.InvalidInput):
    """The clock moves forward only, and by five years at most."""


def advance(op: Operation, *, by_ms: int) -> int:
    """Move the clock of a demo world forward; the new shift against the machine's clock.

    Emits: clock.advanced. Raises: OnlyInDemo, OnlyForward, MayNot.
    """
    if op.parts.kind != "demo":
        raise OnlyInDemo()
    staffing.require(op, Right.DEMO, anywhere=True)
    if not 0 < by_ms <= LONGEST_MS:
        raise OnlyForward(field="by_ms")
    found = op.row("SELECT shift_ms FROM clock_shift WHERE id = 'clock'")
    shift = (found["shift_ms"] if found else 0) + by_ms
    op.unlogged(
        "INSERT INTO clock_shift (id, shift_ms) VALUES ('clock', ?)"
        " ON CONFLICT (id) DO UPDATE SET shift_ms = excluded.shift_ms",
        (shift,),
    )
    op.record("clock.advanced", op.parts.world_id, by_ms=by_ms)
    return int(shift)
