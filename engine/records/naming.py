"""What kind of record an id is of, whether the reader may see it, and how it is called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kernel.reader import Reader
from engine.records import kinds, model, protected
from engine.staffing import queries as staffing
from engine.staffing.model import Right


def kind_of(record_id: str) -> kinds.Kind | None:
    """The kind whose ids begin like this one."""
    return kinds.BY_PREFIX.get(record_id.partition("_")[0])


def leads_to_one(some_id: str) -> bool:
    """Whether an id is a record's, or of a sort that belongs to one."""
    prefix = some_id.partition("_")[0]
    return prefix in kinds.BY_PREFIX or prefix in kinds.LEADS_TO or prefix == "cas"


def record_of(q: Reader, some_id: str) -> str:
    """The record that an id is of, or belongs to: a payment's order, a case's subject; empty for none."""
    prefix = some_id.partition("_")[0]
    if prefix in kinds.BY_PREFIX:
        return some_id
    sql = kinds.LEADS_TO.get(prefix)
    if prefix == "cas":
        found = q.row("SELECT subject_id AS id FROM review_case WHERE id = ?", (some_id,))
        return "" if found is None else record_of(q, found["id"])
    found = None if sql is None else q.row(sql, (some_id,))
    return "" if found is None or found["id"] is None else str(found["id"])


def row_of(q: Reader, kind: kinds.Kind, record_id: str) -> Mapping[str, Any] | None:
    """The row of a record that the reader may see."""
    found = q.row(f"SELECT * FROM {kind.table} WHERE id = ?", (record_id,))  # noqa: S608
    return found if found is not None and may_see(q, kind, found) else None


def may_see(q: Reader, kind: kinds.Kind, row: Mapping[str, Any]) -> bool:
    """Whether the reader's right to look records up covers this one: its platform and agency.

    What belongs to no platform, people and enterprises, is everybody's who may look anything up.
    """
    if not kind.scoped:
        return staffing.has(q.actor, Right.LOOK_UP, anywhere=True)
    platform_id, agency_id = kind.scope(row)
    return staffing.has(q.actor, Right.LOOK_UP, platform_id=platform_id, agency_id=agency_id)


def hit(q: Reader, record_id: str) -> model.Hit | None:
    """A record, or a case, by its id; None where there is none or the reader may not see it."""
    known: dict[str, model.Hit | None] = q.memo.setdefault("hits", {})
    if record_id not in known:
        known[record_id] = (
            _case(q, record_id) if record_id.startswith("cas_") else _hit(q, record_id)
        )
    return known[record_id]


def _hit(q: Reader, record_id: str) -> model.Hit | None:
    kind = kind_of(record_id)
    row = None if kind is None else row_of(q, kind, record_id)
    return None if kind is None or row is None else hit_of(q, kind, row)


def hit_of(q: Reader, kind: kinds.Kind, row: Mapping[str, Any]) -> model.Hit:
    """A row as something found."""
    return model.Hit(
        kind=kind.name,
        id=row["id"],
        title=kind.title(q, row),
        status=f"{kind.states(row).family}.{kind.status(q, row)}",
    )


def _case(q: Reader, case_id: str) -> model.Hit | None:
    """A case, for staff who may look records of its platform and agency up."""
    found = q.row("SELECT * FROM review_case WHERE id = ?", (case_id,))
    if found is None or not staffing.has(
        q.actor, Right.LOOK_UP, platform_id=found["platform_id"], agency_id=found["agency_id"]
    ):
        return None
    title = found["title"]
    if title.startswith("acc_"):
        title = protected.person(q, title)
    return model.Hit(kind="case", id=case_id, title=title, status=f"case.status.{found['status']}")
