"""The SQL of invoices and red letters."""

from __future__ import annotations

from engine.invoicing import model
from engine.kernel import notes, paging
from engine.kernel.reader import Reader

UNLOGGED: dict[str, str] = {
    "invoice_balance": "what invoices hold of an order: derived, for the database's own check"
}
OWNED = (
    notes.Owned(
        table="invoice",
        columns=(
            "enterprise_id",
            "platform_id",
            "agency_id",
            "order_kind",
            "medium",
            "address_id",
            "kind",
            "lines",
            "title_kind",
            "title_name",
            "title_code",
            "number",
            "amount_fen",
            "tax_fen",
            "total_fen",
            "reversed_fen",
            "reverses",
            "reason",
            "asked_by",
            "corrects",
            "status",
            "problem",
            "reasons",
            "paper_code",
            "paper_number",
            "blob_id",
            "created_at",
            "issued_at",
            "deducted_at",
            "ended_at",
        ),
        sealed={"details": "evidence"},
    ),
    notes.Owned(
        table="invoice_title",
        columns=("enterprise_id", "kind", "is_default", "created_at", "changed_at"),
        sealed={"details": "profile"},
    ),
)


def blue_of_account(
    q: Reader, account_id: str, status: str, window: paging.Window | None
) -> list[model.Invoice]:
    """A person's invoices without the red letters, newest first; of one status where it is named."""
    part, values = paging.clause(window, ("id",))
    only, named = (" AND status = ?", (status,)) if status else ("", ())
    sql = "SELECT * FROM invoice WHERE account_id = ? AND reverses IS NULL" + only + part  # noqa: S608
    return q.all(model.Invoice, sql, (account_id, *named, *values))


def of_account(q: Reader, account_id: str) -> list[model.Invoice]:
    """A person's invoices, newest first."""
    sql = "SELECT * FROM invoice WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.Invoice, sql, (account_id,))


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Invoice]:
    """An enterprise's invoices, newest first."""
    sql = "SELECT * FROM invoice WHERE enterprise_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.Invoice, sql, (enterprise_id,))


def of_order(q: Reader, order_id: str) -> list[model.Invoice]:
    """The invoices and red letters that an order is or was in, oldest first."""
    sql = (
        "SELECT i.* FROM invoice i JOIN invoiced_order x ON x.invoice_id = i.id"
        " WHERE x.order_id = ? ORDER BY i.created_at, i.id"
    )
    return q.all(model.Invoice, sql, (order_id,))


def red_letters(q: Reader, invoice_id: str) -> list[model.Invoice]:
    """The red letters about an invoice, oldest first."""
    sql = "SELECT * FROM invoice WHERE reverses = ? ORDER BY created_at, id"
    return q.all(model.Invoice, sql, (invoice_id,))


def by_number(q: Reader, number: str) -> model.Invoice | None:
    """The invoice with this 20-digit number."""
    return q.first(model.Invoice, "SELECT * FROM invoice WHERE number = ?", (number,))


def orders_of(q: Reader, invoice_id: str) -> list[model.InvoicedOrder]:
    """The orders that are in an invoice."""
    sql = "SELECT * FROM invoiced_order WHERE invoice_id = ? ORDER BY id"
    return q.all(model.InvoicedOrder, sql, (invoice_id,))


def rejected_over(q: Reader, account_id: str, order_ids: tuple[str, ...]) -> list[str]:
    """A person's applications over any of these orders that the desk decided, newest first."""
    marks = ", ".join("?" for _ in order_ids)
    sql = (
        "SELECT DISTINCT i.id, i.created_at FROM invoice i JOIN invoiced_order x"  # noqa: S608
        f" ON x.invoice_id = i.id WHERE i.account_id = ? AND x.order_id IN ({marks})"
        " AND i.reverses IS NULL ORDER BY i.created_at DESC, i.id DESC"
    )
    return [str(row["id"]) for row in q.rows(sql, (account_id, *order_ids))]
