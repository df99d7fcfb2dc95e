"""Opening an incident, writing down what is known, and bringing it to its end."""

from __future__ import annotations

import datetime

from engine.incidents import model, queries, store
from engine.kernel import clock, errors, events, identifiers
from engine.kernel.operation import AlreadyTaken, Operation


class TextMissing(errors.InvalidInput):
    """Write what happened, in at most {most} characters."""


class PersonalInText(errors.InvalidInput):
    """The text seems to hold somebody's phone, ID or card number. The record is kept for good: take it out, name the account instead."""  # noqa: E501


class KindUnknown(errors.InvalidInput):
    """“{kind}” is not a kind of incident."""


class BeganLater(errors.InvalidInput):
    """It cannot have begun later than now."""


class SubjectUnknown(errors.NotFound):
    """Nothing with the id “{what}” has ever happened here."""


class AlreadyNamed(errors.Conflict):
    """The incident names this record already."""


class CauseMissing(errors.PolicyRefused):
    """Before an incident is closed its record says what happened, why, and what was learnt."""


class ItemsLeft(errors.PolicyRefused):
    """{n} action items are still to be done. Do them or drop them with a reason first."""


class StillStopped(errors.PolicyRefused):
    """Issuing is still stopped because of this incident. Lift the stop first."""


def checked(text: str, field: str, most: int = model.LONGEST_TEXT, *, empty: bool = False) -> str:
    """A text as it is kept.

    Raises: TextMissing, PersonalInText.
    """
    given = text.strip()
    if (not given and not empty) or len(given) > most or "\0" in given:
        raise TextMissing(field=field, most=most)
    if identifiers.holds_number(given):
        raise PersonalInText(field=field)
    return given


def open_incident(
    op: Operation, *, kind: str, title: str, began_at: int = 0, subject_id: str = ""
) -> model.Incident:
    """Open an incident: of a kind, since when as far as known (0: since now), about a record or none yet.

    Emits: incident.opened, incident.subject_named.
    Raises: MayNot, KindUnknown, TextMissing, PersonalInText, BeganLater, SubjectUnknown.
    """
    staff = queries.require_handler(op)
    rule = queries.kinds(op).get(kind)
    if rule is None:
        raise KindUnknown(field="kind", kind=kind)
    if began_at > op.now:
        raise BeganLater(field="began_at")
    made = model.Incident(
        id=op.new_id("inc"),
        number=_number(op),
        kind=kind,
        title=checked(title, "title", model.LONGEST_TITLE),
        status=model.INCIDENT.initial,
        began_at=began_at or op.now,
        opened_at=op.now,
        opened_by=staff.text,
        contain_by=op.now + rule.contain_hours * clock.HOUR,
    )
    op.insert("incident", made)
    op.record("incident.opened", made.id, number=made.number, incident_kind=kind)
    if subject_id:
        name_subject(op, incident_id=made.id, subject_id=subject_id)
    return made


def _number(op: Operation) -> str:
    """`IN`, the business date and a count of three digits: `IN20261129001`."""
    day: datetime.date = clock.civil_date(op.now)
    first = f"IN{day:%Y%m%d}"
    return f"{first}{store.numbers_like(op, first) + 1:03d}"


def going_on(op: Operation, incident_id: str) -> model.Incident:
    """An incident that is not closed; a closed one is reopened before more is written of it."""
    found = op.get(model.Incident, "incident", incident_id)
    if found.status is model.IncidentStatus.CLOSED:
        model.INCIDENT.advance(found.status, "write")
    return found


def note_incident(op: Operation, *, incident_id: str, text: str) -> model.Note:
    """Write a note into the timeline.

    Emits: incident.noted. Raises: MayNot, NotFound, NotPossibleNow, TextMissing, PersonalInText.
    """
    staff = queries.require_handler(op)
    found = going_on(op, incident_id)
    made = model.Note(
        id=op.new_id("inn"),
        incident_id=found.id,
        text=checked(text, "text"),
        noted_by=staff.text,
        noted_at=op.now,
    )
    op.insert("incident_note", made)
    op.record("incident.noted", found.id, note=made.id)
    return made


def name_subject(op: Operation, *, incident_id: str, subject_id: str) -> model.Subject:
    """Say that an incident is about a record: what happens to it belongs to the timeline from then on.

    Emits: incident.subject_named. Raises: MayNot, NotFound, NotPossibleNow, SubjectUnknown, AlreadyNamed.
    """
    staff = queries.require_handler(op)
    found = going_on(op, incident_id)
    if not events.of_subjects(op.connection, [subject_id]):
        raise SubjectUnknown(field="subject_id", what=subject_id)
    made = model.Subject(
        id=op.new_id("ins"),
        incident_id=found.id,
        subject_id=subject_id,
        named_by=staff.text,
        named_at=op.now,
    )
    try:
        op.insert("incident_subject", made)
    except AlreadyTaken as taken:
        raise AlreadyNamed(field="subject_id") from taken
    op.record("incident.subject_named", found.id, record=subject_id)
    return made


def describe_incident(
    op: Operation, *, incident_id: str, summary: str = "", cause: str = "", lessons: str = ""
) -> model.Incident:
    """Write what happened, why, and what was learnt; what was written before is in the log.

    Emits: incident.described. Raises: MayNot, NotFound, NotPossibleNow, TextMissing, PersonalInText.
    """
    queries.require_handler(op)
    found = going_on(op, incident_id)
    given = {"summary": summary, "cause": cause, "lessons": lessons}
    texts = {name: checked(text, name, empty=True) for name, text in given.items()}
    op.update("incident", found.id, texts, was={"status": found.status})
    op.record("incident.described", found.id)
    return op.get(model.Incident, "incident", found.id)


def contain_incident(op: Operation, *, incident_id: str) -> model.Incident:
    """Say that it does no more harm.

    Emits: incident.contained. Raises: MayNot, NotFound, NotPossibleNow.
    """
    return _move(op, incident_id, "contain", "incident.contained", contained_at=op.now)


def close_incident(op: Operation, *, incident_id: str) -> model.Incident:
    """Close an incident whose record is whole, with nothing left to do and nothing stopped for it.

    Emits: incident.closed. Raises: MayNot, NotFound, NotPossibleNow, CauseMissing, ItemsLeft, StillStopped.
    """
    staff = queries.require_handler(op)
    found = op.get(model.Incident, "incident", incident_id)
    model.INCIDENT.advance(found.status, "close")
    if not (found.summary and found.cause and found.lessons):
        raise CauseMissing(field="cause")
    left = [one for one in store.items(op, found.id) if not model.ITEM.terminal(one.status)]
    if left:
        raise ItemsLeft(n=len(left))
    if any(one.status is not model.StopStatus.LIFTED for one in store.stops_of(op, found.id)):
        raise StillStopped()
    return _move(
        op, incident_id, "close", "incident.closed", closed_at=op.now, closed_by=staff.text
    )


def reopen_incident(op: Operation, *, incident_id: str, text: str) -> model.Incident:
    """Take an incident up again, and say why.

    Emits: incident.reopened, incident.noted.
    Raises: MayNot, NotFound, NotPossibleNow, TextMissing, PersonalInText.
    """
    unset = {"contained_at": None, "closed_at": None, "closed_by": None}
    moved = _move(op, incident_id, "reopen", "incident.reopened", **unset)
    note_incident(op, incident_id=incident_id, text=text)
    return moved


def _move(
    op: Operation, incident_id: str, verb: str, fact: str, **changes: object
) -> model.Incident:
    queries.require_handler(op)
    found = op.get(model.Incident, "incident", incident_id)
    status = model.INCIDENT.advance(found.status, verb)
    op.update("incident", found.id, {"status": status, **changes}, was={"status": found.status})
    op.record(fact, found.id)
    return op.get(model.Incident, "incident", found.id)
