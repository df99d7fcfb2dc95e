"""The SQL of rehearsed trouble."""

from __future__ import annotations

from engine.kernel import database, records
from engine.kernel.reader import Reader
from engine.rehearsing import model

_IN_FORCE = "SELECT * FROM trouble WHERE ended_at IS NULL AND until > ?"


def in_force(q: Reader) -> list[model.Trouble]:
    """What is in force now, by party."""
    return q.all(model.Trouble, f"{_IN_FORCE} ORDER BY party, id", (q.now,))


def of_party(connection: database.Connection, party: str, now: int) -> model.Trouble | None:
    """The trouble that a party is in at an instant: there is one at most."""
    sql = f"{_IN_FORCE} AND party = ? ORDER BY begun_at DESC, id DESC LIMIT 1"
    found = connection.rows(sql, (now, party))
    return records.make(model.Trouble, found[0]) if found else None
