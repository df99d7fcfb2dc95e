"""Taking an unpaid service order back, giving a paid one up, and the lapse of what nobody pays."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.subscribing import model, moving, queries, store

_S = model.ServiceStatus


class NothingToGiveUp(errors.PolicyRefused):
    """This service order has no running service to give up. An unpaid one can be taken back."""


class RenewalFollows(errors.PolicyRefused):
    """Order {number} continues this service. Give that one up first."""


def cancel(op: Operation, *, order_id: str) -> model.ServiceOrder:
    """Take back a service order that is not paid (PAY-2).

    Emits: service_order.cancelled, payment.closed. Raises: NotPossibleNow once it is paid, NotFound.
    """
    return moving.close_unpaid(op, queries.own(op, order_id), "cancel")


@second_factor
def ask_refund(op: Operation, *, order_id: str) -> model.ServiceOrder:
    """Give a paid service up: the months that have not begun go back by its rule; before it begins, all.

    Emits: service_order.given_up, payment.refunding, message.sent.
    Raises: NothingToGiveUp, RenewalFollows, NotFound.
    """
    order = queries.own(op, order_id)
    if order.status is not _S.ACTIVE:
        raise NothingToGiveUp()
    later = store.after(op, order)
    if later is not None:
        raise RenewalFollows(number=later.number)
    order = moving.give_up(op, order)
    moving.tell(op, order, "service.given_up")
    return order


def lapse(op: Operation, *, order_id: str) -> str:
    """Close an order that nobody paid in time; what was done.

    Emits: service_order.lapsed, payment.closed, message.sent.
    """
    op.require_system()
    if not moving.waits(op, order_id):
        return "paid_or_ended"
    order = op.get(model.ServiceOrder, "service_order", order_id)
    due = queries.lapses_at(op, order)
    if op.now < due:
        # The rule became longer meanwhile.
        op.enqueue("lapse_service_order", order.id, due_at=due)
        return "later"
    order = moving.close_unpaid(op, order, "lapse")
    moving.tell(op, order, "service.lapsed")
    return "lapsed"
