"""An SQLite file that nobody writes to any more: what a finished run left."""

from __future__ import annotations

import urllib.parse
from pathlib import Path
from typing import NoReturn

from pysqlite3 import dbapi2 as sqlite

from engine.kernel import errors
from engine.kernel.database.sqlite import SqliteConnection, SqliteDatabase


class ReadOnlyWorld(errors.NotPermitted):
    """This is a finished run: look at everything, nothing can be changed. Leave it, or adopt it as demo data."""  # noqa: E501


class FrozenDatabase(SqliteDatabase):
    """A file opened as one that never changes: no lock, no journal beside it, not a byte of it altered."""

    frozen = True

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.gathers = False
        self._address = f"file:{urllib.parse.quote(str(path.resolve()))}?mode=ro&immutable=1"

    def _connect(self) -> SqliteConnection:
        raw = sqlite.connect(
            self._address,
            uri=True,
            isolation_level=None,
            check_same_thread=False,
            cached_statements=512,
        )
        raw.execute("PRAGMA query_only=ON")
        raw.execute("PRAGMA trusted_schema=OFF")
        return SqliteConnection(raw)

    def write(self) -> NoReturn:
        """Nothing is written.

        Raises: ReadOnlyWorld.
        """
        raise ReadOnlyWorld

    def version(self) -> int:
        """Always the same: nobody commits."""
        return 0

    def checkpoint(self) -> None:
        """There is nothing that could leave."""
