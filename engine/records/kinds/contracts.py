"""A contract as a record."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.records.kinds.kind import Kind, Row, ids, one_course
from engine.signing import model


def _title(q: Reader, row: Row) -> str:
    return f"{row['number']} {row['name']}"


def _linked(q: Reader, row: Row) -> list[str]:
    """Its parties, and the seals and certificates of the signatures on its newest version."""
    parties = (
        "SELECT DISTINCT m.enterprise_id AS id FROM contract_party y JOIN mall_account m"
        " ON m.id = y.mall_account_id WHERE y.contract_id = ? ORDER BY m.enterprise_id"
    )
    signed = (
        "FROM contract_signature WHERE contract_id = ? AND version = ? AND status = 'completed'"
        " ORDER BY completed_at"
    )
    found = [
        *ids(q, parties, row["id"]),
        *ids(q, f"SELECT seal_id AS id {signed}", row["id"], row["version"]),
        *ids(q, f"SELECT certificate_id AS id {signed}", row["id"], row["version"]),
    ]
    return list(dict.fromkeys(found))


def _papers(q: Reader, row: Row) -> list[tuple[str, str]]:
    """Its attachments, and every version of its document, the newest first."""
    versions = "SELECT blob_id FROM contract_version WHERE contract_id = ? ORDER BY id DESC"
    attached = "SELECT kind, blob_id FROM contract_attachment WHERE contract_id = ? ORDER BY id"
    return [
        *(("contract_document", one["blob_id"]) for one in q.rows(versions, (row["id"],))),
        *((one["kind"], one["blob_id"]) for one in q.rows(attached, (row["id"],))),
    ]


KIND = Kind(
    name="contract",
    prefix="con",
    table="contract",
    states=one_course(model.CONTRACT, "contract.status"),
    title=_title,
    columns=("number",),
    listed=("platform_id", "awardee", "total_fen", "signing_date"),
    scoped=("platform_id",),
    around=(
        "SELECT id FROM contract_signature WHERE contract_id = ?",
        "SELECT id FROM contract_party WHERE contract_id = ?",
        "SELECT id FROM contract_voiding WHERE contract_id = ?",
    ),
    held={
        "contract_party": (
            "SELECT * FROM contract_party WHERE contract_id = ? AND opinion IS NOT NULL ORDER BY id DESC"
        ),
        "contract_voiding": "SELECT * FROM contract_voiding WHERE contract_id = ? ORDER BY id DESC",
        "contract_act": (
            "SELECT * FROM contract_act WHERE contract_id = ? AND text IS NOT NULL"
            " ORDER BY created_at DESC LIMIT 20"
        ),
    },
    linked=_linked,
    papers=_papers,
)
