"""One step of a service order's table, what its payment brings about, and its end."""

from __future__ import annotations

from typing import Any

from engine.kernel import clock
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.messaging import actions as messaging
from engine.ordering import money
from engine.policies import model as policies
from engine.subscribing import model, queries, store


def move(
    op: Operation,
    order: model.ServiceOrder,
    verb: str,
    fact: str,
    facts: dict[str, Any],
    **changes: Any,
) -> model.ServiceOrder:
    """One step of the order's table, with its fact."""
    status = model.SERVICE_ORDER.advance(order.status, verb)
    op.update(
        "service_order", order.id, {"status": status, **changes}, was={"status": order.status}
    )
    op.record(fact, order.id, status=status, **facts)
    return op.get(model.ServiceOrder, "service_order", order.id)


def paid(op: Operation, order_id: str) -> bool:
    """The payment came in: the service begins now, or where the one before it ends. False if none waited.

    Emits: service_order.paid, message.sent.
    """
    order = op.get(model.ServiceOrder, "service_order", order_id)
    if not waits(op, order_id):
        return False
    before = store.last_running(op, order.holder, order.service_id, order.platform_id)
    starts = max(op.now, (before.ends_at or 0) if before else 0)
    order = move(
        op,
        order,
        "pay",
        "service_order.paid",
        {"amount_fen": order.amount_fen, "starts_at": starts},
        paid_at=op.now,
        starts_at=starts,
        ends_at=model.months_after(starts, order.months),
        follows=before.id if before else None,
    )
    schedule(op, order)
    tell(op, order, "service.paid")
    return True


def waits(q: Reader, order_id: str) -> bool:
    """Whether a service order waits for its payment."""
    order = q.get(model.ServiceOrder, "service_order", order_id)
    return order.status is model.ServiceStatus.AWAITING_PAYMENT


def schedule(op: Operation, order: model.ServiceOrder) -> None:
    """Come again on the next day of notice, the last of which is the end itself."""
    assert order.ends_at is not None
    days = op.policy(policies.ServiceRules).notice_days
    # Nobody is reminded of the end in the first half of a term, such as on the day of paying.
    half = order.ends_at - (order.ends_at - (order.starts_at or 0)) // 2
    dues = (order.ends_at - day * clock.DAY for day in (*days, 0))
    due = min(at for at in dues if at > op.now and at >= half)
    op.enqueue("watch_service_order", order.id, due_at=due)


def close_unpaid(op: Operation, order: model.ServiceOrder, verb: str) -> model.ServiceOrder:
    """An order that is not paid ends; money that is under way comes back by itself.

    Emits: service_order.cancelled or service_order.lapsed, payment.closed.
    """
    fact = "service_order.lapsed" if verb == "lapse" else "service_order.cancelled"
    order = move(op, order, verb, fact, {}, ended_at=op.now)
    money.start_refund(op, order.id)
    return order


def give_up(op: Operation, order: model.ServiceOrder) -> model.ServiceOrder:
    """A paid service ends now; what the rules give back goes back.

    Emits: service_order.given_up, payment.refunding.
    """
    fen = queries.refund_of(op, order)
    order = move(
        op,
        order,
        "give_up",
        "service_order.given_up",
        {"amount_fen": fen, "unused_months": model.unused_months(order, op.now)},
        ended_at=op.now,
    )
    if fen:
        money.start_refund(op, order.id, fen, why="service_given_up")
    return order


def tell(
    op: Operation,
    order: model.ServiceOrder,
    kind: str,
    *,
    todo: bool = False,
    **params: str,
) -> None:
    """A message about a service order to who ordered it.

    Emits: message.sent.
    """
    service = queries.service_of(op, order).label
    messaging.notify(
        op,
        account_id=order.account_id,
        kind=kind,
        params={"number": order.number, "service": service.zh, **params},
        subject=order.id,
        todo=todo,
    )
