"""The log tells the tables: folding every event gives back each logged table, byte for byte."""

from __future__ import annotations

from typing import Any

from engine.boot import World, tables
from engine.kernel import codec, database, events


def differences(world: World) -> dict[str, tuple[dict[str, Any], dict[str, Any]]]:
    """Rows that the log tells otherwise than the table holds: `table/id` → (log, table)."""
    db = world.engine.parts.db
    with db.read() as connection:
        told = events.fold(events.read_all(connection))
        held = {
            name: {row["id"]: row for row in database.dump(connection, name)}
            for name in database.tables(connection, db.dialect)
            if name not in tables.UNLOGGED
        }
    assert told.keys() <= held.keys(), (
        f"logged, but not a logged table: {told.keys() - held.keys()}"
    )
    found: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for name, of_table in held.items():
        of_log = told.get(name, {})
        for row_id in of_table.keys() | of_log.keys():
            one, other = of_log.get(row_id, {}), of_table.get(row_id, {})
            # A column that was never written holds its default, which is NULL.
            if {**dict.fromkeys(other), **one} != other:
                found[f"{name}/{row_id}"] = (one, other)
    return found


def require(world: World) -> None:
    """Fail with the first differences, if there are any."""
    found = differences(world)
    shown = {place: codec.canonical(pair) for place, pair in sorted(found.items())[:5]}
    assert not found, f"{len(found)} rows differ between the log and the tables: {shown}"
