"""The SQL of invoices."""

from __future__ import annotations

from engine.invoicing import model
from engine.kernel import notes
from engine.kernel.reader import Reader

UNLOGGED: dict[str, str] = {}
OWNED = (
    notes.Owned(
        table="invoice",
        columns=(
            "enterprise_id",
            "platform_id",
            "agency_id",
            "kind",
            "lines",
            "title_name",
            "title_code",
            "number",
            "amount_fen",
            "tax_fen",
            "total_fen",
            "status",
            "blob_id",
            "created_at",
            "issued_at",
        ),
    ),
)


def of_account(q: Reader, account_id: str) -> list[model.Invoice]:
    """A person's invoices, newest first."""
    sql = "SELECT * FROM invoice WHERE account_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.Invoice, sql, (account_id,))


def of_enterprise(q: Reader, enterprise_id: str) -> list[model.Invoice]:
    """An enterprise's invoices, newest first."""
    sql = "SELECT * FROM invoice WHERE enterprise_id = ? ORDER BY created_at DESC, id DESC"
    return q.all(model.Invoice, sql, (enterprise_id,))


def of_order(q: Reader, order_id: str) -> str | None:
    """The id of the invoice an order is in."""
    found = q.row("SELECT invoice_id FROM invoiced_order WHERE order_id = ?", (order_id,))
    return None if found is None else str(found["invoice_id"])


def by_number(q: Reader, number: str) -> model.Invoice | None:
    """The invoice with this 20-digit number."""
    return q.first(model.Invoice, "SELECT * FROM invoice WHERE number = ?", (number,))
