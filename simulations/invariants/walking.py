"""Following the log from where it was left: what the new events tell beside the tables and each other."""

from __future__ import annotations

import collections
from collections.abc import Mapping
from typing import Any

from engine.boot import tables
from engine.kernel import database, events

BACK = "time never goes back in the log"
ONCE_ISSUED = "a certificate is issued once"
ONCE_USED = "a QR code opens one thing once"
TOUCHED = "what the log has just told stands in the tables"
# What a QR code was made for has been done: a sign-in, a binding, a signature.
_ENDS = ("ticket.consumed",)
_IN_ONE_QUESTION = 400


class Walk:
    """A way along the log. It keeps where it is and what may happen once, and never the log itself."""

    def __init__(self) -> None:
        self._after = 0
        self._at = 0
        self._once: dict[str, collections.Counter[str]] = {
            ONCE_ISSUED: collections.Counter(),
            ONCE_USED: collections.Counter(),
        }
        # What was found wrong so far, by invariant.
        self.wrong: dict[str, list[str]] = {
            name: [] for name in (BACK, ONCE_ISSUED, ONCE_USED, TOUCHED)
        }

    def follow(self, connection: database.Connection) -> None:
        """Go on to the newest event, and look at the rows that were written on the way."""
        written: dict[str, dict[str, dict[str, Any] | None]] = {}
        while found := events.read(connection, after=self._after):
            for event in found:
                self._read(event)
                for table, row_id, values in event.changes:
                    _put(written.setdefault(table, {}), row_id, values)
            self._after = found[-1].seq
        for table in sorted(written.keys() - tables.UNLOGGED.keys()):
            self.wrong[TOUCHED] += _differing(connection, table, written[table])

    def _read(self, event: events.Event) -> None:
        if event.occurred_at < self._at:
            self.wrong[BACK].append(f"{event.seq}: {event.occurred_at} after {self._at}")
        self._at = event.occurred_at
        if event.kind == "certificate.issued":
            self._count(ONCE_ISSUED, event.subject)
        if event.kind in _ENDS:
            self._count(ONCE_USED, event.subject)

    def _count(self, name: str, subject: str) -> None:
        self._once[name][subject] += 1
        if self._once[name][subject] > 1:
            self.wrong[name].append(subject)


def _put(
    rows: dict[str, dict[str, Any] | None], row_id: str, values: Mapping[str, Any] | None
) -> None:
    known = rows.get(row_id)
    rows[row_id] = None if values is None else {**(known or {}), **values}


def _differing(
    connection: database.Connection, table: str, told: Mapping[str, Mapping[str, Any] | None]
) -> list[str]:
    """Rows that are otherwise than they were last told of, or not there, or there still."""
    wrong = []
    ids = sorted(told)
    for start in range(0, len(ids), _IN_ONE_QUESTION):
        part = ids[start : start + _IN_ONE_QUESTION]
        marks = ", ".join("?" for _ in part)
        sql = f'SELECT * FROM "{table}" WHERE id IN ({marks})'  # noqa: S608
        kept = {row["id"]: row for row in connection.rows(sql, part)}
        for row_id in part:
            values, row = told[row_id], kept.get(row_id)
            if values is None:
                same = row is None
            else:
                same = row is not None and all(
                    _plain(row[name]) == value for name, value in values.items()
                )
            if not same:
                wrong.append(f"{table} {row_id}")
    return wrong


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value
