"""Looking after certificates from time to time, whatever the age of the world."""

from __future__ import annotations

from engine.issuing import store
from engine.kernel.operation import Operation
from engine.ordering import actions as ordering
from engine.ordering import model as orders

_AT_ONCE = 500


def look_after_certificates(op: Operation) -> int:
    """See to the notices of certificates that were taken into use before there were any; how many.

    Each is told on its CA's next day of notice and at its end (CRT-3). Once there is a job for it nothing
    more happens, however often this comes. Tries at PINs that have ended are forgotten beside it.
    """
    op.require_system()
    store.forget_tries(op)
    lacking = store.without_reminder(op, _AT_ONCE)
    for one in lacking:
        held = op.parts.holding(op, one.id)
        if held is not None:
            ordering.schedule(op, op.get(orders.Order, "certificate_order", one.order_id), held)
    return len(lacking)
