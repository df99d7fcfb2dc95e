"""The SQL of views, looks, notes and handovers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.reviewing.model.desk import CaseNote, GivenHandover, SavedView

UNLOGGED = {
    "view_count": "derived: how many cases a view showed its reader lately",
    "case_look": "who had a case before them in the last half minute",
}


def views(q: Reader, staff_id: str) -> list[SavedView]:
    """The views of a member of staff, and then those that others share."""
    sql = (
        "SELECT * FROM saved_view WHERE staff_id = ? OR shared = 1"
        " ORDER BY CASE WHEN staff_id = ? THEN 0 ELSE 1 END, name, id"
    )
    return q.all(SavedView, sql, (staff_id, staff_id))


def counted(q: Reader, staff_id: str) -> dict[str, dict[str, Any]]:
    """What each view showed a member of staff when it was counted last."""
    found = q.rows("SELECT * FROM view_count WHERE staff_id = ?", (staff_id,))
    return {row["view_id"]: row for row in found}


def keep_count(
    op: Operation, view_id: str, staff_id: str, wanted: str, found: int, more: bool
) -> None:
    """Keep how many cases a view shows."""
    op.unlogged(
        "INSERT INTO view_count (view_id, staff_id, wanted, found, more, counted_at)"
        " VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (view_id, staff_id) DO UPDATE SET"
        " wanted = excluded.wanted, found = excluded.found, more = excluded.more,"
        " counted_at = excluded.counted_at",
        (view_id, staff_id, wanted, found, int(more), op.now),
    )


def forget_counts(op: Operation, view_id: str) -> None:
    """Forget the counts of a view that is gone."""
    op.unlogged("DELETE FROM view_count WHERE view_id = ?", (view_id,))


def looks(q: Reader, case_id: str, since: int) -> list[tuple[str, int]]:
    """(Staff id, instant) of who looked at a case since, the newest first."""
    sql = (
        "SELECT staff_id, looked_at FROM case_look WHERE case_id = ? AND looked_at > ?"
        " ORDER BY looked_at DESC, staff_id"
    )
    return [(row["staff_id"], row["looked_at"]) for row in q.rows(sql, (case_id, since))]


def keep_look(op: Operation, case_id: str, staff_id: str, *, before: int) -> bool:
    """Note that somebody looks at a case, unless that was noted since `before`; whether it was."""
    return bool(
        op.unlogged(
            "INSERT INTO case_look (case_id, staff_id, looked_at) VALUES (?, ?, ?)"
            " ON CONFLICT (case_id, staff_id) DO UPDATE SET looked_at = excluded.looked_at"
            " WHERE case_look.looked_at <= ?",
            (case_id, staff_id, op.now, before),
        )
    )


def forget_looks(op: Operation, staff_id: str, *, before: int) -> None:
    """Forget where somebody looked a while ago."""
    op.unlogged(
        "DELETE FROM case_look WHERE staff_id = ? AND looked_at <= ?",
        (staff_id, before),
    )


def notes(q: Reader, case_ids: Sequence[str]) -> list[CaseNote]:
    """The notes on cases, oldest first."""
    if not case_ids:
        return []
    marks = ", ".join("?" for _ in case_ids)
    sql = f"SELECT * FROM case_note WHERE case_id IN ({marks}) ORDER BY written_at, id"  # noqa: S608
    return q.all(CaseNote, sql, tuple(case_ids))


def open_handovers(q: Reader, staff_id: str) -> list[GivenHandover]:
    """Handovers that nobody has taken, to a member of staff or to whoever comes, oldest first."""
    sql = (
        "SELECT * FROM handover WHERE taken_at IS NULL AND from_staff <> ?"
        " AND (to_staff IS NULL OR to_staff = ?) ORDER BY given_at, id"
    )
    return q.all(GivenHandover, sql, (staff_id, staff_id))
