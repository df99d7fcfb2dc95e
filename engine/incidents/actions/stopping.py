"""Stopping a certification authority from issuing: one person at once, and two to let it go on."""

from __future__ import annotations

from engine.incidents import model, queries, store
from engine.incidents.actions.records import checked
from engine.kernel import errors
from engine.kernel.engine import step_up
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.staffing import queries as staffing


class AgencyUnknown(errors.NotFound):
    """There is no certification authority called “{what}”."""


class StoppedAlready(errors.Conflict):
    """Issuing is stopped here already."""


class AskedYourself(errors.PolicyRefused):
    """You asked for the stop to be lifted; somebody else agrees to it."""


@step_up
def stop_issuing(
    op: Operation, *, agency_id: str = model.ALL, reason: str, incident_id: str = ""
) -> model.Stop:
    """Stop an agency, or all of them, from issuing, from this instant on.

    What was asked for waits and is issued once the stop is lifted; who waits is told. What was issued stays
    as it is, and is revoked, held and told of as ever. It is not refused where nobody else could agree to
    its end (`queries.lifters`): a CA that must stop does not wait for staff. Emits: issuing.stopped.
    Raises: MayNot, AgencyUnknown, StoppedAlready, TextMissing, PersonalInText, NotFound, StepUpNeeded.
    """
    staff = queries.require_handler(op, agency_id)
    if agency_id and agency_id not in op.policies(policies.CertificateAgency):
        raise AgencyUnknown(field="agency_id", what=agency_id)
    if store.stop_of(op, agency_id) is not None:
        raise StoppedAlready(field="agency_id")
    if incident_id:
        op.get(model.Incident, "incident", incident_id)
    made = model.Stop(
        id=op.new_id("stp"),
        agency_id=agency_id,
        incident_id=incident_id or None,
        reason=checked(reason, "reason"),
        status=model.STOP.initial,
        stopped_at=op.now,
        stopped_by=staff.text,
    )
    op.insert("issuing_stop", made)
    op.record("issuing.stopped", made.id, agency_id=agency_id, incident_id=made.incident_id)
    return made


def ask_to_lift(op: Operation, *, stop_id: str, reason: str) -> model.Stop:
    """Ask for a stop to be lifted, and say why; another person agrees. Until then it holds.

    Emits: issuing.lift_asked. Raises: MayNot, NotFound, NotPossibleNow, TextMissing, PersonalInText.
    """
    found = _stop(op, stop_id)
    staff = queries.require_handler(op, found.agency_id)
    given = checked(reason, "reason")
    changes = {"lift_reason": given, "asked_at": op.now, "asked_by": staff.text}
    return _move(op, found, "ask", "issuing.lift_asked", **changes)


def refuse_lift(op: Operation, *, stop_id: str) -> model.Stop:
    """Refuse to lift a stop, or take back that one asked for it.

    Emits: issuing.lift_refused. Raises: MayNot, NotFound, NotPossibleNow.
    """
    found = _stop(op, stop_id)
    queries.require_handler(op, found.agency_id)
    unset = {"lift_reason": "", "asked_at": None, "asked_by": None}
    return _move(op, found, "refuse", "issuing.lift_refused", **unset)


@step_up
def lift_stop(op: Operation, *, stop_id: str) -> model.Stop:
    """Agree that a stop is lifted: what waited is issued now, where nothing else stops it.

    Emits: issuing.lifted. Raises: MayNot, NotFound, NotPossibleNow, AskedYourself, StepUpNeeded.
    """
    found = _stop(op, stop_id)
    staff = queries.require_handler(op, found.agency_id)
    asked_by = (found.asked_by or "").partition(":")[2]
    if staffing.are_one_person(op, asked_by, staff.staff_id):
        raise AskedYourself()
    changes = {"lifted_at": op.now, "lifted_by": staff.text}
    return _move(op, found, "lift", "issuing.lifted", **changes)


def _stop(op: Operation, stop_id: str) -> model.Stop:
    queries.require_handler(op)
    return op.get(model.Stop, "issuing_stop", stop_id)


def _move(op: Operation, found: model.Stop, verb: str, fact: str, **changes: object) -> model.Stop:
    status = model.STOP.advance(found.status, verb)
    op.update("issuing_stop", found.id, {"status": status, **changes}, was={"status": found.status})
    op.record(fact, found.id, agency_id=found.agency_id, incident_id=found.incident_id)
    return op.get(model.Stop, "issuing_stop", found.id)
