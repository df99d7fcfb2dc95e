"""The SQL of finance's list of invoices."""

from __future__ import annotations

from collections.abc import Sequence

from engine.invoicing import model
from engine.kernel import database, paging
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
    q: Reader,
    states: Sequence[str],
    seen: tuple[str, tuple[str, ...]],
    window: paging.Window,
    *,
    text: str = "",
    newest_first: bool = True,
) -> list[model.Invoice]:
    """Invoices and red letters in some states, of a number or of a title that begins so.

    `seen` is what is asked of those that one may see.
    """
    marks = ", ".join("?" for _ in states)
    only = " AND (number = ? OR title_name LIKE ?)" if text else ""
    within, places = seen
    part, values = paging.clause(window, ("id",), newest_first=newest_first)
    # What a person types is no pattern: its own signs of one stand for themselves.
    begins = text.replace("%", "").replace("_", "") + "%"
    sql = f"SELECT * FROM invoice WHERE status IN ({marks}){only}{within}{part}"  # noqa: S608
    given = (text, begins) if text else ()
    return q.all(model.Invoice, sql, (*states, *given, *places, *values))
