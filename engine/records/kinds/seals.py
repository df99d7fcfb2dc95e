"""A seal as a record."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.records.kinds.kind import Kind, Row, ids, one_course, present
from engine.sealing import model


def _title(q: Reader, row: Row) -> str:
    return f"{row['code']} {row['name']}"


def _linked(q: Reader, row: Row) -> list[str]:
    """Whose it is, the one it replaces or that replaces it, and the contracts that it stands on."""
    after = "SELECT id FROM seal WHERE replaces = ? ORDER BY id"
    contracts = (
        "SELECT DISTINCT s.contract_id AS id FROM seal_use u JOIN contract_signature s"
        " ON s.id = u.subject WHERE u.seal_id = ? ORDER BY s.contract_id DESC LIMIT 20"
    )
    return [
        *present(row["enterprise_id"], row["account_id"], row["replaces"]),
        *ids(q, after, row["id"]),
        *ids(q, contracts, row["id"]),
    ]


def _papers(q: Reader, row: Row) -> list[tuple[str, str]]:
    """The stamped form that it was applied for with, where there was one."""
    sql = "SELECT form_blob_id FROM seal_application WHERE id = ?"
    return [
        ("stamped_form", found["form_blob_id"])
        for found in q.rows(sql, (row["application_id"],))
        if found["form_blob_id"]
    ]


KIND = Kind(
    name="seal",
    prefix="sea",
    table="seal",
    states=one_course(model.SEAL, "seal.status"),
    title=_title,
    columns=("code",),
    listed=("kind", "enterprise_id", "agency_id", "valid_to"),
    scoped=("platform_id", "agency_id"),
    around=(
        "SELECT application_id AS id FROM seal WHERE id = ?",
        "SELECT id FROM seal_filing WHERE seal_id = ?",
        "SELECT id FROM seal_delegation WHERE seal_id = ?",
    ),
    linked=_linked,
    papers=_papers,
)
