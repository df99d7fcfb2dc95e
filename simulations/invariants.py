"""What must hold after every run: the stages' own invariants, the chain, the fold, and the jobs.

A violation names its rows, the first twenty, so that somebody can look at them. Checking changes
nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.boot import World, tables
from engine.kernel import database, events

SHOWN = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """How one invariant fared: no rows means that it holds."""

    name: str
    violations: int
    ids: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The finding as the report keeps it."""
        return {"name": self.name, "violations": self.violations, "ids": list(self.ids)}


def check(world: World) -> list[Finding]:
    """Every invariant of a world, broken or not."""
    found = []
    with world.engine.parts.db.read() as connection:
        for name, sql in tables.INVARIANTS.items():
            found.append(_finding(name, [str(row["id"]) for row in connection.rows(sql)]))
        checks: dict[str, Callable[[database.Connection, World], list[str]]] = {
            "the chain of events holds": _chain,
            "the log folds to the tables": _fold,
            "no job is stuck": _stuck,
        }
        for name, question in checks.items():
            found.append(_finding(name, question(connection, world)))
    return found


def broken(findings: list[Finding]) -> int:
    """How many rows break an invariant."""
    return sum(finding.violations for finding in findings)


def _finding(name: str, ids: list[str]) -> Finding:
    return Finding(name=name, violations=len(ids), ids=tuple(ids[:SHOWN]))


def _chain(connection: database.Connection, world: World) -> list[str]:
    _, breaks = events.verify(connection, world.keyring)
    return [f"{one.seq}: {one.problem}" for one in breaks]


def _stuck(connection: database.Connection, world: World) -> list[str]:
    sql = "SELECT id, kind, last_error FROM job WHERE status = 'stuck' ORDER BY id"
    return [f"{row['id']} {row['kind']}: {row['last_error']}" for row in connection.rows(sql)]


def _fold(connection: database.Connection, world: World) -> list[str]:
    told = events.fold(events.read_all(connection))
    wrong = []
    for table in database.tables(connection, world.engine.parts.db.dialect):
        if table in tables.UNLOGGED:
            continue
        kept = {row["id"]: row for row in database.dump(connection, table)}
        rows = told.pop(table, {})
        for row_id in sorted(kept.keys() | rows.keys()):
            held = kept.get(row_id, {})
            # A column that was never written holds its default, which is NULL.
            if {**dict.fromkeys(held), **rows.get(row_id, {})} != held:
                wrong.append(f"{table} {row_id}")
    return wrong + [f"{table} is told of and isn't there" for table in sorted(told)]
