"""Rows of the engine's tables as rows of the copy: in batches, as columns, never one by one.

A batch goes into DuckDB as an Arrow table; row by row would be a hundred times slower.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from engine.kernel import database, events
from engine.reports.copies import ACCOUNTS, COPIES, Copy
from engine.reports.feeding import made

BATCH = 20_000
_IDS = 5_000
# With their bodies, which are a hundred times as large.
_EVENTS_AT_ONCE = 5_000
_EVENTS = ("seq", "occurred_at", "kind", "subject", "actor_kind")
# Facts of which something is counted, or that are counted of others, by their key.
COUNTED = {
    "account_fact": "account_ref",
    "order_fact": "id",
    "payment_fact": "id",
    "refund_fact": "id",
    "review_task": "id",
    "invoice_fact": "id",
    "invoiced_order_fact": "id",
    "shipment_fact": "id",
    "membership_fact": "id",
    "mall_account_fact": "id",
}
# A person is told apart in the copy by this, which leads to nobody without the world's key.
_REF = "acr_"
_ACCOUNT = "acc_"


class Names:
    """What accounts are called in the copy: a keyed digest of their id, the same each time."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self.of: Callable[[str], str] = functools.lru_cache(maxsize=1 << 18)(self._of)

    def _of(self, account_id: str) -> str:
        return _REF + hmac.digest(self._key, account_id.encode(), hashlib.sha256)[:10].hex()

    def subject(self, subject: str) -> str:
        """The subject of an event: an account by its name here, anything else as it is."""
        return self.of(subject) if subject.startswith(_ACCOUNT) else subject


def write(copy: Any, table: str, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Append rows to a table of the copy."""
    if not rows:
        return
    columns = [pa.array(column) for column in zip(*rows, strict=True)]
    copy.register("rows_now", pa.table(columns, names=list(names)))
    copy.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows_now")  # noqa: S608
    copy.unregister("rows_now")


def copy_events(
    source: database.Connection, copy: Any, names: Names, *, after: int, up_to: int, before: int
) -> None:
    """The events of a log after one; they are numbered on from those that the copy has `before`."""
    while after < up_to:
        rows = source.rows(
            "SELECT seq + ? AS seq, occurred_at, kind, subject, actor FROM event"
            " WHERE seq > ? AND seq <= ? ORDER BY seq",
            (before, after, min(after + BATCH, up_to)),
        )
        _write_events(copy, names, rows)
        after += BATCH


def copy_rows(source: database.Connection, copy: Any, names: Names) -> None:
    """Every row of every table that is copied, into a copy that has none of them."""
    for one in COPIES:
        for rows in _pages(source, one):
            _place(copy, names, one, rows, new=True)
    for table, key in COUNTED.items():
        copy.execute(f"INSERT INTO arrived SELECT '{table}', {key} FROM {table}")  # noqa: S608


def copy_changed(source: database.Connection, copy: Any, names: Names, *, after: int) -> None:
    """The events after one, and the rows that they say were written."""
    copy.execute("CREATE OR REPLACE TEMP TABLE touched (origin VARCHAR, id VARCHAR)")
    while True:
        rows = source.rows(
            "SELECT seq, occurred_at, operation, kind, version, subject, actor, action, body FROM event"
            " WHERE seq > ? ORDER BY seq LIMIT ?",
            (after, _EVENTS_AT_ONCE),
        )
        if not rows:
            break
        _note_touched(copy, rows)
        _write_events(copy, names, rows)
        after = rows[-1]["seq"]
    for one in COPIES:
        if one.ends:
            _follow_unlogged(source, copy, names, one)
            continue
        found = copy.execute(
            "SELECT DISTINCT id FROM touched WHERE origin = ? ORDER BY id", [one.origin]
        ).fetchall()
        ids = [row_id for (row_id,) in found]
        for start in range(0, len(ids), _IDS):
            part = ids[start : start + _IDS]
            marks = ", ".join("?" for _ in part)
            rows = source.rows(f"{_asked(one)} id IN ({marks})", part)
            gone = set(part) - {row[one.names[0]] for row in rows}
            _forget(copy, names, one, part, gone)
            _place(copy, names, one, rows, new=False)


def moved_besides(source: database.Connection, copy: Any) -> bool:
    """Whether rows ended of which the log says nothing."""
    for one in COPIES:
        if one.ends:
            (known,) = copy.execute(f"SELECT max({one.ends}) FROM {one.table}").fetchone()  # noqa: S608
            if source.rows(f"SELECT MAX({one.ends}) AS at FROM {one.origin}")[0]["at"] != known:  # noqa: S608
                return True
    return False


def _follow_unlogged(source: database.Connection, copy: Any, names: Names, one: Copy) -> None:
    """The rows that had not ended, or have ended since; away with what was forgotten."""
    (newest,) = copy.execute(f"SELECT max({one.ends}) FROM {one.table}").fetchone()  # noqa: S608
    first = source.rows(f"SELECT MIN({one.ends}) AS at FROM {one.origin}")[0]["at"]  # noqa: S608
    copy.execute(
        f"DELETE FROM {one.table} WHERE {one.ends} IS NULL OR $first IS NULL OR {one.ends} < $first",  # noqa: S608
        {"first": first},
    )
    told = f"SELECT {', '.join(one.columns)} FROM {one.origin}"  # noqa: S608
    rows = source.rows(
        f"{told} WHERE {one.ends} IS NULL OR {one.ends} >= ?",
        (0 if newest is None else newest,),
    )
    for start in range(0, len(rows), BATCH):
        _place(copy, names, one, rows[start : start + BATCH], new=False)


def _note_touched(copy: Any, rows: list[database.Row]) -> None:
    """Which rows a batch of events wrote, as their bodies say; DuckDB reads them faster than we do."""
    lifted = [row for row in rows if (row["kind"], row["version"]) in events.upcasters]
    for row in lifted:
        changed = [(table, row_id) for table, row_id, _ in events.from_row(row).changes]
        write(copy, "touched", ("origin", "id"), changed)
    plain = (
        [row["body"] for row in rows if row not in lifted]
        if lifted
        else [row["body"] for row in rows]
    )
    copy.register("rows_now", pa.table({"body": pa.array(plain, pa.string())}))
    copy.execute(
        "INSERT INTO touched SELECT DISTINCT origin, id FROM (SELECT"
        " unnest(json_extract_string(body, '$.rows[*][0]')) AS origin,"
        " unnest(json_extract_string(body, '$.rows[*][1]')) AS id FROM rows_now)"
    )
    copy.unregister("rows_now")


def _write_events(copy: Any, names: Names, rows: list[database.Row]) -> None:
    write(
        copy,
        "event_fact",
        _EVENTS,
        [
            (
                row["seq"],
                row["occurred_at"],
                row["kind"],
                names.subject(row["subject"]),
                row["actor"].partition(":")[0],
            )
            for row in rows
        ],
    )


def _asked(one: Copy) -> str:
    only = f" WHERE {one.where} AND" if one.where else " WHERE"
    return f"SELECT {', '.join((*one.columns, *one.carried))} FROM {one.origin}{only}"  # noqa: S608


def _pages(source: database.Connection, one: Copy) -> Iterator[list[database.Row]]:
    after = ""
    while True:
        rows = source.rows(f"{_asked(one)} id > ? ORDER BY id LIMIT {BATCH}", (after,))
        if not rows:
            return
        yield rows
        after = rows[-1][one.names[0]]


def _key(names: Names, one: Copy, row_id: str) -> str:
    return names.of(row_id) if one.names[0] in ACCOUNTS else row_id


def _forget(copy: Any, names: Names, one: Copy, ids: Sequence[str], gone: set[str]) -> None:
    """Note what changed, and take away the rows that are gone and what follows an invoice's row anew."""
    write(
        copy, "arrived", ("fact", "id"), [(one.table, _key(names, one, row_id)) for row_id in ids]
    )
    if gone:
        keys = [_key(names, one, row_id) for row_id in sorted(gone)]
        marks = ", ".join("?" for _ in keys)
        copy.execute(f"DELETE FROM {one.table} WHERE {one.names[0]} IN ({marks})", keys)  # noqa: S608
    if one.table == "invoice_fact":
        copy.execute(
            "DELETE FROM invoice_line_fact WHERE invoice_id IN"
            " (SELECT id FROM arrived WHERE fact = 'invoice_fact')"
        )


def _place(copy: Any, names: Names, one: Copy, rows: list[database.Row], *, new: bool) -> None:
    """Rows in the places of their old copies; what is counted beside them stays for now."""
    if not rows:
        return
    columns = {
        name: pa.array(
            [row[name] and names.of(row[name]) for row in rows]
            if name in ACCOUNTS
            else [row[name] for row in rows]
        )
        for name in (*one.names, *one.carried)
    }
    copy.register("rows_now", pa.table(columns))
    told = ", ".join(one.names)
    if new:
        copy.execute(f"INSERT INTO {one.table} ({told}) SELECT {told} FROM rows_now")  # noqa: S608
    else:
        copy.execute(_merged(one.table, one.names[0], one.names))
    if one.table in made.MADE:
        copy.execute(made.MADE[one.table])
    copy.unregister("rows_now")


def _merged(table: str, key: str, names: Sequence[str]) -> str:
    changes = ", ".join(f"{name} = n.{name}" for name in names if name != key)
    values = ", ".join(f"n.{name}" for name in names)
    return (
        f"MERGE INTO {table} t USING rows_now n ON t.{key} = n.{key}"  # noqa: S608
        f" WHEN MATCHED THEN UPDATE SET {changes}"
        f" WHEN NOT MATCHED THEN INSERT ({', '.join(names)}) VALUES ({values})"
    )
