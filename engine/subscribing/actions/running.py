"""What time brings about for a service that runs: reminders before its end, and the end."""

from __future__ import annotations

from engine.kernel import clock
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.subscribing import model, moving, store


def watch(op: Operation, *, order_id: str) -> str:
    """Remind of the end on each day of notice, and end it when its term is over; what was done.

    While a further order continues the service nobody is hurried.
    Emits: service_order.ends_soon, service_order.completed, message.sent, message.done.
    """
    op.require_system()
    order = op.get(model.ServiceOrder, "service_order", order_id)
    ends_at = order.ends_at
    if order.status is not model.ServiceStatus.ACTIVE or ends_at is None:
        return "ended"
    continued = store.after(op, order) is not None
    if ends_at <= op.now:
        order = moving.move(op, order, "finish", "service_order.completed", {}, ended_at=op.now)
        messaging.done(op, subject=order.id)
        if not continued:
            moving.tell(op, order, "service.has_ended")
        return "completed"
    moving.schedule(op, order)
    if continued or store.unpaid(op, order.holder, order.service_id, order.platform_id):
        return "continued"
    days = -(-(ends_at - op.now) // clock.DAY)
    op.record("service_order.ends_soon", order.id, days=days)
    messaging.done(op, subject=order.id)
    day = clock.civil_date(ends_at).isoformat()
    moving.tell(op, order, "service.ends_soon", todo=True, days=str(days), day=day)
    return "told"
