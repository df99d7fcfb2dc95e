"""The SQL of orders and money."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.ordering import model

UNLOGGED: dict[str, str] = {}
OWNED = (
    notes.Owned(
        table="certificate_order",
        columns=(
            "number",
            "enterprise_id",
            "platform_id",
            "agency_id",
            "seal_agency_id",
            "certificate_kind",
            "years",
            "amount_fen",
            "status",
            "papers",
            "reasons",
            "paid_at",
            "created_at",
            "ended_at",
            "certificate_until",
        ),
    ),
)


def count_between(q: Reader, first: str, end: str) -> int:
    """How many orders have numbers from `first` up to and without `end`: a walk of the index."""
    sql = "SELECT COUNT(*) AS n FROM certificate_order WHERE number >= ? AND number < ?"
    found = q.row(sql, (first, end))
    return int(found["n"]) if found else 0


def of_account(q: Reader, account_id: str) -> list[model.Order]:
    """A person's orders, newest first."""
    sql = "SELECT * FROM certificate_order WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.Order, sql, (account_id,))


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Order]:
    """An enterprise's orders, newest first."""
    sql = (
        "SELECT * FROM certificate_order WHERE enterprise_id = ? ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Order, sql, (enterprise_id,))


def earlier_at(q: Reader, order: model.Order) -> list[str]:
    """The other orders of an order's enterprise at its platform, newest first."""
    sql = (
        "SELECT id FROM certificate_order WHERE enterprise_id = ? AND platform_id = ? AND id <> ?"
        " AND created_at <= ? ORDER BY created_at DESC, id DESC"
    )
    given = (order.enterprise_id, order.platform_id, order.id, order.created_at)
    return [row["id"] for row in q.rows(sql, given)]


def by_number(q: Reader, number: str) -> model.Order | None:
    """The order with this number."""
    return q.first(model.Order, "SELECT * FROM certificate_order WHERE number = ?", (number,))


def open_order(q: Reader, enterprise_id: str, platform_id: str) -> model.Order | None:
    """The order of an enterprise at a platform that has not ended."""
    sql = (
        "SELECT * FROM certificate_order WHERE enterprise_id = ? AND platform_id = ?"
        " AND status NOT IN ('completed', 'rejected', 'cancelled')"
    )
    return q.first(model.Order, sql, (enterprise_id, platform_id))


def living_certificate(q: Reader, enterprise_id: str, platform_id: str) -> model.Order | None:
    """The completed order of an enterprise at a platform whose certificate still holds."""
    sql = (
        "SELECT * FROM certificate_order WHERE enterprise_id = ? AND platform_id = ?"
        " AND certificate_until > ?"
    )
    return q.first(model.Order, sql, (enterprise_id, platform_id, q.now))


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
