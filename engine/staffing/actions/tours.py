"""Being shown around the console: once, at the first start, and never again unasked."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.staffing import queries


def end_tour(op: Operation) -> None:
    """Note that one was shown around, or did not want to be. A second time changes nothing.

    Emits: staff.toured. Raises: queries.MayNot.
    """
    if not queries.toured(op):
        op.record("staff.toured", queries.my_profile(op).id)
