"""The SQL of payments, refunds, and what moved at the provider."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel.reader import Reader
from engine.ordering import model

# A payment of a certificate order from before payments kept their payer finds them through the order.
_PAYER = (
    " LEFT JOIN certificate_order o ON o.id = p.order_id"
    " WHERE COALESCE(p.account_id, o.account_id) = ?"
)


def payment_of(q: Reader, order_id: str) -> model.Payment | None:
    """The payment of an order, the newest where an earlier one went back or was closed."""
    sql = "SELECT * FROM payment WHERE order_id = ? ORDER BY created_at DESC, id DESC LIMIT 1"
    return q.first(model.Payment, sql, (order_id,))


def came_and_went(q: Reader, order_ids: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Order → what came in for it, and what of that is given back or on its way back."""
    marks = ", ".join("?" for _ in order_ids)
    sql = (
        "SELECT p.order_id, SUM(p.amount_fen) AS came, SUM(COALESCE((SELECT SUM(r.amount_fen)"  # noqa: S608
        " FROM refund r WHERE r.payment_id = p.id AND r.trade_no = p.trade_no), 0)) AS went"
        f" FROM payment p WHERE p.paid_at IS NOT NULL AND p.order_id IN ({marks})"
        " GROUP BY p.order_id"
    )
    found = q.rows(sql, tuple(order_ids)) if order_ids else []
    return {row["order_id"]: (int(row["came"]), int(row["went"])) for row in found}


def payments_of(q: Reader, account_id: str) -> list[model.Payment]:
    """The payments of a person's orders, newest first."""
    sql = f"SELECT p.* FROM payment p{_PAYER} ORDER BY p.created_at DESC, p.id DESC"  # noqa: S608
    return q.all(model.Payment, sql, (account_id,))


def payer_of(q: Reader, payment: model.Payment) -> str | None:
    """Whose payment it is."""
    if payment.account_id is not None:
        return payment.account_id
    found = q.row("SELECT account_id FROM certificate_order WHERE id = ?", (payment.order_id,))
    return str(found["account_id"]) if found else None


def payment(q: Reader, payment_id: str) -> model.Payment | None:
    """A payment by its id."""
    return q.first(model.Payment, "SELECT * FROM payment WHERE id = ?", (payment_id,))


def payment_by_trade(q: Reader, trade_no: str) -> model.Payment | None:
    """The payment with the provider's trade number."""
    return q.first(model.Payment, "SELECT * FROM payment WHERE trade_no = ?", (trade_no,))


def payment_by_number(q: Reader, number: str) -> model.Payment | None:
    """The newest payment of the order with this number."""
    sql = "SELECT * FROM payment WHERE number = ? ORDER BY created_at DESC, id DESC LIMIT 1"
    return q.first(model.Payment, sql, (number,)) if number else None


def open_payments_since(q: Reader, since: int) -> int:
    """How many payments asked for since an instant still wait at the provider, or for their refund."""
    sql = (
        "SELECT COUNT(*) AS n FROM payment"
        " WHERE status IN ('opened', 'refunding') AND created_at >= ?"
    )
    found = q.row(sql, (since,))
    return int(found["n"]) if found else 0


def refund(q: Reader, refund_id: str) -> model.Refund | None:
    """A refund by its number."""
    return q.first(model.Refund, "SELECT * FROM refund WHERE id = ?", (refund_id,))


def refunds_of(q: Reader, payment_id: str) -> list[model.Refund]:
    """The refunds of a payment and of what came in beside it, oldest first."""
    sql = "SELECT * FROM refund WHERE payment_id = ? ORDER BY requested_at, id"
    return q.all(model.Refund, sql, (payment_id,))


def movement(q: Reader, reference: str) -> model.Movement | None:
    """What moved under a trade or refund number."""
    return q.first(model.Movement, "SELECT * FROM movement WHERE reference = ?", (reference,))


def movements_unseen(q: Reader, until: str) -> list[model.Movement]:
    """What moved up to and with a business date and stood in no statement so far."""
    sql = (
        "SELECT * FROM movement WHERE statement_id IS NULL AND business_date <= ?"
        " AND source <> 'settled' ORDER BY occurred_at, id"
    )
    return q.all(model.Movement, sql, (until,))


def moved_on(q: Reader, business_date: str) -> tuple[int, int]:
    """What was paid and what was given back on a business date, by our own account."""
    sql = (
        "SELECT kind, SUM(amount_fen) AS fen FROM movement WHERE business_date = ?"
        " AND source <> 'settled' GROUP BY kind"
    )
    found = {row["kind"]: int(row["fen"]) for row in q.rows(sql, (business_date,))}
    return found.get("payment", 0), found.get("refund", 0)


def parked(q: Reader, digest: str) -> model.ParkedNotice | None:
    """The notice that was put aside with these bytes."""
    sql = "SELECT * FROM parked_notice WHERE digest = ?"
    return q.first(model.ParkedNotice, sql, (digest,))


def parked_refunds(q: Reader, payment_id: str) -> list[model.ParkedNotice]:
    """Refund notices that overtook the payment they are about, and wait for it."""
    sql = (
        "SELECT * FROM parked_notice WHERE payment_id = ? AND status = 'waiting'"
        " AND differs_in = 'unpaid' ORDER BY created_at, id"
    )
    return q.all(model.ParkedNotice, sql, (payment_id,))


def refunding(q: Reader, account_id: str) -> list[tuple[str, str]]:
    """Payment and order number of a person's money that has not come back yet."""
    sql = (
        f"SELECT p.id, COALESCE(p.number, o.number) AS number FROM payment p{_PAYER}"  # noqa: S608
        " AND p.status = 'refunding' ORDER BY p.id"
    )
    return [(row["id"], row["number"]) for row in q.rows(sql, (account_id,))]


_TWICE = (
    "c.kind = 'paid_twice' AND NOT EXISTS (SELECT 1 FROM refund r"
    " WHERE r.trade_no = c.trade_no AND r.status = 'done')"
)


def came_twice(q: Reader, account_id: str) -> list[tuple[str, str]]:
    """Case and order number of a person's money that came twice and was not given back."""
    sql = (
        "SELECT c.id, COALESCE(p.number, o.number) AS number FROM money_case c"  # noqa: S608
        f" JOIN payment p ON p.id = c.payment_id{_PAYER} AND {_TWICE} ORDER BY c.id"
    )
    return [(row["id"], row["number"]) for row in q.rows(sql, (account_id,))]


def twice_paid(q: Reader, payment_id: str) -> list[model.MoneyCase]:
    """What came in a second time for a payment and is not given back yet."""
    sql = (
        f"SELECT c.* FROM money_case c WHERE c.payment_id = ? AND {_TWICE}"  # noqa: S608
        " ORDER BY c.opened_at, c.id"
    )
    return q.all(model.MoneyCase, sql, (payment_id,))
