"""Whose order a payment is for: a certificate order, or one that a stage above takes money for."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.ordering import model, progress


def payable(q: Reader, order_id: str) -> notes.Payable | None:
    """How the stage of an order takes its payment; None for a certificate order."""
    return q.parts.payables.get(order_id.partition("_")[0])


def paid(op: Operation, order_id: str) -> bool:
    """The order's payment came in: it moves on. False when it waited for none.

    Emits: order.paid, service_order.paid and what follows.
    """
    kind = payable(op, order_id)
    return kind.paid(op, order_id) if kind else progress.paid(op, order_id)


def wanted(q: Reader, order_id: str) -> bool:
    """Whether an order waits for a payment."""
    kind = payable(q, order_id)
    if kind:
        return kind.wanted(q, order_id)
    order = q.get(model.Order, "certificate_order", order_id)
    return order.status is model.OrderStatus.AWAITING_PAYMENT


def described(q: Reader, payment: model.Payment) -> str:
    """What the cashier calls a payment."""
    kind = payable(q, payment.order_id)
    return f"{kind.described if kind else '数字证书'} {payment.number or ''}".strip()
