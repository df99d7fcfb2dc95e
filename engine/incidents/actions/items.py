"""Action items: what is to be done so that it does no more harm, is seen sooner, or does not come again."""

from __future__ import annotations

import datetime

from engine.incidents import model, queries
from engine.incidents.actions.records import checked, going_on
from engine.kernel import clock, errors
from engine.kernel.operation import Operation


class OwnerUnknown(errors.InvalidInput):
    """An action item belongs to a member of staff who is let in."""


class DayInvalid(errors.InvalidInput):
    """Give the day until which it is to be done, today or later: 2026-12-31."""


def add_item(
    op: Operation, *, incident_id: str, purpose: model.Purpose, what: str, owner: str, due_on: str
) -> model.Item:
    """Add an action item: what, what for, by whom (a member of staff's id) and until which day.

    Emits: incident.item_added.
    Raises: MayNot, NotFound, NotPossibleNow, TextMissing, PersonalInText, OwnerUnknown, DayInvalid.
    """
    staff = queries.require_handler(op)
    found = going_on(op, incident_id)
    made = model.Item(
        id=op.new_id("ini"),
        incident_id=found.id,
        purpose=purpose,
        what=checked(what, "what"),
        owner=_owner(op, owner),
        due_on=_day(op, due_on),
        status=model.ITEM.initial,
        created_at=op.now,
        created_by=staff.text,
    )
    op.insert("incident_item", made)
    op.record("incident.item_added", found.id, item=made.id, purpose=purpose.value, due=made.due_on)
    return made


def _owner(op: Operation, staff_id: str) -> str:
    try:
        status = op.value("staff", staff_id, "status")
    except errors.NotFound:
        status = ""
    if status != "active":
        raise OwnerUnknown(field="owner")
    return staff_id


def _day(op: Operation, text: str) -> str:
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        raise DayInvalid(field="due_on") from None
    if day < clock.civil_date(op.now):
        raise DayInvalid(field="due_on")
    return day.isoformat()


def do_item(op: Operation, *, item_id: str, result: str) -> model.Item:
    """Say that an action item is done, and what came of it; its owner, or who handles incidents.

    Emits: incident.item_done. Raises: MayNot, NotFound, NotPossibleNow, TextMissing, PersonalInText.
    """
    return _end(op, item_id, "do", "incident.item_done", result)


def drop_item(op: Operation, *, item_id: str, result: str) -> model.Item:
    """Drop an action item, and say why.

    Emits: incident.item_dropped. Raises: MayNot, NotFound, NotPossibleNow, TextMissing, PersonalInText.
    """
    queries.require_handler(op)
    return _end(op, item_id, "drop", "incident.item_dropped", result)


def _end(op: Operation, item_id: str, verb: str, fact: str, result: str) -> model.Item:
    staff = queries.require_staff(op)
    found = op.get(model.Item, "incident_item", item_id)
    if found.owner != staff.staff_id:
        queries.require_handler(op)
    status = model.ITEM.advance(found.status, verb)
    changes = {
        "status": status,
        "result": checked(result, "result"),
        "ended_at": op.now,
        "ended_by": staff.text,
    }
    op.update("incident_item", found.id, changes, was={"status": found.status})
    op.record(fact, found.incident_id, item=found.id)
    return op.get(model.Item, "incident_item", found.id)
