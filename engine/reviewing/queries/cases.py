"""One case, and the questions about cases."""

from __future__ import annotations

from engine.kernel import calendar, clock, events
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model, store
from engine.reviewing.queries.deciding import (
    ConflictOfInterest,
    conflicts,
    require_entitled,
    require_open_eyes,
)
from engine.reviewing.queries.queue import sees


def case(q: Reader, case_id: str) -> model.Case:
    """One case.

    Raises: NotFound; staffing.MayNot outside the reader's grants; ConflictOfInterest; BlindLook.
    """
    found = q.get(model.Case, "review_case", case_id)
    if conflicts(q, found):
        raise ConflictOfInterest()
    require_open_eyes(q, found)
    require_entitled(q, found)
    return found


def course(q: Reader, found: model.Case) -> list[events.Event]:
    """What happened to a case, oldest first: claimed, put back, held, handed on (OPS-7)."""
    happened_to = events.of_subjects(q.connection, [found.id])
    return [event for event in happened_to if event.kind != "case.sheet_kept"]


def reasons_for(q: Reader, kind: str) -> dict[str, policies.Reason]:
    """The reasons a case of this kind can be rejected for, by code."""
    found = q.policies(policies.Reason)
    return {code: reason for code, reason in found.items() if kind in reason.kinds}


# Kinds whose cases differ in what their sheets hold: each kind of order has papers of its own.
_BY_ORDER = frozenset({"certificate_platform", "certificate_ca"})


def reasons_on(q: Reader, kind: str, sheet: model.Sheet) -> dict[str, policies.Reason]:
    """The reasons that a reviewer is offered beside a sheet: none points at a paper that this one lacks."""
    found = reasons_for(q, kind)
    if kind not in _BY_ORDER:
        return found
    there = {one.name for one in sheet.fields} | {one.code for one in sheet.papers}
    return {code: reason for code, reason in found.items() if reason.field in there}


def first_opened_at(q: Reader, corrects: str | None) -> int:
    """When what a new case corrects was submitted for the first time; now, when it corrects nothing."""
    if corrects is None:
        return q.now
    return q.get(model.Case, "review_case", corrects).first_opened_at


def lease_from_now(q: Reader, kind: str) -> int:
    """Until when a case of this kind is whoever's takes it now."""
    return q.now + q.policy(policies.ReviewRule, kind).lease_minutes * clock.MINUTE


def of_subject(q: Reader, subject_id: str) -> list[model.Case]:
    """Every case about a subject, oldest first."""
    return store.of_subject(q, subject_id)


def looks_at(q: Reader, subject_id: str) -> list[model.Case]:
    """The second looks at a subject that are open: for who closes them, never for its stage's decisions."""
    return store.looks_at(q, subject_id)


def recently_decided(q: Reader, *, limit: int = 20) -> list[model.Case]:
    """The cases decided last that the reader may see."""
    return [
        case
        for case in store.decided(q, limit=limit)
        if sees(q, case) and not store.has_look(q, case.id, q.actor.text, q.now)
    ]


def office_open(q: Reader) -> bool:
    """Whether it is office hours now."""
    return calendar.china().is_open(q.now)


def happened(q: Reader, kind: str) -> int:
    """How often a fact of this kind stands in the log."""
    found = q.row("SELECT COUNT(*) AS n FROM event WHERE kind = ?", (kind,))
    return int(found["n"]) if found else 0
