"""Worlds of tests that keep signed tree heads, in a folder of the test's."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from engine.boot import World
from engine.evidence import checking, keeping
from engine.evidence.verifier.heads import TreeHead
from engine.kernel.engine import Engine
from tests.support import worlds
from tests.support.registering import sign_up


def with_heads(world: World, folder: Path) -> World:
    """The same world, which keeps its heads in a folder."""
    parts = world.engine.parts
    own = dataclasses.replace(parts, heads=folder / "heads", head_note=folder / "newest-head.json")
    return dataclasses.replace(world, engine=Engine(own))


def folder_of(world: World) -> keeping.HeadFolder:
    """The folder of a world's heads."""
    found = keeping.folder_of(world.engine.parts)
    assert found is not None
    return found


def heads(world: World) -> list[TreeHead]:
    """All of a world's heads, oldest first."""
    return list(folder_of(world).every())


def size(world: World) -> int:
    """How many events a world's log has."""
    return int(worlds.rows(world, "SELECT COALESCE(MAX(seq), 0) AS n FROM event")[0]["n"])


def write(world: World, number: int) -> None:
    """Bring about some events: somebody new signs up."""
    sign_up(world, f"138{number:08d}")


def checked(world: World) -> checking.Checked:
    """What a check of the whole log finds."""
    with world.engine.parts.db.read() as connection:
        return checking.check(world.engine.parts, connection)


def texts(found: checking.Checked) -> list[str]:
    """The breaks in English."""
    return [one.text.format(**one.params) for one in found.breaks]
