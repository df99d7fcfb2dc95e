"""The SQL of the board: counts between instants that the calendar gave."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.kernel.reader import Reader
from engine.reviewing.store.queue import Condition

# Opened before the first instant; or before the second and nobody has looked yet.
Before = tuple[int, int]
_BEFORE = "(opened_at < ? OR (first_touched_at IS NULL AND opened_at < ?))"
_BETWEEN = (
    "((first_touched_at IS NOT NULL AND opened_at >= ? AND opened_at < ?)"
    " OR (first_touched_at IS NULL AND opened_at >= ? AND opened_at < ?))"
)


def standing(
    q: Reader,
    kind: str,
    where: Condition,
    *,
    rungs: dict[str, Before],
    hours: Sequence[tuple[int, int, int, int]],
) -> dict[str, int]:
    """How many cases of a kind were never on hold, how many of them stand on each rung and in each hour."""
    columns = ["COUNT(*) AS open", "SUM(CASE WHEN lease_until > ? THEN 1 ELSE 0 END) AS taken"]
    given: list[Any] = [q.now]
    for name, before in rungs.items():
        columns.append(f"SUM(CASE WHEN {_BEFORE} THEN 1 ELSE 0 END) AS {name}")
        given += before
    for number, edges in enumerate(hours):
        columns.append(f"SUM(CASE WHEN {_BETWEEN} THEN 1 ELSE 0 END) AS hour{number}")
        given += edges
    sql = (
        f"SELECT {', '.join(columns)} FROM review_case WHERE kind = ?"  # noqa: S608
        f" AND status IN ('waiting', 'claimed') AND held_ms = 0{where.sql}"
    )
    row = q.row(sql, (*given, kind, *where.parameters))
    return {name: int(value or 0) for name, value in row.items()} if row else {}


def in_hand(q: Reader) -> list[dict[str, Any]]:
    """How many cases everybody has in hand and on hold, by kind and place."""
    return q.rows(
        "SELECT assignee AS who, kind, platform_id, agency_id, status, COUNT(*) AS n"
        " FROM review_case WHERE status = 'claimed' AND lease_until > ?"
        " GROUP BY assignee, kind, platform_id, agency_id, status"
        " UNION ALL SELECT assignee, kind, platform_id, agency_id, status, COUNT(*)"
        " FROM review_case WHERE status = 'held'"
        " GROUP BY assignee, kind, platform_id, agency_id, status",
        (q.now,),
    )


def decided_since(q: Reader, since: int) -> list[dict[str, Any]]:
    """How many cases everybody has decided since an instant, by kind and place."""
    return q.rows(
        "SELECT decided_by AS who, kind, platform_id, agency_id, COUNT(*) AS n FROM review_case"
        " WHERE decided_at IS NOT NULL AND decided_at >= ?"
        " GROUP BY decided_by, kind, platform_id, agency_id",
        (since,),
    )
