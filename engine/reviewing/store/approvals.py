"""The SQL of approvals, second looks and their differences."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.reviewing.model import Agreement, Approval, Case, Difference


def approvals(q: Reader, case_id: str) -> list[Approval]:
    """The approvals of a case that stand, oldest first."""
    sql = "SELECT * FROM case_approval WHERE case_id = ? ORDER BY approved_at, id"
    return q.all(Approval, sql, (case_id,))


def approved(q: Reader, kind: str, subject_id: str) -> Case | None:
    """The approved case of a kind about a subject, the newest."""
    sql = (
        "SELECT * FROM review_case WHERE subject_id = ? AND kind = ? AND status = 'approved'"
        " AND sample_of IS NULL ORDER BY decided_at DESC, id DESC LIMIT 1"
    )
    return q.first(Case, sql, (subject_id, kind))


def differences(q: Reader) -> list[Difference]:
    """The differences nobody has settled, oldest first."""
    sql = "SELECT * FROM case_difference WHERE status = 'open' ORDER BY opened_at, id"
    return q.all(Difference, sql)


def difference(q: Reader, case_id: str) -> Difference | None:
    """The difference about a case, by the first case or by the second look."""
    sql = "SELECT * FROM case_difference WHERE case_id = ? OR sample_id = ?"
    return q.first(Difference, sql, (case_id, case_id))


def agreement(q: Reader) -> list[Agreement]:
    """How often second looks agreed, by kind and by who decided first."""
    sql = (
        "SELECT one.kind, one.decided_by, COUNT(*) AS looks,"
        " SUM(CASE WHEN one.status = two.status THEN 1 ELSE 0 END) AS agreed"
        " FROM review_case two JOIN review_case one ON one.id = two.sample_of"
        " WHERE two.sample_of IS NOT NULL AND two.decided_at IS NOT NULL"
        " GROUP BY one.kind, one.decided_by ORDER BY one.kind, one.decided_by"
    )
    return q.all(Agreement, sql)
