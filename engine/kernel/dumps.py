"""Whole tables in a canonical order, for digests and for the test that folds the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.kernel.database import Connection, Row


def tables(connection: Connection, dialect: str) -> list[str]:
    """The names of all tables, sorted."""
    if dialect == "sqlite":
        sql = (
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name"
        )
    else:
        sql = "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
    return sorted(row["name"] for row in connection.rows(sql))


def dump(connection: Connection, table: str) -> list[Row]:
    """Every row of `table` in a canonical order, for digests and the fold test."""
    found = connection.rows(f"SELECT * FROM {table}")  # noqa: S608 (names from the catalogue)
    for row in found:
        for name, value in row.items():
            if isinstance(value, memoryview):
                row[name] = bytes(value)
    names = sorted(found[0]) if found else []
    return sorted(found, key=lambda row: [str(row[name]) for name in names])
