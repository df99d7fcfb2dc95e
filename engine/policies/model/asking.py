"""What a question of one's own in SQL may take."""

from __future__ import annotations

from pydantic import Field

from engine.policies.model.setting import Setting


class OwnSqlRules(Setting):
    """The limits of one question in SQL: how long it may run, its memory, and the rows told (RPT-5)."""

    KIND = "own_sql_rules"
    seconds: int = Field(ge=1, le=60)
    memory_mb: int = Field(ge=64, le=1_024)
    most_rows: int = Field(ge=100, le=50_000)


class RevealRules(Setting):
    """How often one member of staff may look behind a mask (PI-3), whatever the ground."""

    KIND = "reveal_rules"
    per_hour: int = Field(ge=1, le=500)
    per_day: int = Field(ge=1, le=5_000)
