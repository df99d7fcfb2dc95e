"""The SQL of review cases."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.reviewing.model import Case

_OPEN = "('waiting', 'claimed', 'held')"


def of_subject(q: Reader, subject_id: str) -> list[Case]:
    """Every case about a subject, oldest first; without second looks, which its stage knows nothing of."""
    sql = "SELECT * FROM review_case WHERE subject_id = ? AND sample_of IS NULL ORDER BY opened_at, id"
    return q.all(Case, sql, (subject_id,))


def looks_at(q: Reader, subject_id: str) -> list[Case]:
    """The second looks at a subject that are open."""
    sql = (
        "SELECT * FROM review_case WHERE subject_id = ? AND sample_of IS NOT NULL"  # noqa: S608
        f" AND status IN {_OPEN} ORDER BY opened_at, id"
    )
    return q.all(Case, sql, (subject_id,))


def has_look(q: Reader, case_id: str, assignee: str, now: int) -> bool:
    """Whether a member of staff has the second look at a case under a living lease, or on hold."""
    sql = (
        "SELECT 1 AS x FROM review_case WHERE sample_of = ? AND assignee = ?"
        " AND (status = 'held' OR (status = 'claimed' AND lease_until > ?))"
    )
    return q.row(sql, (case_id, assignee, now)) is not None


def in_hand(q: Reader, staff: str, *, beside: str) -> int:
    """How many cases a member of staff has under a living lease, beside this one."""
    sql = (
        "SELECT COUNT(*) AS n FROM review_case WHERE status = 'claimed' AND assignee = ?"
        " AND lease_until > ? AND id <> ?"
    )
    found = q.row(sql, (staff, q.now, beside))
    return int(found["n"]) if found else 0


def running(q: Reader) -> list[Case]:
    """The open cases whose clocks run, the oldest first."""
    sql = "SELECT * FROM review_case WHERE status IN ('waiting', 'claimed') ORDER BY opened_at, id"
    return q.all(Case, sql)


def decided(q: Reader, *, limit: int) -> list[Case]:
    """The cases decided last."""
    sql = (
        "SELECT * FROM review_case WHERE decided_at IS NOT NULL AND sample_of IS NULL"
        " ORDER BY decided_at DESC, id DESC LIMIT ?"
    )
    return q.all(Case, sql, (limit,))
