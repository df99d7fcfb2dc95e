"""What a shard leaves: its log in Parquet and its database in an SQLite file, whatever it lived in."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from engine.boot import World, tables
from engine.kernel import database, migrating
from simulations import digests

_EVENTS = pa.schema(
    [
        ("seq", pa.int64()),
        ("occurred_at", pa.int64()),
        ("operation", pa.string()),
        ("actor", pa.string()),
        ("action", pa.string()),
        ("kind", pa.string()),
        ("version", pa.int64()),
        ("subject", pa.string()),
        ("body", pa.string()),
        ("previous", pa.binary()),
        ("mac", pa.binary()),
    ]
)


def events_name(shard: int) -> str:
    """The file of a shard's log, in the folder of its replication."""
    return f"events-{shard}.parquet"


def world_name(shard: int) -> str:
    """The file of a shard's database, in the folder of its replication."""
    return f"world-{shard}.sqlite3"


def answers_name(shard: int) -> str:
    """The file of a shard's answers to what was planted, in the folder of its replication."""
    return f"answers-{shard}.parquet"


def write_events(connection: database.Connection, path: Path) -> int:
    """The whole log as Parquet; how many events."""
    draft, after, count = path.with_suffix(".new"), 0, 0
    with pq.ParquetWriter(draft, _EVENTS, compression="zstd") as writer:
        while rows := connection.rows(
            "SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT 20000", (after,)
        ):
            writer.write_table(pa.Table.from_pylist(rows, schema=_EVENTS))
            after, count = rows[-1]["seq"], count + len(rows)
    os.replace(draft, path)
    return count


def write_database(world: World, path: Path) -> str:
    """The whole database as an SQLite file; its digest.

    One that lived in PostgreSQL is copied row by row, and the digest is the copy's: the ledger of
    migrations names what each database understands, and all else has to be the same.
    """
    db = world.engine.parts.db
    draft = path.with_suffix(".new")
    draft.unlink(missing_ok=True)
    if isinstance(db, database.SqliteDatabase):
        db.backup_to(draft)
        digest = digests.of_world(world)
    else:
        digest = _copied(db, draft)
    os.replace(draft, path)
    return digest


def _copied(db: database.Database, draft: Path) -> str:
    """Every row of every table, in a database of the same migrations; the copy's digest."""
    copy = database.SqliteDatabase(None)
    try:
        migrating.migrate(copy, tables.STAGES)
        with db.read() as source, copy.write() as target:
            # Rows come table by table, so that some come before those they point at.
            target.run("PRAGMA defer_foreign_keys=ON")
            for table in database.tables(source, db.dialect):
                if table == "migration":
                    continue
                for row in database.dump(source, table):
                    marks = ", ".join("?" for _ in row)
                    target.run(
                        f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})",  # noqa: S608
                        tuple(row.values()),
                    )
        copy.backup_to(draft)
        return digests.of_database(copy)
    finally:
        copy.close()
