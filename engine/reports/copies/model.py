"""How a table of the copy follows one of the engine."""

from __future__ import annotations

from dataclasses import dataclass

ACCOUNTS = frozenset({"account_ref", "account_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """A table of the copy that follows a table of the engine row by row.

    A column is a name, or an expression with the name it gets (`account_id AS account_ref`). Accounts are
    told apart by a keyed digest of their id, in every column of `ACCOUNTS`. What is `carried` is read with
    the rows for what is made of it, and is no column of the copy; `where` leaves rows out.
    `ends` is named of a table that the log does not tell of: a row of it may change until that instant is
    set, and rows are forgotten in the order of those instants.
    """

    table: str
    origin: str
    columns: tuple[str, ...]
    carried: tuple[str, ...] = ()
    where: str = ""
    ends: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The columns' names in the copy."""
        return tuple(column.rpartition(" AS ")[2] for column in self.columns)
