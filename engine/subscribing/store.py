"""The SQL of service orders."""

from __future__ import annotations

from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.subscribing import model

UNLOGGED: dict[str, str] = {}
OWNED = (
    notes.Owned(
        table="service_order",
        columns=(
            "number",
            "category",
            "service_id",
            "enterprise_id",
            "platform_id",
            "agency_id",
            "months",
            "quantity",
            "amount_fen",
            "status",
            "paid_at",
            "starts_at",
            "ends_at",
            "created_at",
            "ended_at",
            "follows",
        ),
    ),
)
INVARIANTS = {
    "a service runs for as many months as were paid, and for nobody twice at once": (
        "SELECT MIN(a.id) AS id FROM service_order a JOIN service_order b"
        " ON b.holder = a.holder AND b.service_id = a.service_id AND b.platform_id = a.platform_id"
        " AND b.id > a.id WHERE a.status = 'active' AND b.status = 'active'"
        " AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at GROUP BY a.holder, a.service_id"
    ),
    "a service that was begun was paid": (
        "SELECT o.id FROM service_order o WHERE o.status IN ('active', 'completed')"
        " AND NOT EXISTS (SELECT 1 FROM payment p WHERE p.order_id = o.id"
        " AND p.amount_fen = o.amount_fen AND p.paid_at IS NOT NULL)"
    ),
    "a service order that nobody paid keeps no money": (
        "SELECT o.id FROM service_order o JOIN payment p ON p.order_id = o.id"
        " WHERE o.status = 'cancelled' AND p.status IN ('requested', 'opened', 'paid')"
    ),
}


def count_between(q: Reader, first: str, end: str) -> int:
    """How many orders have numbers from `first` up to and without `end`: a walk of the index."""
    sql = "SELECT COUNT(*) AS n FROM service_order WHERE number >= ? AND number < ?"
    found = q.row(sql, (first, end))
    return int(found["n"]) if found else 0


def of_account(q: Reader, account_id: str) -> list[model.ServiceOrder]:
    """A person's service orders, newest first."""
    sql = "SELECT * FROM service_order WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.ServiceOrder, sql, (account_id,))


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.ServiceOrder]:
    """An enterprise's service orders, newest first."""
    sql = "SELECT * FROM service_order WHERE enterprise_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.ServiceOrder, sql, (enterprise_id,))


def by_number(q: Reader, number: str) -> model.ServiceOrder | None:
    """The order with this number."""
    sql = "SELECT * FROM service_order WHERE number = ?"
    return q.first(model.ServiceOrder, sql, (number,))


def unpaid(q: Reader, holder: str, service_id: str, platform_id: str) -> model.ServiceOrder | None:
    """The holder's order for a service at a platform that waits for its payment."""
    sql = (
        "SELECT * FROM service_order WHERE holder = ? AND service_id = ? AND platform_id = ?"
        " AND status = 'awaiting_payment'"
    )
    return q.first(model.ServiceOrder, sql, (holder, service_id, platform_id))


def last_running(
    q: Reader, holder: str, service_id: str, platform_id: str
) -> model.ServiceOrder | None:
    """The holder's paid order for a service at a platform that ends last and has not ended yet."""
    sql = (
        "SELECT * FROM service_order WHERE holder = ? AND service_id = ? AND platform_id = ?"
        " AND status = 'active' AND ends_at > ? ORDER BY ends_at DESC LIMIT 1"
    )
    return q.first(model.ServiceOrder, sql, (holder, service_id, platform_id, q.now))


def after(q: Reader, order: model.ServiceOrder) -> model.ServiceOrder | None:
    """The paid order that begins where this one ends, or later."""
    sql = (
        "SELECT * FROM service_order WHERE holder = ? AND service_id = ? AND platform_id = ?"
        " AND status = 'active' AND starts_at >= ? AND id <> ? ORDER BY starts_at LIMIT 1"
    )
    given = (order.holder, order.service_id, order.platform_id, order.ends_at, order.id)
    return q.first(model.ServiceOrder, sql, given)


def not_told(q: Reader, statement_id: str) -> list[tuple[str, str]]:
    """Payments of a statement that are paid while their order still waits: payment id, order id."""
    sql = (
        "SELECT p.id, o.id AS order_id FROM payment p JOIN service_order o ON o.id = p.order_id"
        " WHERE p.status = 'paid' AND o.status = 'awaiting_payment'"
        " AND p.id IN (SELECT payment_id FROM movement WHERE statement_id = ?) ORDER BY p.id"
    )
    return [(row["id"], row["order_id"]) for row in q.rows(sql, (statement_id,))]
