"""Opening, claiming, holding and deciding cases.

What a decision means belongs to the stage of its subject: the facts `case.approved` and
`case.rejected` are answered in `boot`'s table.
"""

from __future__ import annotations

from typing import Any

from engine.kernel import actors, calendar, clock, errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.reviewing import model, queries
from engine.staffing import queries as staffing


class MakerIsNotChecker(errors.NotPermitted):
    """Somebody else has to decide this: you took part in making it."""


class NotYourCase(errors.Conflict):
    """You don't hold this case now: the lease has run out or a colleague has it. Claim it first."""


class TakenByColleague(errors.Conflict):
    """A colleague is working on this case. Take the next one, or wait until the lease runs out."""


class ReasonMissing(errors.InvalidInput):
    """Choose at least one reason, so that the applicant knows what to correct."""


class ReasonUnknown(errors.InvalidInput):
    """“{reason}” is not a reason for this kind of case."""


def open_case(
    op: Operation,
    *,
    kind: str,
    subject_id: str,
    title: str,
    maker: str,
    platform_id: str | None = None,
    agency_id: str | None = None,
    excluded: tuple[str, ...] = (),
    corrects: str | None = None,
) -> model.Case:
    """Put a question into the queue. Composed by the actions of the subject's stage.

    Emits: case.opened. Raises: AlreadyTaken when one is open for this subject.
    """
    op.policy(policies.ReviewRule, kind)
    case = model.Case(
        id=op.new_id("cas"),
        kind=kind,
        subject_id=subject_id,
        platform_id=platform_id,
        agency_id=agency_id,
        title=title,
        status=model.CASE.initial,
        maker=maker,
        excluded=excluded,
        corrects=corrects,
        assignee=None,
        lease_until=0,
        opened_at=op.now,
        first_touched_at=None,
        held_at=None,
        held_ms=0,
        hold_reason=None,
        decided_at=None,
        decided_by=None,
        reasons=(),
        note="",
    )
    op.insert("review_case", case)
    op.record("case.opened", case.id, kind=kind, subject_id=subject_id)
    return case


def _mine_to_review(op: Operation, case_id: str) -> model.Case:
    case = op.get(model.Case, "review_case", case_id)
    staffing.require(
        op,
        model.RIGHT_FOR[case.kind],
        platform_id=case.platform_id,
        agency_id=case.agency_id,
    )
    if not case.may_be_decided_by(op.actor.text):
        raise MakerIsNotChecker()
    return case


def _held_by_me(op: Operation, case: model.Case) -> None:
    if case.assignee != op.actor.text or case.lease_until <= op.now:
        raise NotYourCase()


def _move(
    op: Operation, case: model.Case, verb: str, fact: str, facts: dict[str, Any], **changes: Any
) -> model.Case:
    status = model.CASE.advance(case.status, verb)
    op.update(
        "review_case",
        case.id,
        {"status": status, **changes},
        was={"status": case.status, "lease_until": case.lease_until},
    )
    op.record(fact, case.id, kind=case.kind, subject_id=case.subject_id, **facts)
    return op.get(model.Case, "review_case", case.id)


def claim(op: Operation, *, case_id: str) -> model.Case:
    """Take a case under a lease; a lapsed lease of somebody else is no obstacle.

    Emits: case.claimed. Raises: MakerIsNotChecker, TakenByColleague, MayNot.
    """
    case = _mine_to_review(op, case_id)
    model.CASE.advance(case.status, "claim")
    if not model.open_at(case, op.now) and case.assignee != op.actor.text:
        raise TakenByColleague()
    rule = op.policy(policies.ReviewRule, case.kind)
    return _move(
        op,
        case,
        "claim",
        "case.claimed",
        {},
        assignee=op.actor.text,
        lease_until=op.now + rule.lease_minutes * clock.MINUTE,
        first_touched_at=case.first_touched_at or op.now,
    )


def release(op: Operation, *, case_id: str) -> model.Case:
    """Put a claimed case back.

    Emits: case.released. Raises: NotYourCase.
    """
    case = _mine_to_review(op, case_id)
    _held_by_me(op, case)
    return _move(op, case, "release", "case.released", {}, assignee=None, lease_until=0)


def hold(op: Operation, *, case_id: str, reason: str) -> model.Case:
    """Stop the clocks while something outside is waited for; says why.

    Emits: case.held. Raises: NotYourCase, ReasonMissing.
    """
    case = _mine_to_review(op, case_id)
    _held_by_me(op, case)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    return _move(
        op, case, "hold", "case.held", {}, held_at=op.now, hold_reason=reason.strip()[:200]
    )


def resume(op: Operation, *, case_id: str) -> model.Case:
    """Take a held case up again; the clocks run on.

    Emits: case.resumed. Raises: MakerIsNotChecker.
    """
    case = _mine_to_review(op, case_id)
    rule = op.policy(policies.ReviewRule, case.kind)
    held_at = case.held_at or op.now
    return _move(
        op,
        case,
        "resume",
        "case.resumed",
        {},
        assignee=op.actor.text,
        lease_until=op.now + rule.lease_minutes * clock.MINUTE,
        held_at=None,
        held_ms=case.held_ms + calendar.china().business_ms(held_at, op.now),
    )


def approve(op: Operation, *, case_id: str, note: str = "") -> model.Case:
    """Say yes. What follows is done in the same transaction by the subject's stage.

    Emits: case.approved. Raises: MakerIsNotChecker, NotYourCase, MayNot.
    """
    case = _mine_to_review(op, case_id)
    model.CASE.advance(case.status, "approve")
    _held_by_me(op, case)
    return _decide(op, case, "approve", (), note)


def reject(op: Operation, *, case_id: str, reasons: tuple[str, ...], note: str = "") -> model.Case:
    """Say no, with one or more reasons that tell the applicant what to correct.

    Emits: case.rejected. Raises: ReasonMissing, ReasonUnknown, MakerIsNotChecker, NotYourCase.
    """
    case = _mine_to_review(op, case_id)
    model.CASE.advance(case.status, "reject")
    _held_by_me(op, case)
    known = queries.reasons_for(op, case.kind)
    if not reasons:
        raise ReasonMissing(field="reasons")
    for reason in reasons:
        if reason not in known:
            raise ReasonUnknown(field="reasons", reason=reason)
    return _decide(op, case, "reject", tuple(reasons), note)


def _decide(
    op: Operation, case: model.Case, verb: str, reasons: tuple[str, ...], note: str
) -> model.Case:
    fact = "case.approved" if verb == "approve" else "case.rejected"
    return _move(
        op,
        case,
        verb,
        fact,
        {"reasons": list(reasons), "note": note},
        decided_at=op.now,
        decided_by=op.actor.text,
        reasons=reasons,
        note=note.strip()[:1000],
    )


def withdraw(op: Operation, *, subject_id: str) -> None:
    """Close the open cases about a subject that its applicant took back. Composed by stages.

    Emits: case.withdrawn.
    """
    if isinstance(op.actor, actors.Staff):
        raise errors.NotPermitted()
    close_open(op, subject_id=subject_id)


def close_open(op: Operation, *, subject_id: str) -> None:
    """Close the open cases about a subject that has ended for another reason. Composed by stages.

    Emits: case.withdrawn.
    """
    for case in queries.of_subject(op, subject_id):
        if model.CASE.allows(case.status, "withdraw"):
            _move(op, case, "withdraw", "case.withdrawn", {})
