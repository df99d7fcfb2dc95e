"""The SQL of records: lists, histories, saved lists, and looks behind masks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.kernel import events, paging
from engine.kernel.reader import Reader
from engine.records import model
from engine.records.kinds import Kind

_EVENT = "seq, occurred_at, operation, actor, action, kind, version, subject, body"


def _marks(found: Sequence[Any]) -> str:
    return ", ".join("?" for _ in found)


def subjects(q: Reader, kind: Kind, record_id: str) -> list[str]:
    """The subjects whose events tell of a record: itself, what belongs to it, and the cases about those."""
    found = [record_id]
    for sql in kind.around:
        found += [row["id"] for row in q.rows(sql, (record_id,))]
    sql = f"SELECT id FROM review_case WHERE subject_id IN ({_marks(found)})"  # noqa: S608
    return found + [row["id"] for row in q.rows(sql, found)]


def events_before(q: Reader, about: Sequence[str], before: int, limit: int) -> list[events.Event]:
    """The newest events of some subjects before a sequence number (0: of all), newest first."""
    # The places are found in the index alone; only those rows are read.
    sql = (
        f"SELECT {_EVENT} FROM event WHERE seq IN (SELECT seq FROM event"  # noqa: S608
        f" WHERE subject IN ({_marks(about)}){' AND seq < ?' if before else ''}"
        " ORDER BY seq DESC LIMIT ?) ORDER BY seq DESC"
    )
    given = (*about, *((before,) if before else ()), limit)
    return [events.from_row(row) for row in q.rows(sql, given)]


def events_that_moved(
    q: Reader, about: Sequence[str], table: str, row_id: str
) -> list[events.Event]:
    """The events of some subjects that wrote the state of a row, oldest first."""
    sql = (
        f"SELECT {_EVENT} FROM event WHERE subject IN ({_marks(about)})"  # noqa: S608
        " AND body LIKE ? ORDER BY seq"
    )
    told = f'%["{table}","{row_id}",{{%"status":%'
    return [events.from_row(row) for row in q.rows(sql, (*about, told))]


def listed(
    q: Reader, kind: Kind, wanted: model.Wanted, seen: tuple[str, tuple[str, ...]],
    after: str, limit: int,
) -> list[Mapping[str, Any]]:  # fmt: skip
    """Rows of a kind, newest first, after one. `seen` is what is asked of those that one may see."""
    conditions: list[str] = []
    given: list[Any] = []
    for column, value in (
        ("status = ?", wanted.status),
        ("platform_id = ?", wanted.platform_id),
        ("agency_id = ?", wanted.agency_id),
        ("created_at >= ?", wanted.since),
        ("created_at < ?", wanted.until),
        ("id < ?", after),
    ):
        if value not in ("", None):
            conditions.append(column)
            given.append(value)
    only, places = seen
    where = f"{' AND '.join(conditions) or '1 = 1'}{only}"
    sql = f"SELECT * FROM {kind.table} WHERE {where} ORDER BY id DESC LIMIT ?"  # noqa: S608
    return list(q.rows(sql, (*given, *places, limit)))


def views(q: Reader, staff_id: str) -> list[model.RecordView]:
    """The saved lists of a member of staff, and then those that others share."""
    sql = (
        "SELECT * FROM record_view WHERE staff_id = ? OR shared = 1"
        " ORDER BY CASE WHEN staff_id = ? THEN 0 ELSE 1 END, name, id"
    )
    return q.all(model.RecordView, sql, (staff_id, staff_id))


def reveals_since(q: Reader, staff_id: str, since: int) -> int:
    """How often a member of staff looked behind a mask since an instant."""
    sql = "SELECT COUNT(*) AS n FROM reveal WHERE staff_id = ? AND revealed_at > ?"
    found = q.row(sql, (staff_id, since))
    return int(found["n"]) if found else 0


def reveals_of(q: Reader, record_id: str, window: paging.Window) -> list[Mapping[str, Any]]:
    """Who looked behind a record's masks, newest first."""
    part, values = paging.clause(window, ("id",))
    return list(q.rows(f"SELECT * FROM reveal WHERE record_id = ?{part}", (record_id, *values)))  # noqa: S608
