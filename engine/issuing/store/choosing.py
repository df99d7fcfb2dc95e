"""The SQL of choosing certificates by what they have in common."""

from __future__ import annotations

from engine.issuing import model
from engine.kernel.reader import Reader


def chosen(q: Reader, wanted: model.Chosen) -> list[tuple[str, str, str]]:
    """(Id, platform, CA) of the signing certificates that are not over, those held by delegation first.

    What is delegated ends with the certificate that it was delegated within: in this order each is acted
    upon by itself.
    """
    marks = ", ".join("?" for _ in model.CHOOSABLE)
    sql = (
        "SELECT id, platform_id, agency_id FROM certificate"  # noqa: S608
        f" WHERE usage = 'signing' AND status IN ({marks})"
    )
    given: list[object] = list(model.CHOOSABLE)
    conditions = (
        ("platform_id = ?", wanted.platform_id),
        ("agency_id = ?", wanted.agency_id),
        ("enterprise_id = ?", wanted.enterprise_id),
        ("status = ?", wanted.status),
        ("created_at >= ?", wanted.made_from),
        ("created_at < ?", wanted.made_to),
    )
    for condition, value in conditions:
        if value not in ("", None):
            sql += f" AND {condition}"
            given.append(value)
    sql += " AND not_after > ?"
    sql += " ORDER BY CASE WHEN delegated_by IS NULL THEN 1 ELSE 0 END, created_at, id"
    found = q.rows(sql, (*given, q.now))
    return [(row["id"], row["platform_id"], row["agency_id"]) for row in found]
