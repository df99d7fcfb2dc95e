"""Telling people in time that a certificate comes to its end (CRT-3)."""

from __future__ import annotations

from engine.kernel import clock, notes
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import model, progress, store
from engine.policies import model as policies


def remind_of_expiry(op: Operation, *, certificate_id: str) -> str:
    """Tell the holder how many days are left, and come again on the next of the CA's days; what was done.

    It ends with the certificate: once it was renewed, replaced or revoked nobody is told any more. While an
    order to take its place is under way nobody is hurried.
    Emits: certificate.expiring, certificate.expired, message.sent, message.done.
    """
    op.require_system()
    held = op.parts.holding(op, certificate_id)
    if held is None or held.status not in ("active", "suspended", "expired"):
        return "ended"
    order = op.get(model.Order, "certificate_order", held.order_id)
    if held.ends <= op.now:
        op.record("certificate.expired", held.id, order_id=order.id)
        _tell(op, order, held, "certificate.has_expired", 0)
        return "expired"
    schedule(op, order, held)
    if store.renewing(op, held.id) is not None:
        return "under_way"
    days = -(-(held.ends - op.now) // clock.DAY)
    op.record("certificate.expiring", held.id, order_id=order.id, days=days)
    messaging.done(op, subject=held.id)
    _tell(op, order, held, "certificate.ends_soon", days)
    return "told"


def _tell(op: Operation, order: model.Order, held: notes.Holding, kind: str, days: int) -> None:
    messaging.notify(
        op,
        account_id=held.account_id,
        kind=kind,
        params={
            "title": progress.title(op, order),
            "days": str(days),
            "day": clock.civil_date(held.ends).isoformat(),
        },
        subject=held.id,
        # A delegate asks the administrator; whoever can renew is asked to.
        todo=bool(days) and order.business is not model.Business.DELEGATION,
    )


def schedule(op: Operation, order: model.Order, held: notes.Holding) -> None:
    """Come again on the CA's next day of notice, the last of which is the end itself."""
    if order.product is model.Product.EVENT:
        return
    agency = op.policy(policies.CertificateAgency, order.agency_id)
    left = (held.ends - day * clock.DAY for day in (*agency.notice_days, 0))
    due = min((at for at in left if at > op.now), default=None)
    if due is not None:
        op.enqueue("remind_of_expiry", held.id, due_at=due)
