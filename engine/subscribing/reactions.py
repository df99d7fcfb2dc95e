"""How the payments of service orders are taken, and what ends with an enterprise or an account."""

from __future__ import annotations

from engine.kernel import events, notes
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.subscribing import model, moving, queries, store
from engine.subscribing.actions.placing import request_payment

PREFIX = "svo"
_S = model.ServiceStatus


def _wanted_again(op: Operation, order_id: str) -> None:
    """The provider took the money back before the order heard of it: it waits for another payment.

    Emits: payment.requested, message.sent.
    """
    order = op.get(model.ServiceOrder, "service_order", order_id)
    request_payment(op, order)
    moving.tell(op, order, "service.payment_wanted", todo=True)


def _state(q: Reader, order_id: str) -> str:
    return queries.state_of(q, q.get(model.ServiceOrder, "service_order", order_id))


PAYABLE = notes.Payable(
    described="服务订单",
    paid=moving.paid,
    wanted=moving.waits,
    told=_wanted_again,
    state=_state,
    untold=store.not_told,
)


def enterprise_closed(op: Operation, event: events.Event) -> None:
    """The services of an enterprise end with it; the months that have not begun go back by rule.

    Emits: service_order.cancelled, service_order.given_up, payment.closed, payment.refunding.
    """
    _end(op, store.of_enterprise(op, event.subject))


def account_cancelled(op: Operation, event: events.Event) -> None:
    """An account's unpaid orders and its person's own services end; an enterprise's go on.

    Only an account that staff ended has any.
    Emits: service_order.cancelled, service_order.given_up, payment.closed, payment.refunding.
    """
    found = store.of_account(op, event.subject)
    _end(op, [one for one in found if one.enterprise_id is None or one.status is not _S.ACTIVE])


def _end(op: Operation, found: list[model.ServiceOrder]) -> None:
    for one in found:
        if one.status is _S.AWAITING_PAYMENT:
            moving.close_unpaid(op, one, "cancel")
        elif one.status is _S.ACTIVE:
            moving.give_up(op, one)
