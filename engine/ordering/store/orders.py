"""The SQL of orders."""

from __future__ import annotations

from engine.kernel import notes, paging
from engine.kernel.reader import Reader
from engine.ordering import model

UNLOGGED: dict[str, str] = {}


OWNED = (
    notes.Owned(
        table="certificate_order",
        columns=(
            "number",
            "product",
            "business",
            "enterprise_id",
            "delegate_account_id",
            "scope",
            "replaces",
            "why",
            "platform_id",
            "agency_id",
            "seal_agency_id",
            "certificate_kind",
            "years",
            "carries_until",
            "download_mode",
            "price",
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
    notes.Owned(
        table="payment",
        columns=(
            "order_id",
            "number",
            "revenue",
            "amount_fen",
            "status",
            "trade_no",
            "created_at",
            "paid_at",
            "refunded_at",
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


def held_by(q: Reader, account_id: str, window: paging.Window | None) -> list[model.Order]:
    """A person's orders and those for a certificate that they hold by delegation, newest first."""
    part, values = paging.clause(window, ("id",))
    sql = "SELECT * FROM certificate_order WHERE (account_id = ? OR delegate_account_id = ?)" + part  # noqa: S608
    return q.all(model.Order, sql, (account_id, account_id, *values))


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Order]:
    """An enterprise's orders, newest first."""
    sql = (
        "SELECT * FROM certificate_order WHERE enterprise_id = ? ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Order, sql, (enterprise_id,))


def earlier_at(q: Reader, order: model.Order) -> list[str]:
    """The other orders of an order's holder for the same certificate at its platform, newest first."""
    sql = (
        "SELECT id FROM certificate_order WHERE holder = ? AND platform_id = ? AND product = ?"
        " AND id <> ? AND created_at <= ? ORDER BY created_at DESC, id DESC"
    )
    given = (order.holder, order.platform_id, order.product.value, order.id, order.created_at)
    return [row["id"] for row in q.rows(sql, given)]


def page_of(
    q: Reader,
    account_id: str,
    *,
    statuses: tuple[str, ...],
    product: str,
    business: str,
    text: str,
    before: str,
    limit: int,
) -> list[model.Order]:
    """Orders that a person placed or whose certificate is theirs, newest first, from one on."""
    where, given = ["(o.account_id = ? OR o.delegate_account_id = ?)"], [account_id, account_id]
    if statuses:
        where.append(f"o.status IN ({', '.join('?' for _ in statuses)})")
        given += statuses
    for column, wanted in (("product", product), ("business", business)):
        if wanted:
            where.append(f"o.{column} = ?")
            given.append(wanted)
    if text:
        where.append("(o.number LIKE ? ESCAPE '!' OR e.name LIKE ? ESCAPE '!')")
        plain = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        given += [f"%{plain}%"] * 2
    if before:
        # Ids are in the order of time.
        where.append("o.id < ?")
        given.append(before)
    sql = (
        "SELECT o.* FROM certificate_order o LEFT JOIN enterprise e ON e.id = o.enterprise_id"  # noqa: S608
        f" WHERE {' AND '.join(where)} ORDER BY o.id DESC LIMIT {limit:d}"
    )
    return q.all(model.Order, sql, given)


def counts_of(q: Reader, account_id: str) -> dict[str, int]:
    """How many orders of a person's are in each state."""
    sql = (
        "SELECT status, COUNT(*) AS n FROM certificate_order"
        " WHERE account_id = ? OR delegate_account_id = ? GROUP BY status"
    )
    return {row["status"]: int(row["n"]) for row in q.rows(sql, (account_id, account_id))}


def decided_in(q: Reader, agency_id: str, limit: int) -> list[int]:
    """How long a CA's last decisions took, in milliseconds: since the order had come to it (the log)."""
    sql = (
        "SELECT e.occurred_at - (SELECT MAX(b.occurred_at) FROM event b WHERE b.subject = e.subject"
        " AND b.seq < e.seq AND b.kind IN ('order.placed', 'order.paid', 'order.approved_by_platform'))"
        " AS took FROM event e JOIN certificate_order o ON o.id = e.subject"
        " WHERE e.kind = 'order.approved_by_agency' AND o.agency_id = ? ORDER BY e.seq DESC LIMIT ?"
    )
    return [int(row["took"]) for row in q.rows(sql, (agency_id, limit))]


def by_number(q: Reader, number: str) -> model.Order | None:
    """The order with this number."""
    return q.first(model.Order, "SELECT * FROM certificate_order WHERE number = ?", (number,))


def open_order(
    q: Reader, holder: str, platform_id: str, product: model.Product
) -> model.Order | None:
    """The order for a holder at a platform that has not ended."""
    sql = (
        "SELECT * FROM certificate_order WHERE holder = ? AND platform_id = ? AND product = ?"
        " AND status NOT IN ('completed', 'rejected', 'cancelled')"
    )
    return q.first(model.Order, sql, (holder, platform_id, product.value))


def living_certificate(
    q: Reader, holder: str, platform_id: str, product: model.Product
) -> model.Order | None:
    """The completed order for a holder at a platform whose certificate still holds."""
    sql = (
        "SELECT * FROM certificate_order WHERE holder = ? AND platform_id = ? AND product = ?"
        " AND certificate_until > ?"
    )
    return q.first(model.Order, sql, (holder, platform_id, product.value, q.now))


def delegated_to(q: Reader, account_id: str) -> list[model.Order]:
    """Orders whose certificate somebody else lets this person hold, newest first."""
    sql = (
        "SELECT * FROM certificate_order WHERE delegate_account_id = ?"
        " ORDER BY created_at DESC, id DESC"
    )
    return q.all(model.Order, sql, (account_id,))


def open_at(q: Reader, agency_id: str, after: str, limit: int) -> list[str]:
    """The ids of open orders at a CA (empty: at any), from one on."""
    sql = (
        "SELECT id FROM certificate_order WHERE id > ? AND ? IN ('', agency_id)"
        " AND status NOT IN ('completed', 'rejected', 'cancelled') ORDER BY id LIMIT ?"
    )
    return [row["id"] for row in q.rows(sql, (after, agency_id, limit))]


def open_within(q: Reader, certificate_id: str) -> list[model.Order]:
    """The open orders for members within an enterprise's certificate."""
    sql = (
        "SELECT * FROM certificate_order WHERE replaces = ? AND business = 'delegation'"
        " AND status NOT IN ('completed', 'rejected', 'cancelled') ORDER BY created_at, id"
    )
    return q.all(model.Order, sql, (certificate_id,))


def renewing(q: Reader, certificate_id: str) -> model.Order | None:
    """The open order that will take a certificate's place."""
    sql = (
        "SELECT * FROM certificate_order WHERE replaces = ? AND business <> 'delegation'"
        " AND status NOT IN ('completed', 'rejected', 'cancelled')"
    )
    return q.first(model.Order, sql, (certificate_id,))
