"""Going to the cashier with a service order, and what its payment brings about."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.ordering import model as ordering
from engine.ordering import queries as orders
from engine.subscribing import model, queries


class ServicePaid(errors.PolicyRefused):
    """There is nothing to pay for this service order now."""


@second_factor
def pay(op: Operation, *, order_id: str) -> ordering.Payment:
    """The payment to go to the cashier with.

    Emits: nothing. Raises: ServicePaid, NotFound.
    """
    order = queries.own(op, order_id)
    payment = orders.payment_for(op, order_id)
    if order.status is not model.ServiceStatus.AWAITING_PAYMENT or payment is None:
        raise ServicePaid()
    return payment
