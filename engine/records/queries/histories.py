"""Everything that happened to a record, newest first, with what each event changed from and to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from engine.kernel import events
from engine.kernel.reader import Reader
from engine.records import model, protected, shown, store, values
from engine.records.queries.showing import found

_MOST, _BACK = 200, 200
Key = tuple[str, str]


def history(q: Reader, record_id: str, *, before: int = 0, limit: int = 50) -> model.History:
    """A page of a record's history: its events, and those of what belongs to it, before a sequence number.

    Old and new values stand in words; what is kept sealed is masked, what was deleted says so.
    `limit` is 1 to 200. Raises: NotFound, staffing.MayNot.
    """
    kind, row = found(q, record_id)
    about = store.subjects(q, kind, row["id"])
    most = min(max(limit, 1), _MOST)
    told = store.events_before(q, about, before, most + 1)
    page = told[:most]
    states = _states_before(q, about, page)
    entries = [_entry(q, event, states) for event in reversed(page)]
    return model.History(
        entries=tuple(reversed(entries)), following=page[-1].seq if len(told) > most else 0
    )


def _states_before(
    q: Reader, about: Sequence[str], page: Sequence[events.Event]
) -> dict[Key, dict[str, Any]]:
    """The rows that a page changes as they stood before it, as far back as each was made."""
    state: dict[Key, dict[str, Any]] = {}
    missing: set[Key] = set()
    for event in reversed(page):
        for table, row_id, written in event.changes:
            key = (table, row_id)
            if table in shown.COLUMNS and key not in state:
                state[key] = {}
                if written is not None and "id" not in written:
                    missing.add(key)
    before = page[-1].seq if page else 0
    while missing and before:
        older = store.events_before(q, about, before, _BACK)
        for event in older:
            for table, row_id, written in event.changes:
                key = (table, row_id)
                if key in missing and written is not None:
                    state[key] = {**written, **state[key]}
                    if "id" in written:
                        missing.discard(key)
        before = older[-1].seq if len(older) == _BACK else 0
    return state


def _entry(q: Reader, event: events.Event, state: dict[Key, dict[str, Any]]) -> model.Entry:
    """An event with its changes; `state` goes on to what it left."""
    changes: list[model.Change] = []
    for table, row_id, written in event.changes:
        columns = shown.COLUMNS.get(table)
        if columns is None:
            continue
        known = state.setdefault((table, row_id), {})
        if written is None:
            known.clear()
            continue
        changes += [
            change
            for column in columns
            if column in written and known.get(column) != written[column]
            for change in (_change(q, table, row_id, column, known.get(column), written[column]),)
            if change is not None
        ]
        known.update(written)
    return model.Entry(
        seq=event.seq,
        occurred_at=event.occurred_at,
        kind=event.kind,
        who=values.who(q, event.actor),
        subject=event.subject,
        changes=(*changes, *_said(q, event)),
    )


def _change(
    q: Reader, table: str, row_id: str, column: str, before: Any, after: Any
) -> model.Change | None:
    old, new = (values.of(q, table, row_id, column, one) for one in (before, after))
    if old is None and new is None:
        return None
    return model.Change(table=table, name=protected.name_of(column, table), before=old, after=new)


def _said(q: Reader, event: events.Event) -> list[model.Change]:
    """What an event says beside the rows it wrote: what somebody looked at, and on which ground."""
    if not event.kind.endswith(".revealed"):
        return []
    facts = event.facts
    # Events of older worlds call it the field and the reason.
    name = facts.get("name") or protected.name_of(str(facts.get("field", "")))
    ground = str(facts.get("ground") or facts.get("reason") or "")
    return [
        model.Change(
            table="reveal",
            name="column.looked_at",
            before=None,
            after=model.Value(form="label", text=str(name)),
        ),
        model.Change(
            table="reveal", name="column.ground", before=None, after=values.reason(q, ground)
        ),
    ]
