"""Two databases behind one small face: SQLite (embedded default) and PostgreSQL.

Everything that differs between them is in this folder. SQL is written once, with `?` for parameters
and BIGINT, TEXT and BLOB for types. A write transaction is `BEGIN IMMEDIATE` on SQLite; on PostgreSQL it
is SERIALIZABLE with the chain lock taken before the snapshot (design decision 16). Results are always
fetched whole: an open cursor would pin SQLite's write-ahead log.
"""

from __future__ import annotations

from pathlib import Path

from engine.kernel.database.connections import (
    BUSY_S,
    Connection,
    Database,
    DatabaseBusy,
    Row,
    StorageFailed,
    UniqueViolated,
    Unserializable,
)
from engine.kernel.database.frozen import FrozenDatabase, ReadOnlyWorld
from engine.kernel.database.postgresql import PostgresqlDatabase, lost_race
from engine.kernel.database.sqlite import (
    SQLITE_AT_LEAST,
    SqliteDatabase,
    require_sound_sqlite,
)
from engine.kernel.dumps import dump, tables

__all__ = [
    "BUSY_S",
    "SQLITE_AT_LEAST",
    "Connection",
    "Database",
    "DatabaseBusy",
    "FrozenDatabase",
    "PostgresqlDatabase",
    "ReadOnlyWorld",
    "Row",
    "SqliteDatabase",
    "StorageFailed",
    "UniqueViolated",
    "Unserializable",
    "dump",
    "for_dialect",
    "lost_race",
    "open_database",
    "require_sound_sqlite",
    "tables",
]


def open_database(
    address: str, *, synchronous: str = "FULL"
) -> SqliteDatabase | PostgresqlDatabase:
    """The database at `address`: `memory`, a file's path, or a `postgresql://` URL.

    `synchronous` is SQLite's: with OFF a file is sure to be on the disk after `checkpoint` only.
    """
    if address == "memory":
        return SqliteDatabase(None)
    if address.startswith(("postgresql://", "postgres://", "host=", "dbname=")):
        return PostgresqlDatabase(address)
    return SqliteDatabase(Path(address), synchronous=synchronous)


def for_dialect(sql: str, dialect: str) -> str:
    """A statement of a migration in the dialect's own types."""
    return sql.replace(" BLOB", " BYTEA") if dialect == "postgresql" else sql
