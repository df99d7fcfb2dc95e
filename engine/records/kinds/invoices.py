"""An invoice or a red letter as a record."""

from __future__ import annotations

from engine.invoicing import model
from engine.kernel.reader import Reader
from engine.records.kinds.kind import Course, Kind, Row, ids, present

_BLUE = Course(workflow=model.INVOICE, family="invoice.status")
_RED = Course(workflow=model.RED_LETTER, family="red_letter.status")


def _states(row: Row) -> Course:
    return _RED if row["reverses"] else _BLUE


def _title(q: Reader, row: Row) -> str:
    """Its number, or until it has one the title that it is made out to."""
    return str(row["number"] or row["title_name"] or row["id"])


def _linked(q: Reader, row: Row) -> list[str]:
    """Whose it is, its orders, and the invoices that it takes back, corrects, or is taken back by."""
    orders = "SELECT order_id AS id FROM invoiced_order WHERE invoice_id = ? ORDER BY order_id"
    red = "SELECT id FROM invoice WHERE reverses = ? ORDER BY id"
    return [
        *present(row["enterprise_id"], row["account_id"]),
        *ids(q, orders, row["id"]),
        *present(row["reverses"], row["corrects"]),
        *ids(q, red, row["id"]),
    ]


def _papers(q: Reader, row: Row) -> list[tuple[str, str]]:
    return [("invoice_document", row["blob_id"])] if row["blob_id"] else []


KIND = Kind(
    name="invoice",
    prefix="inv",
    table="invoice",
    states=_states,
    title=_title,
    columns=("number",),
    listed=("medium", "title_name", "platform_id", "agency_id", "total_fen", "issued_at"),
    scoped=("platform_id", "agency_id"),
    around=("SELECT id FROM shipment WHERE subject = ?",),
    held={
        "invoice": "SELECT * FROM invoice WHERE id = ?",
        "shipment": "SELECT * FROM shipment WHERE subject = ? ORDER BY attempt",
    },
    linked=_linked,
    papers=_papers,
)
