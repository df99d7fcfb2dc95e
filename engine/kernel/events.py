"""The event log: append-only, keyed and chained; what it says folds to the tables.

An event's body is canonical JSON: `facts` (what the stage says happened) and `rows` (each row of a
logged table that the same step wrote: table, id, new values; `null` for a deleted row). Personal
fields are in it only as the ciphertext of their column. `mac` is HMAC-SHA-256 under the world's log
key over the previous mac and every column, so that an edit, a swap, a deletion or an insertion by
somebody without the key is found (`security.md` finding 8). A cut tail is found by a head kept
elsewhere (`head`).
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.kernel import codec, database, vault

GENESIS = bytes(32)
# Readers see every event in its newest form: (kind, version) → the body one version later.
upcasters: dict[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One fact of the log."""

    seq: int
    occurred_at: int
    operation: str
    actor: str
    action: str
    kind: str
    version: int
    subject: str
    body: dict[str, Any]

    @property
    def facts(self) -> dict[str, Any]:
        """What the stage says happened."""
        found: dict[str, Any] = self.body.get("facts", {})
        return found

    @property
    def changes(self) -> list[tuple[str, str, dict[str, Any] | None]]:
        """Rows written: table, id, new values (None: deleted)."""
        return [(table, row_id, values) for table, row_id, values in self.body.get("rows", [])]


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The newest event's place in the chain."""

    seq: int
    mac: bytes
    occurred_at: int


def head(connection: database.Connection) -> Head:
    """The head of the chain, or the genesis of an empty log."""
    found = connection.rows("SELECT seq, mac, occurred_at FROM event ORDER BY seq DESC LIMIT 1")
    if not found:
        return Head(seq=0, mac=GENESIS, occurred_at=0)
    row = found[0]
    return Head(seq=row["seq"], mac=bytes(row["mac"]), occurred_at=row["occurred_at"])


def mac_at(connection: database.Connection, seq: int) -> bytes | None:
    """The chain's value at an event, or None where there is no such event."""
    found = connection.rows("SELECT mac FROM event WHERE seq = ?", (seq,))
    return bytes(found[0]["mac"]) if found else None


def mac_of(keyring: vault.Keyring, previous: bytes, columns: tuple[Any, ...]) -> bytes:
    """The chain's value at an event, out of the one before it and the event's columns up to the body."""
    message = previous + "\x1f".join(map(str, columns)).encode()
    return keyring.mac("log-mac", message)


def append(
    connection: database.Connection,
    keyring: vault.Keyring,
    after: Head,
    event: Event,
    body: str,
) -> Head:
    """Write `event` after `after`; the new head."""
    columns = (
        event.seq,
        event.occurred_at,
        event.operation,
        event.actor,
        event.action,
        event.kind,
        event.version,
        event.subject,
        body,
    )
    mac = mac_of(keyring, after.mac, columns)
    connection.run(
        "INSERT INTO event (seq, occurred_at, operation, actor, action, kind, version, subject,"
        " body, previous, mac) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*columns, after.mac, mac),
    )
    return Head(seq=event.seq, mac=mac, occurred_at=event.occurred_at)


def from_row(row: database.Row) -> Event:
    """A row of the log as an event in its newest form."""
    body, version = codec.load(row["body"]), row["version"]
    while (step := upcasters.get((row["kind"], version))) is not None:
        body, version = step(body), version + 1
    return Event(
        seq=row["seq"],
        occurred_at=row["occurred_at"],
        operation=row["operation"],
        actor=row["actor"],
        action=row["action"],
        kind=row["kind"],
        version=version,
        subject=row["subject"],
        body=body,
    )


_COLUMNS = "seq, occurred_at, operation, actor, action, kind, version, subject, body"


def read(connection: database.Connection, *, after: int = 0, limit: int = 5_000) -> list[Event]:
    """Events after a sequence number, oldest first."""
    sql = f"SELECT {_COLUMNS} FROM event WHERE seq > ? ORDER BY seq LIMIT ?"  # noqa: S608
    return [from_row(row) for row in connection.rows(sql, (after, limit))]


def read_all(connection: database.Connection) -> Iterator[Event]:
    """Every event, oldest first, in batches."""
    after = 0
    while batch := read(connection, after=after):
        yield from batch
        after = batch[-1].seq


def of_subjects(connection: database.Connection, subjects: Iterable[str]) -> list[Event]:
    """The events whose subject is one of `subjects`, oldest first."""
    wanted = list(dict.fromkeys(subjects))
    if not wanted:
        return []
    marks = ", ".join("?" for _ in wanted)
    sql = f"SELECT {_COLUMNS} FROM event WHERE subject IN ({marks}) ORDER BY seq"  # noqa: S608
    return [from_row(row) for row in connection.rows(sql, wanted)]


def of_operation(connection: database.Connection, operation: str) -> list[Event]:
    """The events that one operation recorded."""
    sql = f"SELECT {_COLUMNS} FROM event WHERE operation = ? ORDER BY seq"  # noqa: S608
    return [from_row(row) for row in connection.rows(sql, (operation,))]


def newest(connection: database.Connection, subject: str, *kinds: str) -> int | None:
    """When a fact of these kinds (of any, where none is named) last happened to a subject."""
    marks = ", ".join("?" for _ in kinds)
    only = f" AND kind IN ({marks})" if kinds else ""
    sql = f"SELECT occurred_at FROM event WHERE subject = ?{only} ORDER BY seq DESC LIMIT 1"  # noqa: S608
    found = connection.rows(sql, (subject, *kinds))
    return int(found[0]["occurred_at"]) if found else None


def newest_of(connection: database.Connection, subjects: Iterable[str]) -> int:
    """The number of the newest event of any of these subjects; 0 where nothing ever happened to them."""
    wanted = list(dict.fromkeys(subjects))
    marks = ", ".join("?" for _ in wanted)
    sql = f"SELECT MAX(seq) AS seq FROM event WHERE subject IN ({marks})"  # noqa: S608
    return connection.rows(sql, wanted)[0]["seq"] or 0 if wanted else 0


def took(
    connection: database.Connection, *, began: str, ended: str, limit: int = 50
) -> tuple[int, ...]:
    """How long the last ones took from one fact of their subject to another, in milliseconds."""
    sql = (
        "SELECT e.occurred_at - (SELECT MAX(b.occurred_at) FROM event b WHERE b.subject = e.subject"
        " AND b.kind = ? AND b.seq < e.seq) AS took FROM event e WHERE e.kind = ?"
        " ORDER BY e.seq DESC LIMIT ?"
    )
    rows = connection.rows(sql, (began, ended, limit))
    return tuple(int(row["took"]) for row in rows if row["took"] is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Break:
    """A place where the chain does not hold, and why."""

    seq: int
    problem: str


def verify(
    connection: database.Connection, keyring: vault.Keyring, known_head: Head | None = None
) -> tuple[int, list[Break]]:
    """Check the whole chain; how many events there are, and every break (at most 20).

    `known_head` is a head kept outside the database: with it a cut tail is found too.
    """
    breaks: list[Break] = []
    previous, expected, after = GENESIS, 1, 0
    seen_known = known_head is None or known_head.seq == 0
    sql = f"SELECT {_COLUMNS}, previous, mac FROM event WHERE seq > ? ORDER BY seq LIMIT 5000"  # noqa: S608
    while rows := connection.rows(sql, (after,)):
        for row in rows:
            columns = tuple(row[name] for name in _COLUMNS.split(", "))
            if row["seq"] != expected:
                breaks.append(Break(seq=expected, problem="missing"))
            if bytes(row["previous"]) != previous:
                breaks.append(Break(seq=row["seq"], problem="not linked to the event before"))
            if not hmac.compare_digest(
                mac_of(keyring, bytes(row["previous"]), columns), bytes(row["mac"])
            ):
                breaks.append(Break(seq=row["seq"], problem="changed"))
            if known_head is not None and row["seq"] == known_head.seq:
                seen_known = hmac.compare_digest(bytes(row["mac"]), known_head.mac)
            previous, expected, after = bytes(row["mac"]), row["seq"] + 1, row["seq"]
            if len(breaks) >= 20:
                return expected - 1, breaks
    if not seen_known:
        breaks.append(Break(seq=expected, problem="the tail was cut or rewritten"))
    return expected - 1, breaks


def fold(log: Iterable[Event]) -> dict[str, dict[str, dict[str, Any]]]:
    """The tables that the log tells of: table → id → columns."""
    state: dict[str, dict[str, dict[str, Any]]] = {}
    for event in log:
        for table, row_id, values in event.changes:
            rows = state.setdefault(table, {})
            if values is None:
                rows.pop(row_id, None)
            else:
                rows.setdefault(row_id, {}).update(values)
    return state
