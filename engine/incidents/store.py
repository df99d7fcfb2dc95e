"""The SQL of incidents and of stops of issuing."""

from __future__ import annotations

from collections.abc import Iterable

from engine.incidents import model
from engine.kernel.reader import Reader


def numbers_like(q: Reader, first: str) -> int:
    """How many incidents have a number that begins so."""
    found = q.row("SELECT COUNT(*) AS n FROM incident WHERE number LIKE ?", (f"{first}%",))
    return int(found["n"]) if found else 0


def incidents(q: Reader, statuses: Iterable[str]) -> list[model.Incident]:
    """Incidents in these statuses, newest first."""
    wanted = tuple(statuses)
    marks = ", ".join("?" for _ in wanted)
    return q.all(
        model.Incident,
        f"SELECT * FROM incident WHERE status IN ({marks}) ORDER BY opened_at DESC, id DESC",  # noqa: S608
        wanted,
    )


def about(q: Reader, subject_id: str) -> list[model.Incident]:
    """The incidents that a record is a subject of, newest first."""
    return q.all(
        model.Incident,
        "SELECT i.* FROM incident i JOIN incident_subject s ON s.incident_id = i.id"
        " WHERE s.subject_id = ? ORDER BY i.opened_at DESC, i.id DESC",
        (subject_id,),
    )


def notes(q: Reader, incident_id: str) -> list[model.Note]:
    """What was written into a timeline, oldest first."""
    sql = "SELECT * FROM incident_note WHERE incident_id = ? ORDER BY noted_at, id"
    return q.all(model.Note, sql, (incident_id,))


def subjects(q: Reader, incident_id: str) -> list[model.Subject]:
    """What an incident is about, in the order of naming."""
    sql = "SELECT * FROM incident_subject WHERE incident_id = ? ORDER BY named_at, id"
    return q.all(model.Subject, sql, (incident_id,))


def items(q: Reader, incident_id: str) -> list[model.Item]:
    """The action items of an incident, oldest first."""
    sql = "SELECT * FROM incident_item WHERE incident_id = ? ORDER BY created_at, id"
    return q.all(model.Item, sql, (incident_id,))


def items_to_do(q: Reader) -> list[model.Item]:
    """Every action item that is still to be done, the first due first."""
    sql = "SELECT * FROM incident_item WHERE status = 'to_do' ORDER BY due_on, id"
    return q.all(model.Item, sql)


def stops_of(q: Reader, incident_id: str) -> list[model.Stop]:
    """The stops that were set for an incident, oldest first."""
    sql = "SELECT * FROM issuing_stop WHERE incident_id = ? ORDER BY stopped_at, id"
    return q.all(model.Stop, sql, (incident_id,))


def stops(q: Reader) -> list[model.Stop]:
    """The stops that hold, by agency."""
    sql = "SELECT * FROM issuing_stop WHERE status <> 'lifted' ORDER BY agency_id, id"
    return q.all(model.Stop, sql)


def stop_of(q: Reader, agency_id: str) -> model.Stop | None:
    """The stop of exactly this agency (`ALL`: of all) that holds."""
    sql = "SELECT * FROM issuing_stop WHERE agency_id = ? AND status <> 'lifted'"
    return q.first(model.Stop, sql, (agency_id,))


def stop_for(q: Reader, agency_id: str) -> model.Stop | None:
    """The stop that keeps this agency from issuing: that of all first, or its own."""
    sql = (
        "SELECT * FROM issuing_stop WHERE agency_id IN (?, '') AND status <> 'lifted'"
        " ORDER BY agency_id LIMIT 1"
    )
    return q.first(model.Stop, sql, (agency_id,))


def stops_over(q: Reader, agency_id: str) -> list[model.Stop]:
    """Every stop that keeps, or kept, this agency from issuing; the last to be lifted first."""
    sql = (
        "SELECT * FROM issuing_stop WHERE agency_id IN (?, '')"
        " ORDER BY lifted_at DESC, stopped_at, id"
    )
    return q.all(model.Stop, sql, (agency_id,))


def past_stops(q: Reader, limit: int) -> list[model.Stop]:
    """The stops that were lifted, newest first."""
    sql = "SELECT * FROM issuing_stop WHERE status = 'lifted' ORDER BY stopped_at DESC, id DESC LIMIT ?"
    return q.all(model.Stop, sql, (limit,))
