"""PostgreSQL through psycopg."""

from __future__ import annotations

import contextlib
import functools
import threading
from collections.abc import Iterator, Sequence
from typing import Any

import psycopg
import psycopg.rows

from engine.kernel.database.connections import (
    Connection,
    Row,
    UniqueViolated,
    Unserializable,
)

_CHAIN_LOCK = 0x59494E58
_WAITS = 50
_READS_AS_OF_BEFORE = (
    "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    " AND backend_xmin IS NOT NULL AND age(backend_xmin) >= age(CAST(? AS xid)) LIMIT 1"
)
_LOST_RACES = (psycopg.errors.SerializationFailure, psycopg.errors.DeadlockDetected)


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


def lost_race(problem: BaseException) -> bool:
    """Whether a statement failed because a concurrent transaction won: all of it has to be repeated."""
    return isinstance(problem, _LOST_RACES)


class PostgresqlDatabase:
    """PostgreSQL through psycopg 3, every transaction SERIALIZABLE."""

    dialect = "postgresql"
    frozen = False
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

        A dead row stays while anybody, such as the server's own statistics, still reads as of before its
        end: those are waited for, some seconds at most. The server's own write-ahead log forgets in its own
        time: its files are recycled.
        """
        with self._lease() as connection:
            [begun] = connection.rows(
                "SELECT CAST(CAST(pg_current_xact_id() AS xid) AS text) AS xid"
            )
            for _ in range(_WAITS):
                if not connection.rows(_READS_AS_OF_BEFORE, (begun["xid"],)):
                    break
                connection.rows("SELECT pg_sleep(0.1)")
            for table in ("data_key", "blind_index"):
                connection.raw.execute(f"VACUUM FULL {table}".encode())

    def close(self) -> None:
        """Close every idle connection."""
        with self._guard:
            while self._idle:
                self._idle.pop().raw.close()
