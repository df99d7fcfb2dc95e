"""SQLite, in a file or in memory."""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pysqlite3 import dbapi2 as sqlite

from engine.kernel import errors
from engine.kernel.database.connections import (
    BUSY_S,
    Connection,
    DatabaseBusy,
    Row,
    StorageFailed,
    UniqueViolated,
)

# The first version without the WAL-reset corruption (fixed in 3.51.3).
SQLITE_AT_LEAST = (3, 51, 3)
# What SQLite says where the disk is to blame, and not what was asked of it.
_OF_THE_DISK = ("disk I/O error", "database or disk is full", "unable to open database file")


def require_sound_sqlite(version: str = sqlite.sqlite_version) -> None:
    """Refuse an SQLite in the range of the WAL-reset corruption.

    Raises: ConfigurationError below 3.51.3.
    """
    if tuple(int(part) for part in version.split(".")) < SQLITE_AT_LEAST:
        raise errors.ConfigurationError(
            file="sqlite",
            problem=f"version {version} can lose committed work in WAL mode; 3.51.3 is needed",
        )


class SqliteConnection:
    """One connection of ours: rows as dictionaries, and who was first."""

    def __init__(self, raw: Any) -> None:
        self.raw = raw

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        cursor = self.raw.execute(sql, parameters)
        found = cursor.fetchall()
        if not found:
            return []
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in found]

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        try:
            return int(self.raw.execute(sql, parameters).rowcount)
        except sqlite.IntegrityError as problem:
            if "UNIQUE" in str(problem):
                raise UniqueViolated(str(problem)) from problem
            raise


class SqliteDatabase:
    """SQLite in a file (WAL, synchronous=FULL) or, with no path, in memory."""

    dialect = "sqlite"
    frozen = False

    def __init__(self, path: Path | None, *, synchronous: str = "FULL") -> None:
        require_sound_sqlite()
        self._path = path
        self.gathers = path is not None
        self._synchronous = synchronous
        self._idle: list[SqliteConnection] = []
        # There is one writer at a time, and it is always the same connection: what it has read and prepared
        # stays good, where another one would have to read anew what this one wrote.
        self._writer: list[SqliteConnection] = [] if path else self._idle
        self._guard = threading.Lock()
        # Writers of one process queue here: SQLite's own wait for a lock sleeps up to 100 ms at a time.
        self._turn = threading.Lock()
        # A database in memory is one connection, so its users take turns.
        self._alone = threading.RLock() if path is None else None
        # Never writes, so that SQLite tells it of everybody's commits; in memory, the only one there is.
        self._watch: SqliteConnection | None = None
        self._watching = threading.Lock()
        if path is None:
            self._watch = self._connect()
            self._idle.append(self._watch)

    def _connect(self) -> SqliteConnection:
        raw = sqlite.connect(
            str(self._path) if self._path else ":memory:",
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        if self._path:
            raw.execute("PRAGMA journal_mode=WAL")
            raw.execute(f"PRAGMA synchronous={self._synchronous}")
            raw.execute(f"PRAGMA busy_timeout={BUSY_S * 1000}")
        raw.execute("PRAGMA secure_delete=ON")
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA trusted_schema=OFF")
        return SqliteConnection(raw)

    @contextlib.contextmanager
    def _lease(self, writing: bool = False) -> Iterator[SqliteConnection]:
        idle = self._writer if writing else self._idle
        with self._alone or contextlib.nullcontext():
            with self._guard:
                connection = idle.pop() if idle else None
            if connection is None and self._alone is not None:
                raise AssertionError(
                    "a database in memory is asked from within its own transaction"
                )
            connection = connection or self._connect()
            try:
                yield connection
            finally:
                if connection.raw.in_transaction:
                    connection.raw.execute("ROLLBACK")
                with self._guard:
                    idle.append(connection)

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A write transaction (`BEGIN IMMEDIATE`).

        Raises: DatabaseBusy, StorageFailed; nothing has changed then.
        """
        with self._in_turn(), self._lease(writing=True) as connection:
            try:
                connection.raw.execute("BEGIN IMMEDIATE")
                yield connection
                connection.raw.execute("COMMIT")
            except sqlite.OperationalError as problem:
                if "locked" in str(problem) or "busy" in str(problem):
                    raise DatabaseBusy() from problem
                if any(told in str(problem) for told in _OF_THE_DISK):
                    raise StorageFailed() from problem
                raise

    @contextlib.contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._alone is not None:
            yield
            return
        if not self._turn.acquire(timeout=BUSY_S):
            raise DatabaseBusy()
        try:
            yield
        finally:
            self._turn.release()

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot to ask questions of."""
        with self._lease() as connection:
            connection.raw.execute("BEGIN")
            yield connection
            connection.raw.execute("ROLLBACK")

    def version(self) -> int | None:
        """SQLite's own count of commits in a file, or of the rows that were ever touched in memory."""
        if self._alone is not None:
            return None if self._watch is None else int(self._watch.raw.total_changes)
        with self._watching:
            if self._watch is None:
                self._watch = self._connect()
                self._watch.raw.execute("PRAGMA busy_timeout=0")
            try:
                return int(self._watch.raw.execute("PRAGMA data_version").fetchone()[0])
            except sqlite.OperationalError:
                return None

    def backup_to(self, path: Path) -> None:
        """A consistent copy of the whole database in a new file (`VACUUM INTO`)."""
        with self._lease() as connection:
            connection.raw.execute("VACUUM INTO ?", (str(path),))

    def checkpoint(self) -> None:
        """Empty the write-ahead log, so that deleted bytes leave the disk, and all others are on it."""
        with self._lease() as connection:
            connection.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if self._path and self._synchronous == "OFF":
            with self._path.open("rb") as file:
                os.fsync(file.fileno())

    def close(self) -> None:
        """Close every idle connection."""
        with self._watching:
            if self._watch is not None and self._alone is None:
                self._watch.raw.close()
            self._watch = None
        with self._guard:
            for idle in (self._idle, self._writer):
                while idle:
                    idle.pop().raw.close()
