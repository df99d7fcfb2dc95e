"""Telling who waits that issuing has stopped, and that it goes on."""

from __future__ import annotations

from collections.abc import Sequence

from engine.incidents import queries as incidents
from engine.issuing import queries
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.messaging import queries as messages
from engine.ordering import model as ordering

PAUSED, RESUMED = "order.paused", "order.resumed"


def tell_waiting(op: Operation, *, order_ids: Sequence[str]) -> int:
    """Tell whoever waits with these orders what they have not been told yet; how many were told.

    Whoever was told of a beginning more often than of an end knows: so each is told once, whatever is run
    again, and a second stop on top of the first says nothing new. Emits: message.sent.
    """
    op.require_system()
    return sum(
        tell_of_order(op, op.get(ordering.Order, "certificate_order", one)) for one in order_ids
    )


def tell_of_order(op: Operation, order: ordering.Order) -> int:
    """Tell of one order, where there is something new; how many were told. Composed by reactions.

    Emits: message.sent.
    """
    know = messages.told_about(op, order.id, PAUSED)
    know.subtract(messages.told_about(op, order.id, RESUMED))
    if queries.waiting(op, [order]):
        # Who pays is the applicant; who downloads may be a delegate.
        unpaid = order.status is ordering.OrderStatus.AWAITING_PAYMENT
        waits = order.account_id if unpaid else order.downloader
        news, kind = [waits] if know[waits] < 1 else [], PAUSED
    elif incidents.stopped(op, order.agency_id) is None:
        news, kind = [one for one, times in know.items() if times > 0], RESUMED
    else:
        return 0
    for account_id in news:
        messaging.notify(
            op,
            account_id=account_id,
            kind=kind,
            params={"number": order.number},
            subject=order.id,
        )
    return len(news)
