"""The SQL of payments, refunds and the ledger."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.ordering import model


def payment_of(q: Reader, order_id: str) -> model.Payment | None:
    """The payment of an order."""
    return q.first(model.Payment, "SELECT * FROM payment WHERE order_id = ?", (order_id,))


def payments_of(q: Reader, account_id: str) -> list[model.Payment]:
    """The payments of a person's orders, newest first."""
    sql = (
        "SELECT p.* FROM payment p JOIN certificate_order o ON o.id = p.order_id"
        " WHERE o.account_id = ? ORDER BY p.created_at DESC, p.id DESC"
    )
    return q.all(model.Payment, sql, (account_id,))


def paid_twice(q: Reader, account_id: str) -> dict[str, int]:
    """Payment id → what came in for it a second time, of a person's orders."""
    sql = (
        "SELECT r.payment_id, SUM(r.amount_fen) AS amount_fen FROM refund_case r"
        " JOIN payment p ON p.id = r.payment_id JOIN certificate_order o ON o.id = p.order_id"
        " WHERE o.account_id = ? GROUP BY r.payment_id"
    )
    return {row["payment_id"]: int(row["amount_fen"]) for row in q.rows(sql, (account_id,))}


def payment(q: Reader, payment_id: str) -> model.Payment | None:
    """A payment by its id."""
    return q.first(model.Payment, "SELECT * FROM payment WHERE id = ?", (payment_id,))


def payment_by_trade(q: Reader, trade_no: str) -> model.Payment | None:
    """The payment with the provider's trade number."""
    return q.first(model.Payment, "SELECT * FROM payment WHERE trade_no = ?", (trade_no,))


def refund_case(q: Reader, trade_no: str) -> model.RefundCase | None:
    """The case of money that came twice, by the provider's trade number."""
    return q.first(model.RefundCase, "SELECT * FROM refund_case WHERE trade_no = ?", (trade_no,))


def ledger(q: Reader, order_id: str) -> list[model.LedgerLine]:
    """The postings of an order."""
    sql = "SELECT * FROM ledger_line WHERE order_id = ? ORDER BY created_at, id"
    return q.all(model.LedgerLine, sql, (order_id,))


def refunding(q: Reader, account_id: str) -> list[tuple[str, str]]:
    """Payment and order number of a person's money that has not come back yet."""
    sql = (
        "SELECT p.id, o.number FROM payment p JOIN certificate_order o ON o.id = p.order_id"
        " WHERE o.account_id = ? AND p.status = 'refunding' ORDER BY p.id"
    )
    return [(row["id"], row["number"]) for row in q.rows(sql, (account_id,))]


def came_twice(q: Reader, account_id: str) -> list[tuple[str, str]]:
    """Case and order number of a person's money that came twice and was not given back."""
    sql = (
        "SELECT r.id, o.number FROM refund_case r JOIN payment p ON p.id = r.payment_id"
        " JOIN certificate_order o ON o.id = p.order_id WHERE o.account_id = ? ORDER BY r.id"
    )
    return [(row["id"], row["number"]) for row in q.rows(sql, (account_id,))]


def twice_paid(q: Reader, payment_id: str) -> list[model.RefundCase]:
    """What came in a second time for a payment and waits to be given back."""
    sql = "SELECT * FROM refund_case WHERE payment_id = ? ORDER BY created_at, id"
    return q.all(model.RefundCase, sql, (payment_id,))
