"""How an order moves on: payment, papers, the two reviews, and its ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.messaging import actions as messaging
from engine.ordering import model, store
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases


def move(
    op: Operation, order: model.Order, verb: str, fact: str, facts: dict[str, Any], **changes: Any
) -> model.Order:
    """One step of the order's table, with its fact."""
    status = model.ORDER.advance(order.status, verb)
    op.update(
        "certificate_order",
        order.id,
        {"status": status, **changes},
        was={"status": order.status, "paid_at": order.paid_at}
        if order.paid_at is not None
        else {"status": order.status},
    )
    op.record(fact, order.id, status=status, **facts)
    return op.get(model.Order, "certificate_order", order.id)


def platform_of(q: Reader, order: model.Order) -> policies.Platform:
    """What the platform allowed and asked for when the order was made (MAL-4)."""
    if order.platform_version is None:
        return q.policy(policies.Platform, order.platform_id)
    return policy_queries.of_version(q, policies.Platform, order.platform_version)


def paid(op: Operation, order_id: str) -> bool:
    """Payment came in: papers, review or download is next. False when the order waits for none.

    Emits: order.paid.
    """
    order = op.get(model.Order, "certificate_order", order_id)
    if order.status is not model.OrderStatus.AWAITING_PAYMENT:
        return False
    verb = _after_payment(op, order)
    order = move(op, order, verb, "order.paid", {"amount_fen": order.amount_fen}, paid_at=op.now)
    if verb == "pay_then_papers":
        tell(op, order, "order.papers_wanted", todo=True)
    elif verb == "pay_then_download":
        tell_ready(op, order)
    else:
        opened = open_platform_review if verb == "pay_then_review" else open_agency_review
        opened(op, order)
        tell(op, order, "order.paid")
    return True


def _after_payment(op: Operation, order: model.Order) -> str:
    if approved(order):
        return "pay_then_download"
    if asked_of(op, order).attachments and not order.papers:
        return "pay_then_papers"
    return "pay_then_review" if order.platform_reviews else "pay_then_agency"


def approved(order: model.Order) -> bool:
    """Whether everybody who reviews an order has approved it."""
    return (not order.platform_reviews or order.platform_approved_by is not None) and (
        not order.agency_reviews or order.agency_approved_by is not None
    )


def asked_of(q: Reader, order: model.Order) -> policies.Asked:
    """The papers that the platform asks for with an order, and who reviews it."""
    return platform_of(q, order).asked(order.product.value, order.business.value)


def tell_ready(op: Operation, order: model.Order) -> None:
    """Everything is done on our side: whose certificate it is downloads it (G-certificate-6).

    Emits: message.sent.
    """
    if order.delegate_account_id is None:
        tell(op, order, "certificate.ready", todo=True)
        return
    messaging.notify(
        op,
        account_id=order.delegate_account_id,
        kind="certificate.delegated",
        params={"number": order.number, "enterprise": title(op, order)},
        subject=order.id,
        todo=True,
    )
    tell(op, order, "certificate.delegation_ready")


def title(q: Reader, order: model.Order) -> str:
    """What an order is called beside its number: its enterprise; a person's own has the number alone."""
    if order.enterprise_id is None:
        return order.number
    return people.enterprise(q, order.enterprise_id).name


def subject_of(q: Reader, order: model.Order) -> str:
    """Whose data an order's papers are: the enterprise's, or the person's of their own."""
    if order.enterprise_id is None:
        return people.account(q, order.account_id).subject_id
    return people.enterprise(q, order.enterprise_id).subject_id


def certificate_holds(op: Operation, order_id: str, until: int) -> model.Order:
    """The order's certificate is in use, until then. Composed from the certificate's activation.

    Emits: order.completed.
    """
    order = op.get(model.Order, "certificate_order", order_id)
    return move(
        op, order, "complete", "order.completed", {}, ended_at=op.now, certificate_until=until
    )


def certificate_ended(op: Operation, order_id: str) -> model.Order:
    """The order's certificate was revoked: the enterprise may order another one.

    A certificate revoked before it was ever used completes its order too: it had been delivered.
    Emits: order.certificate_ended, order.completed.
    """
    order = op.get(model.Order, "certificate_order", order_id)
    if order.status is model.OrderStatus.CANCELLED:
        return order
    if order.status is model.OrderStatus.AWAITING_DOWNLOAD:
        return certificate_holds(op, order_id, op.now)
    op.update(
        "certificate_order",
        order.id,
        {"certificate_until": op.now},
        was={"status": order.status},
    )
    op.record("order.certificate_ended", order.id)
    return op.get(model.Order, "certificate_order", order.id)


def open_platform_review(op: Operation, order: model.Order) -> None:
    """Put the order before the platform's reviewers.

    Emits: case.opened.
    """
    reviewing.open_case(
        op,
        kind="certificate_platform",
        subject_id=order.id,
        title=title(op, order),
        maker=f"person:{order.account_id}",
        platform_id=order.platform_id,
        agency_id=order.agency_id,
        corrects=_corrected(op, order),
    )


def open_agency_review(op: Operation, order: model.Order) -> None:
    """Put the order before the CA's reviewers, without who approved it for the platform.

    Emits: case.opened.
    """
    reviewing.open_case(
        op,
        kind="certificate_ca",
        subject_id=order.id,
        title=title(op, order),
        maker=f"person:{order.account_id}",
        platform_id=order.platform_id,
        agency_id=order.agency_id,
        excluded=(order.platform_approved_by,) if order.platform_approved_by else (),
        corrects=_corrected(op, order),
    )


def _corrected(op: Operation, order: model.Order) -> str | None:
    """The rejection that an order answers: of the enterprise's order before it at this platform."""
    return cases.corrected(op, store.earlier_at(op, order))


def tell(
    op: Operation,
    order: model.Order,
    kind: str,
    *,
    todo: bool = False,
    params: Mapping[str, str] | None = None,
) -> None:
    """A message to the applicant about the order.

    Emits: message.sent.
    """
    messaging.notify(
        op,
        account_id=order.account_id,
        kind=kind,
        params={"number": order.number, **(params or {})},
        subject=order.id,
        todo=todo,
    )
