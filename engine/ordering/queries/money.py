"""What was paid and given back, as its payer sees it, and the ledger."""

from __future__ import annotations

from engine.kernel import identifiers
from engine.kernel.reader import Reader
from engine.ordering import model, store
from engine.ordering.queries.orders import order, shown_status
from engine.registration import queries as people


def payment_of(q: Reader, order_id: str) -> model.Payment | None:
    """The payment of an order that the actor may see."""
    order(q, order_id)
    return store.payment_of(q, order_id)


_REFUNDS = {
    model.PaymentStatus.REFUNDING: model.RefundProgress.RUNNING,
    model.PaymentStatus.REFUNDED: model.RefundProgress.DONE,
}


def my_payments(q: Reader) -> list[model.PaymentShown]:
    """The signed-in person's payments with refunds and receipts, newest first (ACC-9)."""
    account_id = people.person(q).account_id
    payer = identifiers.masked_name(people.person_name(q, account_id))
    orders = {found.id: found for found in store.of_account(q, account_id)}
    twice = store.paid_twice(q, account_id)
    return [
        model.PaymentShown(
            id=one.id,
            order_id=one.order_id,
            order_number=orders[one.order_id].number,
            order_status=shown_status(orders[one.order_id]),
            amount_fen=one.amount_fen,
            status=one.status,
            created_at=one.created_at,
            paid_at=one.paid_at,
            refund=_REFUNDS.get(one.status, model.RefundProgress.NONE),
            refunded_at=one.refunded_at,
            came_twice_fen=twice.get(one.id, 0),
            receipt=_receipt(one, payer),
        )
        for one in store.payments_of(q, account_id)
    ]


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
