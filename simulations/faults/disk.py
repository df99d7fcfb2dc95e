"""A database whose disk fails now and then: busy for too long, full for a moment, an error at the commit.

A full disk is SQLite's own doing: for one transaction it may not grow, and says so where it has to. An
error at the commit is raised in its place, and the transaction is undone as SQLite undoes it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from pysqlite3 import dbapi2 as sqlite

from engine.kernel import database
from simulations.faults.injector import Injector

_NO_LIMIT = 4_294_967_294


class FailingDatabase:
    """A database for the engine of a run; the outside parties' books are on another disk."""

    def __init__(self, db: database.Database, faults: Injector) -> None:
        self._db = db
        self._faults = faults
        self._turn = 0
        self.dialect = db.dialect
        self.gathers = db.gathers
        self.frozen = False

    @contextlib.contextmanager
    def write(self) -> Iterator[database.Connection]:
        """A write transaction, which may fail as a whole.

        Raises: DatabaseBusy, StorageFailed.
        """
        self._turn += 1
        key = str(self._turn)
        if self._faults.strikes("database_busy", key):
            raise database.DatabaseBusy()
        disk = self._db.dialect == "sqlite"
        full = disk and self._faults.strikes("disk_full", key)
        failed = disk and self._faults.strikes("commit_failed", key)
        with self._db.write() as connection:
            if full:
                with self._no_room(connection):
                    yield connection
            else:
                yield connection
            if failed:
                raise sqlite.OperationalError("disk I/O error")

    @contextlib.contextmanager
    def _no_room(self, connection: database.Connection) -> Iterator[None]:
        """The database may not grow; where it has no need to, nothing was the matter."""
        pages = connection.rows("PRAGMA page_count")[0]["page_count"]
        connection.rows(f"PRAGMA max_page_count = {pages}")
        try:
            yield
            self._faults.spared("disk_full")
        finally:
            connection.rows(f"PRAGMA max_page_count = {_NO_LIMIT}")

    def read(self) -> contextlib.AbstractContextManager[database.Connection]:
        """A snapshot to ask questions of."""
        return self._db.read()

    def version(self) -> int | None:
        """A number that is another one after each commit."""
        return self._db.version()

    def checkpoint(self) -> None:
        """Make what was deleted leave the disk."""
        self._db.checkpoint()

    def close(self) -> None:
        """Give every connection back."""
        self._db.close()
