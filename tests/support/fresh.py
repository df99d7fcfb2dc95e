"""Fresh worlds by copying: what `boot.memory_world` makes, out of one that it made before.

Migrating and seeding a world takes most of what a small test takes. So it is done once in a process, and
each further world gets a copy of that one's database, page by page (on PostgreSQL by a template), and of
its entropy where that stood. `test_fresh_worlds.py` shows that nobody can tell the difference.
"""

from __future__ import annotations

import copy
import functools
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from engine import boot
from engine.boot import World, joining
from engine.boot.worlds import QUICK_HASHING, run_file, run_keys
from engine.kernel import clock, database, ids

_SEED, _START = 1, 1_780_272_000_000
_FILE = run_file("run", _SEED, _START)


@functools.cache
def _made() -> World:
    """The world that the others are copies of; nobody acts in it."""
    made = boot.memory_world(seed=_SEED, start=_START)
    boot.worlds.pop(made.id, None)
    return made


def connection(db: database.Database) -> Any:
    """SQLite's own connection of a database in memory."""
    assert isinstance(db, database.SqliteDatabase)
    return db._idle[0].raw


def _entropy() -> ids.Entropy:
    """Where the entropy of a world stands once it was made."""
    return copy.copy(_made().engine.parts.entropy)


def over(db: database.Database) -> World:
    """A world over a database in which a made one's content is already."""
    keyring, pki = run_keys(_FILE)
    found = joining.join(
        file=_FILE,
        path=None,
        db=db,
        keyring=keyring,
        pki=pki,
        the_clock=clock.ManualClock(_START),
        entropy=_entropy(),
        hashing=QUICK_HASHING,
    )
    boot.worlds[found.id] = found
    return found


def copied() -> database.SqliteDatabase:
    """A database in memory with the made one's content, for `over`."""
    db = database.SqliteDatabase(None)
    connection(_made().engine.parts.db).backup(connection(db))
    return db


def in_memory() -> World:
    """A seeded world in memory with a clock that stands still."""
    return over(copied())


def in_file(path: Path) -> World:
    """A seeded world over an SQLite file (WAL, synchronous=FULL)."""
    written = sqlite.connect(str(path))
    connection(_made().engine.parts.db).backup(written)
    written.close()
    return over(database.SqliteDatabase(path))


def on_postgresql(address: str) -> World:
    """A seeded world over a database that `prepared` made, or a copy of one."""
    return over(database.PostgresqlDatabase(address))


def prepared(address: str) -> None:
    """Make a world over an empty database; it is the template of others."""
    db = database.PostgresqlDatabase(address)
    made = boot.memory_world(seed=_SEED, start=_START, db=db)
    boot.worlds.pop(made.id, None)
    made.close()
