"""Two databases behind one small face: SQLite (embedded default) and PostgreSQL.

Everything that differs between them is in this file. SQL is written once, with `?` for parameters
and BIGINT, TEXT and BLOB for types. A write transaction is `BEGIN IMMEDIATE` on SQLite; on PostgreSQL it
is SERIALIZABLE with the chain lock taken before the snapshot (design decision 16). Results are always
fetched whole: an open cursor would pin SQLite's write-ahead log.
"""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import psycopg
import psycopg.rows
from pysqlite3 import dbapi2 as sqlite

from engine.kernel import errors
from engine.kernel.dumps import dump as dump
from engine.kernel.dumps import tables as tables

Row = dict[str, Any]
# The first version without the WAL-reset corruption (fixed in 3.51.3).
SQLITE_AT_LEAST = (3, 51, 3)
_CHAIN_LOCK = 0x59494E58
_BUSY_S = 30
_LOST_RACES = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)


class DatabaseBusy(errors.ProviderUnavailable):
    """The database is busy. Nothing was changed. Try again in a moment."""


class Unserializable(Exception):
    """A concurrent transaction won: repeat this one. Never leaves the kernel."""


class UniqueViolated(Exception):
    """A unique constraint refused a row. Never leaves the kernel as it is."""


class Connection(Protocol):
    """One connection in one transaction, or reading outside any."""

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Every row of a question."""

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        """Run a statement; the number of rows it touched."""


class Database(Protocol):
    """A database that hands out connections."""

    dialect: str
    # Whether writers that wait for each other gain by sharing a transaction (`gathering`).
    gathers: bool

    def write(self) -> contextlib.AbstractContextManager[Connection]:
        """A write transaction: committed at the end of the block, undone on any error."""

    def read(self) -> contextlib.AbstractContextManager[Connection]:
        """A connection for questions, seeing one snapshot."""

    def version(self) -> int | None:
        """A number that is another one after each commit, whoever made it; None where none is cheap.

        Never waits: it is asked for before every answer that is kept ready.
        """

    def checkpoint(self) -> None:
        """Make what was deleted leave the disk."""

    def close(self) -> None:
        """Give every connection back."""


def require_sound_sqlite(version: str = sqlite.sqlite_version) -> None:
    """Refuse an SQLite in the range of the WAL-reset corruption.

    Raises: ConfigurationError below 3.51.3.
    """
    if tuple(int(part) for part in version.split(".")) < SQLITE_AT_LEAST:
        raise errors.ConfigurationError(
            file="sqlite",
            problem=f"version {version} can lose committed work in WAL mode; 3.51.3 is needed",
        )


class _SqliteConnection:
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

    def __init__(self, path: Path | None, *, synchronous: str = "FULL") -> None:
        require_sound_sqlite()
        self._path = path
        self.gathers = path is not None
        self._synchronous = synchronous
        self._idle: list[_SqliteConnection] = []
        # There is one writer at a time, and it is always the same connection: what it has read and prepared
        # stays good, where another one would have to read anew what this one wrote.
        self._writer: list[_SqliteConnection] = [] if path else self._idle
        self._guard = threading.Lock()
        # Writers of one process queue here: SQLite's own wait for a lock sleeps up to 100 ms at a time.
        self._turn = threading.Lock()
        # A database in memory is one connection, so its users take turns.
        self._alone = threading.RLock() if path is None else None
        # Never writes, so that SQLite tells it of everybody's commits; in memory, the only one there is.
        self._watch: _SqliteConnection | None = None
        self._watching = threading.Lock()
        if path is None:
            self._watch = self._connect()
            self._idle.append(self._watch)

    def _connect(self) -> _SqliteConnection:
        raw = sqlite.connect(
            str(self._path) if self._path else ":memory:",
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        if self._path:
            raw.execute("PRAGMA journal_mode=WAL")
            raw.execute(f"PRAGMA synchronous={self._synchronous}")
            raw.execute(f"PRAGMA busy_timeout={_BUSY_S * 1000}")
        raw.execute("PRAGMA secure_delete=ON")
        raw.execute("PRAGMA foreign_keys=ON")
        raw.execute("PRAGMA trusted_schema=OFF")
        return _SqliteConnection(raw)

    @contextlib.contextmanager
    def _lease(self, writing: bool = False) -> Iterator[_SqliteConnection]:
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
        """A write transaction (`BEGIN IMMEDIATE`)."""
        with self._in_turn(), self._lease(writing=True) as connection:
            try:
                connection.raw.execute("BEGIN IMMEDIATE")
                yield connection
                connection.raw.execute("COMMIT")
            except sqlite.OperationalError as problem:
                if "locked" in str(problem) or "busy" in str(problem):
                    raise DatabaseBusy() from problem
                raise

    @contextlib.contextmanager
    def _in_turn(self) -> Iterator[None]:
        if self._alone is not None:
            yield
            return
        if not self._turn.acquire(timeout=_BUSY_S):
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
        """Empty the write-ahead log, so that deleted bytes leave the disk."""
        with self._lease() as connection:
            connection.raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")

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


@functools.cache
def _for_postgresql(sql: str) -> str:
    return sql.replace("%", "%%").replace("?", "%s")


class _PostgresqlConnection:
    def __init__(self, raw: psycopg.Connection[Row]) -> None:
        self.raw = raw

    def rows(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        with self.raw.cursor() as cursor:
            cursor.execute(_for_postgresql(sql).encode(), tuple(parameters), prepare=True)
            return cursor.fetchall()

    def run(self, sql: str, parameters: Sequence[Any] = ()) -> int:
        try:
            with self.raw.cursor() as cursor:
                cursor.execute(_for_postgresql(sql).encode(), tuple(parameters), prepare=True)
                return cursor.rowcount
        except psycopg.errors.UniqueViolation as problem:
            raise UniqueViolated(str(problem)) from problem


class PostgresqlDatabase:
    """PostgreSQL through psycopg 3, every transaction SERIALIZABLE."""

    dialect = "postgresql"
    # The server gathers the commits of its sessions itself.
    gathers = False

    def __init__(self, address: str) -> None:
        self._address = address
        self._idle: list[_PostgresqlConnection] = []
        self._guard = threading.Lock()

    def _connect(self) -> _PostgresqlConnection:
        raw = psycopg.connect(self._address, autocommit=True, row_factory=psycopg.rows.dict_row)
        raw.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
        return _PostgresqlConnection(raw)

    @contextlib.contextmanager
    def _lease(self) -> Iterator[_PostgresqlConnection]:
        with self._guard:
            connection = self._idle.pop() if self._idle else None
        connection = connection or self._connect()
        try:
            yield connection
        finally:
            if not connection.raw.closed:
                with self._guard:
                    self._idle.append(connection)

    @contextlib.contextmanager
    def write(self) -> Iterator[Connection]:
        """A serializable transaction; writers queue on the chain lock before their snapshot."""
        with self._lease() as connection:
            raw = connection.raw
            raw.execute("SELECT pg_advisory_lock(%s)", (_CHAIN_LOCK,))
            try:
                with raw.transaction():
                    yield connection
            except _LOST_RACES as problem:
                raise Unserializable from problem
            finally:
                if not raw.closed:
                    raw.execute("SELECT pg_advisory_unlock(%s)", (_CHAIN_LOCK,))

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A snapshot to ask questions of."""
        with self._lease() as connection, connection.raw.transaction():
            yield connection

    def version(self) -> None:
        """None: it would cost a round trip, as the question itself does."""

    def checkpoint(self) -> None:
        """Write the tables that keys and indexes were deleted from anew, without the dead rows.

        The server's own write-ahead log forgets in its own time: its files are recycled.
        """
        with self._lease() as connection:
            for table in ("data_key", "blind_index"):
                connection.raw.execute(f"VACUUM FULL {table}".encode())

    def close(self) -> None:
        """Close every idle connection."""
        with self._guard:
            while self._idle:
                self._idle.pop().raw.close()


def open_database(address: str) -> SqliteDatabase | PostgresqlDatabase:
    """The database at `address`: `memory`, a file's path, or a `postgresql://` URL."""
    if address == "memory":
        return SqliteDatabase(None)
    if address.startswith(("postgresql://", "postgres://", "host=", "dbname=")):
        return PostgresqlDatabase(address)
    return SqliteDatabase(Path(address))


def for_dialect(sql: str, dialect: str) -> str:
    """A statement of a migration in the dialect's own types."""
    return sql.replace(" BLOB", " BYTEA") if dialect == "postgresql" else sql
