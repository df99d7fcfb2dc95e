"""What was paid and given back, as its payer sees it, and the ledger."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import identifiers
from engine.kernel.reader import Reader
from engine.ordering import model, store
from engine.ordering.queries.orders import order, shown_status
from engine.registration import queries as people


def payment_of(q: Reader, order_id: str) -> model.Payment | None:
    """The payment of an order that the actor may see."""
    order(q, order_id)
    return store.payment_of(q, order_id)


def payment_for(q: Reader, order_id: str) -> model.Payment | None:
    """The payment of an order of any kind, for the stage above whose order it is."""
    return store.payment_of(q, order_id)


def came_and_went(q: Reader, order_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Order of any kind → what came in for it, and what of that is given back or on its way back.

    Composed by stages whose own orders these are; what nobody has paid anything for is left out.
    """
    return store.came_and_went(q, order_ids)


def my_payments(q: Reader) -> list[model.PaymentShown]:
    """The signed-in person's payments with every refund and the receipt, newest first (ACC-9)."""
    account_id = people.person(q).account_id
    payer = identifiers.masked_name(people.person_name(q, account_id))
    orders = {found.id: found for found in store.of_account(q, account_id)}
    return [
        _shown(q, one, orders.get(one.order_id), payer) for one in store.payments_of(q, account_id)
    ]


def _shown(
    q: Reader, one: model.Payment, its_order: model.Order | None, payer: str
) -> model.PaymentShown:
    refunds = store.refunds_of(q, one.id)
    own = [back for back in refunds if back.trade_no == one.trade_no]
    done = sum(back.amount_fen for back in own if back.status is model.RefundStatus.DONE)
    return model.PaymentShown(
        id=one.id,
        order_id=one.order_id,
        order_number=one.number or (its_order.number if its_order else ""),
        order_status=_state(q, one, its_order),
        amount_fen=one.amount_fen,
        status=one.status,
        created_at=one.created_at,
        paid_at=one.paid_at,
        refund=_progress(own),
        refunded_fen=done,
        refunded_at=one.refunded_at,
        came_twice_fen=sum(case.amount_fen for case in store.twice_paid(q, one.id)),
        refunds=tuple(
            model.RefundShown(
                number=back.id,
                amount_fen=back.amount_fen,
                status=back.status,
                problem=back.problem,
                requested_at=back.requested_at,
                settled_at=back.settled_at,
            )
            for back in refunds
        ),
        receipt=_receipt(one, payer),
    )


def _state(q: Reader, one: model.Payment, its_order: model.Order | None) -> str:
    if its_order is not None:
        return shown_status(its_order)
    kind = q.parts.payables.get(one.order_id.partition("_")[0])
    return kind.state(q, one.order_id) if kind else ""


def _progress(refunds: list[model.Refund]) -> model.RefundProgress:
    """How far the refunds of a payment are, as one word."""
    states = {one.status for one in refunds}
    if model.RefundStatus.FAILED in states:
        return model.RefundProgress.LATE
    if model.RefundStatus.REQUESTED in states:
        return model.RefundProgress.RUNNING
    return model.RefundProgress.DONE if states else model.RefundProgress.NONE


def _receipt(payment: model.Payment, payer: str) -> model.Receipt | None:
    if payment.paid_at is None:
        return None
    return model.Receipt(
        number=payment.trade_no,
        payer=payer,
        amount_fen=payment.amount_fen,
        paid_at=payment.paid_at,
    )


def ledger(q: Reader, order_id: str) -> list[model.LedgerLine]:
    """The postings of an order."""
    return store.ledger(q, order_id)
