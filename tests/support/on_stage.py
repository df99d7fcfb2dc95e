"""A demo world of a process, and stages beside it, for tests."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from engine import boot
from engine.boot import World
from engine.kernel import database, events


@contextmanager
def process_of(folder: Path, patch: pytest.MonkeyPatch) -> Iterator[World]:
    """The process's own demo world in a folder; stages lie beside it and are closed in the end."""
    boot.create_world(folder, kind="demo", world_id=folder.name)
    world = boot.open_world(folder)
    patch.setattr(boot, "current", lambda: world)
    try:
        yield world
    finally:
        for one in [one for one in boot.worlds if one.startswith("stage-")]:
            boot.worlds.pop(one).close()
        boot.worlds.pop(world.id, None)
        world.close()


def kinds(world: World) -> list[str]:
    """The kinds of all facts in a world's log."""
    with world.engine.parts.db.read() as connection:
        return [one.kind for one in events.read_all(connection)]


def rows(world: World) -> dict[str, int]:
    """How many rows each table of a world has."""
    db = world.engine.parts.db
    assert isinstance(db, database.SqliteDatabase)
    with db.read() as connection:
        names = connection.rows("SELECT name FROM sqlite_master WHERE type = 'table'")
        return {
            row["name"]: connection.rows(f"SELECT COUNT(*) AS n FROM {row['name']}")[0]["n"]
            for row in names
        }
