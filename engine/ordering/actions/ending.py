"""Taking an order back."""

from __future__ import annotations

from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.ordering import model, money, progress, queries
from engine.reviewing import actions as reviewing


@second_factor
def cancel(op: Operation, *, order_id: str) -> model.Order:
    """Take an order back before its certificate is ready; what was paid goes back.

    Emits: order.cancelled, case.withdrawn, payment.refunding.
    """
    order = queries.own(op, order_id)
    order = progress.move(op, order, "cancel", "order.cancelled", {}, ended_at=op.now)
    reviewing.withdraw(op, subject_id=order.id)
    money.start_refund(op, order.id)
    progress.tell(op, order, "order.cancelled")
    return order
