"""Closing a payment that never came, because its order ended."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.ordering import model
from engine.ordering.money import posting


def close(op: Operation, payment: model.Payment) -> None:
    """An order ended before it was paid: nothing is owed, and the provider takes no money for it.

    Emits: payment.closed.
    """
    status = model.PAYMENT.advance(payment.status, "close")
    op.update("payment", payment.id, {"status": status}, was={"status": payment.status})
    if payment.revenue:
        fen = payment.amount_fen
        lines = ((payment.revenue, fen), (model.RECEIVABLE, -fen))
        posting.post(op, "payment.closed", payment.id, lines, order_id=payment.order_id)
    if payment.status is model.PaymentStatus.OPENED:
        op.enqueue("close_payment", payment.id)
    op.record("payment.closed", payment.id, order_id=payment.order_id)
