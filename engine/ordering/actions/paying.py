"""Going to the cashier."""

from __future__ import annotations

from engine.incidents import queries as incidents
from engine.kernel import errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.ordering import model, queries, store


class NothingToPay(errors.PolicyRefused):
    """There is nothing to pay for this order now."""


@second_factor
def pay(op: Operation, *, order_id: str) -> model.Payment:
    """The payment to go to the cashier with.

    Emits: nothing. Raises: NothingToPay, incidents.IssuingStopped.
    """
    order = queries.own(op, order_id)
    payment = store.payment_of(op, order_id)
    if order.status is not model.OrderStatus.AWAITING_PAYMENT or payment is None:
        raise NothingToPay()
    incidents.require_issuing(op, order.agency_id)
    return payment
