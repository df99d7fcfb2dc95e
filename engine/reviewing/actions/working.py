"""Claiming, releasing, holding and resuming a case."""

from __future__ import annotations

from typing import Any

from engine.kernel import calendar, clock, errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.reviewing import model
from engine.staffing import queries as staffing


class MakerIsNotChecker(errors.NotPermitted):
    """Somebody else has to decide this: you took part in making it."""


class NotYourCase(errors.Conflict):
    """You don't hold this case now: the lease has run out or a colleague has it. Claim it first."""


class TakenByColleague(errors.Conflict):
    """A colleague is working on this case. Take the next one, or wait until the lease runs out."""


class ReasonMissing(errors.InvalidInput):
    """Choose at least one reason, so that the applicant knows what to correct."""


def mine_to_review(op: Operation, case_id: str) -> model.Case:
    """The case, which the actor may decide.

    Raises: MayNot, MakerIsNotChecker.
    """
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


def held_by_me(op: Operation, case: model.Case) -> None:
    """The actor has the case under a living lease.

    Raises: NotYourCase.
    """
    if case.assignee != op.actor.text or case.lease_until <= op.now:
        raise NotYourCase()


def move(
    op: Operation, case: model.Case, verb: str, fact: str, facts: dict[str, Any], **changes: Any
) -> model.Case:
    """Take a case one step along its course, and record the fact."""
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
    case = mine_to_review(op, case_id)
    model.CASE.advance(case.status, "claim")
    if not model.open_at(case, op.now) and case.assignee != op.actor.text:
        raise TakenByColleague()
    rule = op.policy(policies.ReviewRule, case.kind)
    return move(
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
    case = mine_to_review(op, case_id)
    held_by_me(op, case)
    return move(op, case, "release", "case.released", {}, assignee=None, lease_until=0)


def hold(op: Operation, *, case_id: str, reason: str) -> model.Case:
    """Stop the clocks while something outside is waited for; says why.

    Emits: case.held. Raises: NotYourCase, ReasonMissing.
    """
    case = mine_to_review(op, case_id)
    held_by_me(op, case)
    if not reason.strip():
        raise ReasonMissing(field="reason")
    changes = {"held_at": op.now, "paused_at": op.now, "hold_reason": reason.strip()[:200]}
    return move(op, case, "hold", "case.held", {}, **changes)


def resume(op: Operation, *, case_id: str) -> model.Case:
    """Take a held case up again; the clocks run on.

    Emits: case.resumed. Raises: MakerIsNotChecker.
    """
    case = mine_to_review(op, case_id)
    rule = op.policy(policies.ReviewRule, case.kind)
    paused_at = case.paused_at or op.now
    return move(
        op,
        case,
        "resume",
        "case.resumed",
        {},
        assignee=op.actor.text,
        lease_until=op.now + rule.lease_minutes * clock.MINUTE,
        held_at=None,
        paused_at=None,
        held_ms=case.held_ms + calendar.china().business_ms(paused_at, op.now),
    )
