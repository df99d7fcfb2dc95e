"""Messages to whoever paid."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import model, store


def tell_payer(op: Operation, payment: model.Payment, kind: str) -> None:
    """A message about a payment to its payer.

    Emits: message.sent.
    """
    account_id = store.payer_of(op, payment)
    if account_id is None:
        return
    number = payment.number
    if number is None:
        number = op.get(model.Order, "certificate_order", payment.order_id).number
    messaging.notify(
        op,
        account_id=account_id,
        kind=kind,
        params={"number": number},
        subject=payment.order_id,
        todo=False,
    )
