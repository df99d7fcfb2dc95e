"""The SQL of finance's list of invoices."""

from __future__ import annotations

from collections.abc import Sequence

from engine.invoicing import model
from engine.kernel import database
from engine.kernel.reader import Reader


def counts(q: Reader) -> list[database.Row]:
    """How many invoices and red letters stand where, by platform and CA."""
    sql = (
        "SELECT platform_id, agency_id, status, CASE WHEN reverses IS NULL THEN 0 ELSE 1 END AS red,"
        " COUNT(*) AS n, MIN(created_at) AS oldest FROM invoice"
        " GROUP BY platform_id, agency_id, status, CASE WHEN reverses IS NULL THEN 0 ELSE 1 END"
    )
    return q.rows(sql)


def in_states(
    q: Reader, states: Sequence[str], *, text: str, oldest_first: bool, limit: int
) -> list[model.Invoice]:
    """Invoices and red letters in some states, of a number or of a title that begins so."""
    marks = ", ".join("?" for _ in states)
    only = " AND (number = ? OR title_name LIKE ?)" if text else ""
    order = "created_at, id" if oldest_first else "created_at DESC, id DESC"
    # What a person types is no pattern: its own signs of one stand for themselves.
    begins = text.replace("%", "").replace("_", "") + "%"
    sql = f"SELECT * FROM invoice WHERE status IN ({marks}){only} ORDER BY {order} LIMIT ?"  # noqa: S608
    return q.all(model.Invoice, sql, (*states, *((text, begins) if text else ()), limit))
