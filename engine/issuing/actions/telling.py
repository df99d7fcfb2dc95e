"""Telling who waits that issuing has stopped, and that it goes on."""

from __future__ import annotations

from collections.abc import Sequence

from engine.incidents import queries as incidents
from engine.issuing import queries
from engine.kernel import clock
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


def tell_of_order(op: Operation, order: ordering.Order) -> bool:
    """Tell of one order, where there is something new; whether there was. Composed by reactions.

    Emits: message.sent.
    """
    begun, ended = (messages.sent_about(op, order.id, kind) for kind in (PAUSED, RESUMED))
    knows = begun > ended
    held = queries.waiting(op, [order])
    if held and not knows:
        _tell(op, order, PAUSED, since=_told(held[0].since))
        return True
    if knows and not held and incidents.stopped(op, order.agency_id) is None:
        _tell(op, order, RESUMED)
        return True
    return False


def _told(at_ms: int) -> str:
    return f"{clock.to_datetime(at_ms).astimezone(clock.SHANGHAI):%Y-%m-%d %H:%M}"


def _tell(op: Operation, order: ordering.Order, kind: str, **params: str) -> None:
    # Who pays is the applicant; who downloads may be a delegate.
    unpaid = order.status is ordering.OrderStatus.AWAITING_PAYMENT
    messaging.notify(
        op,
        account_id=order.account_id if unpaid else order.downloader,
        kind=kind,
        params={"number": order.number, **params},
        subject=order.id,
    )
