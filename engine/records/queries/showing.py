"""A record whole: facts, states, papers, what is sealed, what is linked; who looked behind masks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.kernel import errors, paging
from engine.kernel.reader import Reader
from engine.records import kinds, model, naming, protected, store, values
from engine.staffing import queries as staffing
from engine.staffing.model import Right

_LINKED = 100
_REVEALS = 100
# Staff have no record page; their own numbers are revealed through the same door.
_STAFF = "stf_"


def found(q: Reader, record_id: str) -> tuple[kinds.Kind, Mapping[str, Any]]:
    """A record's kind and its row, by its id or that of something that belongs to it.

    Raises: NotFound, also where the reader's right does not cover it; staffing.MayNot.
    """
    staffing.require(q, Right.LOOK_UP, anywhere=True)
    record_id = naming.record_of(q, record_id)
    kind = naming.kind_of(record_id)
    row = None if kind is None else naming.row_of(q, kind, record_id)
    if kind is None or row is None:
        raise errors.NotFound(what="record")
    return kind, row


def record(q: Reader, record_id: str) -> model.Record:
    """One record, but for its history; by its id, or by that of something that belongs to it.

    Raises: NotFound, also where the reader's right does not cover it; staffing.MayNot.
    """
    kind, row = found(q, record_id)
    hit = naming.hit_of(q, kind, row)
    return model.Record(
        kind=kind.name,
        id=row["id"],
        title=hit.title,
        status=hit.status,
        created_at=row["created_at"],
        facts=values.facts(q, kind.table, row),
        held=_held(q, kind.held, row["id"]),
        states=_states(q, kind, row),
        papers=_papers(q, kind, row),
        linked=_linked(q, kind, row),
    )


def _held(q: Reader, tables: Mapping[str, str], record_id: str) -> tuple[model.Held, ...]:
    return tuple(
        model.Held(
            table=table,
            id=row["id"],
            since=row.get("created_at") or row.get("changed_at") or row.get("began_at") or 0,
            facts=facts,
        )
        for table, sql in tables.items()
        for row in q.rows(sql, (record_id,))
        if (facts := protected.facts(q, table, row))
    )


def _states(q: Reader, kind: kinds.Kind, row: Mapping[str, Any]) -> model.States:
    """The table of transitions that the actions go by, and the states this record came to."""
    course = kind.states(row)
    about = store.subjects(q, kind, row["id"])
    passed = [
        model.Passed(status=str(written["status"]), at=event.occurred_at)
        for event in store.events_that_moved(q, about, kind.table, row["id"])
        for table, row_id, written in event.changes
        if (table, row_id) == (kind.table, row["id"]) and written and "status" in written
    ]
    return model.States(
        family=course.family,
        initial=course.workflow.initial.value,
        present=kind.status(q, row),
        names=tuple(one.value for one in course.workflow.statuses()),
        moves=tuple(
            (status.value, verb, to.value)
            for status, verbs in course.workflow.transitions.items()
            for verb, to in verbs.items()
        ),
        passed=tuple(passed),
    )


def _papers(q: Reader, kind: kinds.Kind, row: Mapping[str, Any]) -> tuple[model.Paper, ...]:
    papers = []
    for code, blob_id in kind.papers(q, row):
        blob = q.row("SELECT media_type, size, created_at FROM blob WHERE id = ?", (blob_id,))
        if blob is not None:
            papers.append(model.Paper(called=values.paper(q, code), **blob))
    return tuple(papers)


def _linked(q: Reader, kind: kinds.Kind, row: Mapping[str, Any]) -> tuple[model.Hit, ...]:
    """What it leads to, then the cases in which it was decided, newest first; what the reader may see."""
    about = store.subjects(q, kind, row["id"])
    cases = sorted((one for one in about if one.startswith("cas_")), reverse=True)
    ids = dict.fromkeys((*kind.linked(q, row), *cases))
    hits = (naming.hit(q, one) for one in ids if one != row["id"])
    return tuple(hit for hit in hits if hit is not None)[:_LINKED]


def held_of(q: Reader, record_id: str) -> Mapping[str, str]:
    """The tables whose protected values belong to a record, each with the question for its rows.

    Whoever looks behind a mask holds the right for all that the record is of: of people and enterprises,
    which belong to no platform, everywhere. Raises: NotFound, staffing.MayNot.
    """
    if record_id.startswith(_STAFF):
        staffing.require(q, Right.MANAGE_STAFF)
        return {"staff": "SELECT * FROM staff WHERE id = ?"}
    kind = naming.kind_of(record_id)
    platform_id = agency_id = None
    if kind is not None:
        row = q.row(f"SELECT * FROM {kind.table} WHERE id = ?", (record_id,))  # noqa: S608
        platform_id, agency_id = (None, None) if row is None else kind.scope(row)
        kind = kind if row is not None else None
    staffing.require(q, Right.LOOK_UP, platform_id=platform_id, agency_id=agency_id)
    if kind is None:
        raise errors.NotFound(what="record")
    return kind.held


def held(q: Reader, record_id: str) -> tuple[model.Held, ...]:
    """What is kept sealed of a record or of a member of staff, masked, with the places that `reveal` takes.

    Raises: NotFound, staffing.MayNot: for who may look behind the masks.
    """
    return _held(q, held_of(q, record_id), record_id)


def reveals(
    q: Reader, record_id: str, *, window: paging.Window | None = None
) -> list[model.Reveal]:
    """Who looked behind a record's masks, at what and on which ground, newest first: for the auditor.

    Raises: staffing.MayNot.
    """
    staffing.require(q, Right.AUDIT, anywhere=True)
    return [
        model.Reveal(
            id=row["id"],
            revealed_at=row["revealed_at"],
            who=staffing.name_of(q, row["staff_id"]),
            name=row["name"],
            ground=values.reason(q, row["ground"]),
        )
        for row in store.reveals_of(q, record_id, window or paging.Window(limit=_REVEALS))
    ]
