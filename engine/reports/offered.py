"""What the filters of the reports can be limited to, where the copy itself knows it best."""

from __future__ import annotations

from typing import Any


def reviewers(copy: Any) -> tuple[str, ...]:
    """Who has decided a review, as actor texts."""
    return _column(
        copy,
        "SELECT DISTINCT decided_by FROM review_task WHERE decided_by IS NOT NULL ORDER BY 1",
    )


def regions(copy: Any) -> tuple[str, ...]:
    """The provinces that orders and reviews come from."""
    return _column(
        copy,
        "SELECT region FROM order_fact WHERE region <> '' "
        "UNION SELECT region FROM review_task WHERE region <> '' ORDER BY 1",
    )


def _column(copy: Any, sql: str) -> tuple[str, ...]:
    return tuple(str(row[0]) for row in copy.cursor().execute(sql).fetchall())
