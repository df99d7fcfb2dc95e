"""What follows for an order from the two reviews and from its certificate's activation."""

from __future__ import annotations

from engine.kernel import events
from engine.kernel.operation import Operation
from engine.ordering import model, money, progress, queries, store
from engine.ordering.actions import reminding
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.reviewing.model import Decision


def decide_certificate_platform(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """The platform has decided: the CA is next, or the order ends.

    Emits: order.approved_by_platform, order.rejected.
    """
    order = op.get(model.Order, "certificate_order", subject_id)
    if not decision.approved:
        _reject(op, order, decision)
        return
    order = progress.move(
        op,
        order,
        "approve" if order.agency_reviews else _alone(order),
        "order.approved_by_platform",
        {"approved_by": decision.decided_by},
        platform_approved_by=decision.decided_by,
    )
    if order.status is model.OrderStatus.AGENCY_REVIEW:
        progress.open_agency_review(op, order)
    else:
        _approved(op, order)


def _alone(order: model.Order) -> str:
    return "approve_alone_paid" if order.settled else "approve_alone_unpaid"


def _approved(op: Operation, order: model.Order) -> None:
    """Everybody has approved: it is paid for now, or can be downloaded."""
    if order.status is model.OrderStatus.AWAITING_PAYMENT:
        money.request(op, order)
        progress.tell(op, order, "order.payment_wanted", todo=True)
    else:
        progress.tell_ready(op, order)


def platform_looks_again(op: Operation, *, subject_id: str) -> None:
    """What the platform approved has changed before the CA decided: the platform reviews the order anew.

    Emits: order.back_at_platform, case.opened.
    """
    order = op.get(model.Order, "certificate_order", subject_id)
    order = progress.move(
        op, order, "look_again", "order.back_at_platform", {}, platform_approved_by=None
    )
    progress.open_platform_review(op, order)


def decide_certificate_ca(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """The CA has decided: the certificate can be downloaded, or paid for, or the order ends.

    Emits: order.approved_by_agency, order.rejected, payment.requested.
    """
    order = op.get(model.Order, "certificate_order", subject_id)
    if not decision.approved:
        _reject(op, order, decision)
        return
    order = progress.move(
        op,
        order,
        "approve_paid" if order.settled else "approve_unpaid",
        "order.approved_by_agency",
        {"approved_by": decision.decided_by},
        agency_approved_by=decision.decided_by,
    )
    _approved(op, order)


def _reject(op: Operation, order: model.Order, decision: Decision) -> None:
    order = progress.move(
        op,
        order,
        "reject",
        "order.rejected",
        {"reasons": list(decision.reasons)},
        reasons=decision.reasons,
        ended_at=op.now,
    )
    money.start_refund(op, order.id)
    told = cases.first_field(op, decision.reasons)
    progress.tell(op, order, "order.rejected", todo=True, params=told)


def certificate_activated(op: Operation, event: events.Event) -> None:
    """The certificate is in use: its order is completed, and its end will be told in time.

    Emits: order.completed.
    """
    order = progress.certificate_holds(op, event.facts["order_id"], event.facts["not_after"])
    held = op.parts.holding(op, event.subject)
    if held is not None:
        reminding.schedule(op, order, held)


def certificate_revoked(op: Operation, event: events.Event) -> None:
    """What was ordered for members within a certificate ends with it, unless another took its place.

    Emits: order.cancelled, case.withdrawn, payment.refunding, message.sent.
    """
    if event.facts["reason"] == "superseded":
        return
    for order in store.open_within(op, event.subject):
        _take_back(op, order)


def member_left(op: Operation, event: events.Event) -> None:
    """What was ordered for a former member is not made any more.

    Emits: order.cancelled, case.withdrawn, payment.refunding, message.sent.
    """
    for order in store.delegated_to(op, event.facts["account_id"]):
        mine = order.enterprise_id == event.facts["enterprise_id"]
        if mine and not model.ORDER.terminal(order.status):
            _take_back(op, order)


def account_cancelled(op: Operation, event: events.Event) -> None:
    """Open orders of the account end, and what was paid goes back, unless both reviews were done for it.

    Only an account that staff ended has any: its person could not cancel with one open. An order whose
    certificate was ready counts as delivered, and the enterprise may place another one; a delegate's
    was not.
    Emits: order.cancelled, order.completed, case.withdrawn, payment.refunding, message.sent.
    """
    for order in queries.open_orders(op, event.subject):
        if order.status is model.OrderStatus.AWAITING_DOWNLOAD and not order.delegate_account_id:
            progress.certificate_holds(op, order.id, op.now)
            continue
        _end(op, order)
    for order in store.delegated_to(op, event.subject):
        if not model.ORDER.terminal(order.status):
            _take_back(op, order)


def _take_back(op: Operation, order: model.Order) -> None:
    """An order that nobody needs any more: its applicant is told, and gets all of the money back."""
    _end(op, order)
    progress.tell(op, order, "order.taken_back")


def _end(op: Operation, order: model.Order) -> None:
    progress.move(op, order, "cancel", "order.cancelled", {}, ended_at=op.now)
    reviewing.close_open(op, subject_id=order.id)
    money.start_refund(op, order.id)
