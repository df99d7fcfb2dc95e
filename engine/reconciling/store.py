"""The SQL of lists of numbered invoices, and of what they are compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.invoicing import model as invoicing
from engine.kernel import paging
from engine.kernel.reader import Reader
from engine.reconciling import model

UNLOGGED: dict[str, str] = {}
_NUMBERED = "i.status IN ('issued', 'partly_reversed', 'reversed')"
_TAKING = "(" + ", ".join(f"'{one.value}'" for one in sorted(invoicing.TAKING_BACK)) + ")"
_KNOWN = (
    "SELECT i.id, i.status, i.number, i.total_fen, i.tax_fen, i.issued_at,"
    " COALESCE(b.number, '') AS blue_number FROM invoice i LEFT JOIN invoice b ON b.id = i.reverses"
)
_AT_ONCE = 500
INVARIANTS = {
    "a compared list of invoices adds up": (
        "SELECT l.id FROM tax_list l WHERE l.status = 'compared' AND (l.line_count <> (SELECT COUNT(*)"
        " FROM tax_list_line x WHERE x.tax_list_id = l.id) OR l.total_fen <> COALESCE((SELECT"
        " SUM(x.total_fen) FROM tax_list_line x WHERE x.tax_list_id = l.id), 0))"
    ),
    "every line of a list that differs is on finance's list": (
        "SELECT x.id FROM tax_list_line x WHERE x.found <> 'matched' AND NOT EXISTS"
        " (SELECT 1 FROM money_case c WHERE c.kind = x.found AND c.subject = x.number)"
    ),
    "an invoice that a compared list should show stands in it, or on finance's list": (
        "SELECT i.id FROM invoice i JOIN tax_list l ON l.status = 'compared' WHERE i.issued_at IS NOT NULL"
        " AND i.issued_at >= (SELECT MIN(y.issued_at) FROM tax_list_line y WHERE y.tax_list_id = l.id)"
        " AND i.issued_at <= (SELECT MAX(y.issued_at) FROM tax_list_line y WHERE y.tax_list_id = l.id)"
        " AND NOT EXISTS (SELECT 1 FROM tax_list_line x WHERE x.number = i.number)"
        " AND NOT EXISTS (SELECT 1 FROM money_case c WHERE c.invoice_id = i.id)"
    ),
}


def list_of(q: Reader, business_date: str) -> model.TaxList | None:
    """The list of a business date."""
    sql = "SELECT * FROM tax_list WHERE business_date = ?"
    return q.first(model.TaxList, sql, (business_date,))


def lists(q: Reader, window: paging.Window) -> list[model.TaxList]:
    """The lists, newest first."""
    part, values = paging.clause(window, ("business_date",))
    return q.all(model.TaxList, f"SELECT * FROM tax_list WHERE 1 = 1{part}", values)  # noqa: S608


def lines(q: Reader, tax_list_id: str) -> list[model.TaxListLine]:
    """The lines of a list, as they stood in it."""
    sql = "SELECT * FROM tax_list_line WHERE tax_list_id = ? ORDER BY line_number"
    return q.all(model.TaxListLine, sql, (tax_list_id,))


def differing_lines(q: Reader, invoice_id: str) -> list[model.TaxListLine]:
    """The lines about an invoice that did not match."""
    sql = "SELECT * FROM tax_list_line WHERE invoice_id = ? AND found <> 'matched' ORDER BY id"
    return q.all(model.TaxListLine, sql, (invoice_id,))


def known(q: Reader, invoice_ids: Iterable[str]) -> Mapping[str, model.Known]:
    """Our invoices and red letters with these ids."""
    wanted = sorted(set(invoice_ids))
    found: list[model.Known] = []
    for first in range(0, len(wanted), _AT_ONCE):
        part = wanted[first : first + _AT_ONCE]
        marks = ", ".join("?" for _ in part)
        found += q.all(model.Known, f"{_KNOWN} WHERE i.id IN ({marks})", part)
    return {one.id: one for one in found}


def numbered_between(q: Reader, since: int, until: int) -> list[model.Known]:
    """Our invoices and red letters with a number of this span, by number."""
    sql = f"{_KNOWN} WHERE {_NUMBERED} AND i.issued_at >= ? AND i.issued_at < ? ORDER BY i.number"
    return q.all(model.Known, sql, (since, until))


def seen_elsewhere(q: Reader, number: str) -> bool:
    """Whether the list of any day shows a number."""
    return q.row("SELECT 1 AS x FROM tax_list_line WHERE number = ?", (number,)) is not None


def was_missing(q: Reader, number: str) -> bool:
    """Whether the list of its own day lacked a number."""
    sql = "SELECT 1 AS x FROM money_case WHERE kind = 'invoice_missing_there' AND subject = ?"
    return q.row(sql, (number,)) is not None


def overclaimed(q: Reader) -> list[model.Claimed]:
    """Orders whose issued invoices, less red letters that are under way, are for more than their money.

    Money is what came in less what went back or is on its way, as the movements and refunds say; where the
    ledger shows less revenue than that, the ledger counts.
    """
    sql = (
        "SELECT x.order_id, MAX(CASE WHEN i.reverses IS NULL THEN i.id ELSE '' END) AS invoice_id,"  # noqa: S608
        " SUM(x.gross_fen) AS invoiced_fen, MAX(m.money_fen) AS allowed_fen,"
        " MAX(m.refunded_fen) AS refunded_fen"
        " FROM invoiced_order x JOIN invoice i ON i.id = x.invoice_id JOIN ("
        "  SELECT p.order_id, SUM(CASE WHEN p.paid_at IS NULL THEN 0 ELSE p.amount_fen END)"
        "  - SUM(COALESCE(r.fen, 0)) AS money_fen, SUM(COALESCE(r.fen, 0)) AS refunded_fen"
        "  FROM payment p LEFT JOIN (SELECT payment_id, trade_no, SUM(amount_fen) AS fen FROM refund"
        "  GROUP BY payment_id, trade_no) r ON r.payment_id = p.id AND r.trade_no = p.trade_no"
        "  GROUP BY p.order_id) m ON m.order_id = x.order_id"
        f" WHERE (i.reverses IS NULL AND {_NUMBERED})"
        f" OR (i.reverses IS NOT NULL AND i.status IN {_TAKING})"
        " GROUP BY x.order_id HAVING SUM(x.gross_fen) > MAX(m.money_fen) ORDER BY x.order_id"
    )
    return q.all(model.Claimed, sql)


def not_in_books(q: Reader) -> list[model.Claimed]:
    """Orders whose issued invoices are for more than the revenue that the ledger holds of them."""
    sql = (
        "SELECT x.order_id, MAX(CASE WHEN i.reverses IS NULL THEN i.id ELSE '' END) AS invoice_id,"  # noqa: S608
        " SUM(x.gross_fen) AS invoiced_fen, MAX(l.fen) AS allowed_fen, 0 AS refunded_fen"
        " FROM invoiced_order x JOIN invoice i ON i.id = x.invoice_id"
        " JOIN (SELECT order_id, -SUM(amount_fen) AS fen FROM ledger_line"
        "  WHERE account LIKE 'revenue!_%' ESCAPE '!' OR account = 'orders' GROUP BY order_id) l"
        " ON l.order_id = x.order_id"
        f" WHERE (i.reverses IS NULL AND {_NUMBERED})"
        f" OR (i.reverses IS NOT NULL AND i.status IN {_TAKING})"
        " GROUP BY x.order_id HAVING SUM(x.gross_fen) > MAX(l.fen) ORDER BY x.order_id"
    )
    return q.all(model.Claimed, sql)


def orders_of(q: Reader, invoice_id: str) -> list[str]:
    """The orders in an invoice."""
    sql = "SELECT order_id FROM invoiced_order WHERE invoice_id = ? ORDER BY order_id"
    return [row["order_id"] for row in q.rows(sql, (invoice_id,))]


def case_counts(q: Reader, kinds: Sequence[str]) -> dict[str, tuple[int, int]]:
    """Business date → how many of its cases of these kinds are open, and how many there are."""
    marks = ", ".join("?" for _ in kinds)
    sql = (
        "SELECT business_date, SUM(CASE WHEN status <> 'settled' THEN 1 ELSE 0 END) AS still,"  # noqa: S608
        f" COUNT(*) AS n FROM money_case WHERE kind IN ({marks}) GROUP BY business_date"
    )
    found = q.rows(sql, tuple(kinds))
    return {row["business_date"]: (int(row["still"]), int(row["n"])) for row in found}
