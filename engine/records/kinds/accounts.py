"""A person's account as a record."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.records import protected
from engine.records.kinds.kind import Kind, Row, ids, one_course
from engine.registration import model


def _title(q: Reader, row: Row) -> str:
    return protected.person(q, row["id"])


def _linked(q: Reader, row: Row) -> list[str]:
    """Enterprises, then the person's own orders, certificates, seals and invoices, newest first."""
    own = "WHERE account_id = ? AND enterprise_id IS NULL ORDER BY created_at DESC LIMIT 20"
    return [
        *ids(
            q,
            "SELECT enterprise_id AS id FROM membership WHERE account_id = ? ORDER BY id",
            row["id"],
        ),
        *(
            found
            for table in ("certificate_order", "service_order", "certificate", "seal", "invoice")
            for found in ids(q, f"SELECT id FROM {table} {own}", row["id"])  # noqa: S608
        ),
    ]


KIND = Kind(
    name="account",
    prefix="acc",
    table="account",
    states=one_course(model.ACCOUNT, "account.status"),
    title=_title,
    indexes=("account.phone", "account.resident_id", "account.name"),
    listed=("phone", "real_name_at"),
    around=(
        "SELECT id FROM real_name_proof WHERE account_id = ?",
        "SELECT id FROM closing WHERE account_id = ?",
    ),
    held={
        "account": "SELECT * FROM account WHERE id = ?",
        "real_name_proof": (
            "SELECT * FROM real_name_proof WHERE account_id = ? ORDER BY created_at DESC LIMIT 5"
        ),
        "delivery_address": (
            "SELECT * FROM delivery_address WHERE account_id = ? ORDER BY created_at DESC LIMIT 10"
        ),
        "invoice_title": (
            "SELECT * FROM invoice_title WHERE account_id = ? ORDER BY created_at DESC LIMIT 10"
        ),
        "closing": "SELECT * FROM closing WHERE account_id = ? ORDER BY created_at DESC LIMIT 5",
        "phone_call": (
            "SELECT * FROM phone_call WHERE account_id = ? ORDER BY began_at DESC LIMIT 10"
        ),
    },
    linked=_linked,
)
