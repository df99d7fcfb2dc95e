"""Worlds that tests get as copies are what `boot.memory_world` makes, to the last byte, and live on so."""

from __future__ import annotations

import pytest

from engine import boot, worker
from engine.kernel import database
from tests.support import fold, registering, worlds


def lived(world):
    """What is in a world, and what comes of the same acts in it."""
    # Which files were applied is another thing on each database.
    before = worlds.digest(world, without={"migration"})
    person = registering.sign_up(world)
    registering.prove(world, person)
    worker.tick(world, owner="test")
    assert not fold.differences(world)
    after = worlds.digest(world, without={"migration"})
    return before, after, person.account_id, world.engine.parts.entropy(32)


@pytest.fixture(scope="module")
def made():
    """A world that is no copy, and what came of it."""
    world = boot.memory_world()
    found = lived(world)
    world.close()
    return found


def test_a_copy_is_the_world_that_is_made_and_lives_on_like_it(made, any_world):
    assert lived(any_world) == made


def test_a_copy_in_memory_is_so_too_and_knows_nothing_of_another(made, world):
    assert lived(world) == made


def test_a_copy_in_a_file_is_as_durable_as_one_that_was_made(file_world):
    db = file_world.engine.parts.db
    assert isinstance(db, database.SqliteDatabase)
    with db.write() as connection:
        [mode], [sync] = (
            connection.rows(f"PRAGMA {name}") for name in ("journal_mode", "synchronous")
        )
    assert (mode["journal_mode"], sync["synchronous"]) == ("wal", 2)
