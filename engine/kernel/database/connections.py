"""What every database of ours does, and what of it stays within the kernel."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any, Protocol

from engine.kernel import errors

Row = dict[str, Any]
# So long a writer waits for its turn, in seconds.
BUSY_S = 30


class DatabaseBusy(errors.ProviderUnavailable):
    """The database is busy. Nothing was changed. Try again in a moment."""


class StorageFailed(errors.ProviderUnavailable):
    """The database could not be written: its disk is full or reports errors.

    Nothing was changed. Try again in a moment; if it stays so, whoever runs this server has to look at
    its disk.
    """


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
    # Whether nobody writes to it: a finished run that somebody looks at.
    frozen: bool

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
