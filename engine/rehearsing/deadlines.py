"""When rehearsed trouble is over by itself."""

from __future__ import annotations

from engine.kernel.deadlines import of_rows

DEADLINES = (
    of_rows(
        "trouble_over", "SELECT until AS at, id AS subject FROM trouble WHERE ended_at IS NULL"
    ),
)
