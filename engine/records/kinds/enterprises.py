"""An enterprise as a record."""

from __future__ import annotations

import json

from engine.kernel.reader import Reader
from engine.records.kinds.kind import Kind, Row, ids, one_course
from engine.records.model import MOST_FOUND
from engine.registration import model
from engine.registration import queries as people


def _title(q: Reader, row: Row) -> str:
    return str(row["name"])


def _like(q: Reader, text: str) -> list[str]:
    return [one.id for one in people.enterprises_like(q, text, limit=MOST_FOUND)]


def _linked(q: Reader, row: Row) -> list[str]:
    """Its members, then what it has of each kind, newest first."""
    members = "SELECT account_id AS id FROM membership WHERE enterprise_id = ? ORDER BY id LIMIT 50"
    own = "WHERE enterprise_id = ? ORDER BY created_at DESC LIMIT 20"
    tables = ("certificate_order", "service_order", "certificate", "seal", "invoice", "file_record")
    contracts = (
        "SELECT DISTINCT contract_id AS id FROM contract_party WHERE mall_account_id IN"
        " (SELECT id FROM mall_account WHERE enterprise_id = ?) ORDER BY contract_id DESC LIMIT 20"
    )
    return [
        *ids(q, members, row["id"]),
        *(
            found
            for table in tables
            for found in ids(q, f"SELECT id FROM {table} {own}", row["id"])  # noqa: S608
        ),
        *ids(q, contracts, row["id"]),
    ]


def _papers(q: Reader, row: Row) -> list[tuple[str, str]]:
    """The papers that its particulars rest on."""
    sql = "SELECT papers FROM enterprise_particulars WHERE enterprise_id = ?"
    return [
        (paper["code"], paper["blob_id"])
        for found in q.rows(sql, (row["id"],))
        for paper in json.loads(found["papers"])
    ]


KIND = Kind(
    name="enterprise",
    prefix="ent",
    table="enterprise",
    states=one_course(model.ENTERPRISE, "enterprise.status"),
    title=_title,
    like=_like,
    listed=("uscc", "entity_class"),
    around=(
        "SELECT id FROM enterprise_claim WHERE enterprise_id = ?",
        "SELECT id FROM enterprise_change WHERE enterprise_id = ?",
    ),
    held={
        "enterprise_particulars": "SELECT * FROM enterprise_particulars WHERE enterprise_id = ?",
        "enterprise_change": (
            "SELECT * FROM enterprise_change WHERE enterprise_id = ? ORDER BY created_at DESC LIMIT 3"
        ),
    },
    linked=_linked,
    papers=_papers,
)
