"""Whether issuing is stopped, and the records of incidents; who may handle them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.incidents import model, store
from engine.kernel import actors, errors, events
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.staffing import queries as staffing
from engine.staffing.model import Right

PAST = 50
INVARIANTS = {
    "nothing is issued while issuing is stopped": (
        "SELECT c.id FROM certificate c JOIN event e ON e.subject = c.id AND e.kind = 'certificate.issued'"
        " JOIN issuing_stop s ON s.agency_id IN (c.agency_id, '')"
        " JOIN event b ON b.subject = s.id AND b.kind = 'issuing.stopped'"
        " WHERE e.seq > b.seq AND NOT EXISTS (SELECT 1 FROM event l WHERE l.subject = s.id"
        " AND l.kind = 'issuing.lifted' AND l.seq < e.seq)"
    ),
    "a stop that was lifted was lifted by another one than who asked": (
        "SELECT id FROM issuing_stop WHERE status = 'lifted' AND lifted_by = asked_by"
    ),
    "a closed incident has nothing left to do": (
        "SELECT i.id FROM incident i JOIN incident_item t ON t.incident_id = i.id"
        " WHERE i.status = 'closed' AND t.status = 'to_do'"
    ),
}


class IssuingStopped(errors.PolicyRefused):
    """This CA is not issuing certificates for now. What you have goes on working; try again later."""


def stopped(q: Reader, agency_id: str) -> model.Stop | None:
    """The stop that keeps an agency from issuing: its own, or that of all."""
    return store.stop_for(q, agency_id)


def stopped_since(q: Reader, agency_id: str) -> int | None:
    """Since when an agency issues nothing, by one stop after another; None where it issues."""
    found = store.stops_over(q, agency_id)
    holding = [one.stopped_at for one in found if one.lifted_at is None]
    if not holding:
        return None
    since = min(holding)
    for one in found:
        if one.lifted_at is not None and one.lifted_at > since:
            since = min(since, one.stopped_at)
    return since


def agency_of(q: Reader, stop_id: str) -> str:
    """What a stop holds for: an agency, or `ALL`.

    Raises: NotFound.
    """
    return q.get(model.Stop, "issuing_stop", stop_id).agency_id


def require_issuing(q: Reader, agency_id: str) -> None:
    """Refuse what would lead to a certificate of an agency that has been stopped.

    Raises: IssuingStopped.
    """
    if stopped(q, agency_id) is not None:
        raise IssuingStopped(field="agency_id")


def require_staff(q: Reader) -> actors.Staff:
    """The actor, who must be of the staff: what goes wrong concerns all of them.

    Raises: NotPermitted.
    """
    if not isinstance(q.actor, actors.Staff):
        raise errors.NotPermitted()
    return q.actor


def require_handler(q: Reader, agency_id: str | None = None) -> actors.Staff:
    """The actor, who must handle incidents: anywhere, or for this agency (`ALL`: for every one).

    Raises: MayNot.
    """
    if agency_id is None:
        return staffing.require(q, Right.HANDLE_INCIDENTS, anywhere=True)
    return staffing.require(q, Right.HANDLE_INCIDENTS, agency_id=agency_id or None)


def lifters(q: Reader, agency_id: str = model.ALL) -> dict[str, str]:
    """Who besides the actor could help to lift a stop of this agency (`ALL`: of all): names, by id.

    It takes two people: where this is empty a stop holds until somebody else gets the right.
    Raises: NotPermitted.
    """
    me = require_staff(q).staff_id
    able = staffing.holders(q, Right.HANDLE_INCIDENTS, agency_id=agency_id or None)
    return {one: name for one, name in able.items() if not staffing.are_one_person(q, me, one)}


def stops(q: Reader) -> list[model.Stop]:
    """The stops of issuing that hold, by agency.

    Raises: NotPermitted.
    """
    require_staff(q)
    return store.stops(q)


def past_stops(q: Reader) -> list[model.Stop]:
    """The newest stops that were lifted, at most `PAST`.

    Raises: NotPermitted.
    """
    require_staff(q)
    return store.past_stops(q, PAST)


def incidents(q: Reader, *, closed: bool = False) -> list[model.Incident]:
    """The incidents that go on, or those that are closed, newest first.

    Raises: NotPermitted.
    """
    require_staff(q)
    ended = model.IncidentStatus.CLOSED
    return store.incidents(q, [one for one in model.IncidentStatus if (one is ended) is closed])


def about(q: Reader, subject_id: str) -> list[model.Incident]:
    """The incidents that a record is a subject of, newest first.

    Raises: NotPermitted.
    """
    require_staff(q)
    return store.about(q, subject_id)


def items_to_do(q: Reader) -> list[model.Item]:
    """Every action item that is still to be done, the first due first.

    Raises: NotPermitted.
    """
    require_staff(q)
    return store.items_to_do(q)


def owners(q: Reader) -> dict[str, str]:
    """Who an action item can belong to: the names of the staff that are let in, by id.

    Raises: NotPermitted.
    """
    require_staff(q)
    rows = q.rows(
        "SELECT id, name FROM staff WHERE status = 'active' AND kind IS NULL ORDER BY name, id"
    )
    return {row["id"]: row["name"] for row in rows}


def agencies(q: Reader) -> dict[str, Text]:
    """What the certification authorities are called, by id.

    Raises: NotPermitted.
    """
    require_staff(q)
    return {name: one.label for name, one in q.policies(policies.CertificateAgency).items()}


def kinds(q: Reader) -> dict[str, policies.IncidentKind]:
    """The kinds of incident by code."""
    return q.policies(policies.IncidentKind)


def incident(q: Reader, incident_id: str) -> model.Shown:
    """An incident with its timeline: what was written, what was done, what happened to its subjects.

    Raises: NotPermitted, NotFound.
    """
    require_staff(q)
    found = q.get(model.Incident, "incident", incident_id)
    stopped_for = store.stops_of(q, incident_id)
    named = store.subjects(q, incident_id)
    return model.Shown(
        incident=found,
        timeline=tuple(_timeline(q, found, stopped_for, named)),
        items=tuple(store.items(q, incident_id)),
        stops=tuple(stopped_for),
        subjects=tuple(named),
        verbs=model.INCIDENT.verbs(found.status),
    )


def _timeline(
    q: Reader, found: model.Incident, stops_: list[model.Stop], named: list[model.Subject]
) -> Iterator[model.Moment]:
    """The log's facts of the incident, its stops and, since it began, of what it is about."""
    texts = {one.id: one.text for one in store.notes(q, found.id)}
    own = {found.id, *(one.id for one in stops_)}
    for event in events.of_subjects(q.connection, [*own, *(one.subject_id for one in named)]):
        if event.occurred_at < found.began_at:
            continue
        facts = event.facts if event.subject in own else {}
        yield model.Moment(
            seq=event.seq,
            occurred_at=event.occurred_at,
            kind=event.kind,
            by=event.actor,
            subject=event.subject,
            text=texts.get(str(facts.get("note", "")), ""),
            facts=facts,
        )
