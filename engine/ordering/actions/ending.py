"""Taking an order back."""

from __future__ import annotations

from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import model, money, progress, queries
from engine.reviewing import actions as reviewing


@second_factor
def cancel(op: Operation, *, order_id: str) -> model.Order:
    """Take an order back before its certificate is in use; what was paid goes back by rule (CRT-5).

    Once everything is approved the CA may keep a part of it; until then all of it goes back. A certificate
    that was made already but not taken into use ends with its order.
    Emits: order.cancelled, case.withdrawn, payment.refunding, message.sent.
    """
    order = queries.own(op, order_id)
    fen = queries.refund_of(op, order)
    ready = order.status is model.OrderStatus.AWAITING_DOWNLOAD
    order = progress.move(op, order, "cancel", "order.cancelled", {}, ended_at=op.now)
    reviewing.withdraw(op, subject_id=order.id)
    if fen or not ready:
        # Before, a payment that is under way is closed too, whatever has come of it.
        money.start_refund(op, order.id, fen if ready else None)
    progress.tell(op, order, "order.cancelled")
    if ready and order.delegate_account_id is not None:
        messaging.notify(
            op,
            account_id=order.delegate_account_id,
            kind="certificate.delegation_withdrawn",
            params={"enterprise": progress.title(op, order)},
            subject=order.id,
        )
    return order
