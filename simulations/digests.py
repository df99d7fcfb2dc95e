"""The digest of a world: SHA-256 over its log and then over all of its tables (decision 11).

Two runs with the same digest wrote the same bytes: ciphertexts, keys and bookkeeping too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from engine.boot import World
from engine.kernel import codec, database

_BATCH = 2_000


def of_world(world: World) -> str:
    """All columns of all events in order, then a canonical dump of every other table by name."""
    return of_database(world.engine.parts.db)


def of_database(db: database.Database) -> str:
    """The same of a database alone."""
    running = hashlib.sha256()
    with db.read() as connection:
        after = 0
        while rows := connection.rows(
            "SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?", (after, _BATCH)
        ):
            for row in rows:
                running.update(_line(row))
            after = rows[-1]["seq"]
        for table in database.tables(connection, db.dialect):
            if table == "event":
                continue
            running.update(f"\x1etable {table}\n".encode())
            for row in database.dump(connection, table):
                running.update(_line(row))
    return running.hexdigest()


def _line(row: database.Row) -> bytes:
    plain = {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in row.items()
    }
    return codec.canonical(plain).encode() + b"\n"


def of_campaign(shards: Iterable[tuple[int, str]]) -> str:
    """One digest of many shards, whatever the order they were done in."""
    text = "\n".join(f"{shard} {digest}" for shard, digest in sorted(shards))
    return hashlib.sha256(text.encode()).hexdigest()
