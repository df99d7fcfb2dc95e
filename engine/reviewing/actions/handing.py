"""Getting the next case, and cases that pass from one hand into another."""

from __future__ import annotations

import dataclasses

from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.reviewing import model, queries
from engine.reviewing.actions.working import (
    MakerIsNotChecker,
    NotYourCase,
    hands_free,
    mine_to_review,
    move,
    refuse_conflict,
    take,
)
from engine.staffing import queries as staffing
from engine.staffing.model import Right

# Cases due this close together are equals: chance says which of them comes next.
EQUALS_MS = 15 * clock.MINUTE
_FIRST_LOOK = 25


class HandoverReasonMissing(errors.InvalidInput):
    """Say in a few words why: colleagues read it."""


class NobodyHasIt(errors.Conflict):
    """No colleague is working on this case now. Claim it."""


class ReceiverMayNot(errors.InvalidInput):
    """This colleague cannot decide this case: they lack the right here, or took part in it."""


def next_case(
    op: Operation, *, kinds: tuple[str, ...] = (), wanted: model.Wanted | None = None
) -> model.Case | None:
    """Claim the case that is due soonest of those the actor can claim; None when there is none.

    Of cases due about the same time chance takes one, so that nobody waits for a certain one
    (`security.md` 3.4). `wanted` narrows it to what a view shows.
    Emits: case.claimed. Raises: HandsFull, MayNot.
    """
    view = wanted or model.Wanted()
    if kinds:
        chosen = tuple(kind for kind in kinds if not view.kinds or kind in view.kinds)
        if not chosen:
            return None
        view = dataclasses.replace(view, kinds=chosen)
    view = dataclasses.replace(view, state="claimable", sort="due")
    rows = queries.page(op, view, limit=_FIRST_LOOK, counted=False).rows
    if not rows:
        return None
    soonest = rows[0].clocks.decision_due
    equals = [row.case for row in rows if row.clocks.decision_due - soonest < EQUALS_MS]
    case = equals[int.from_bytes(op.entropy(8)) % len(equals)]
    return take(op, mine_to_review(op, case.id), how="next")


def take_over(op: Operation, *, case_id: str, reason: str) -> model.Case:
    """Take a case out of a colleague's hand while their lease lives; says why.

    Emits: case.taken_over. Raises: HandoverReasonMissing, NobodyHasIt, MakerIsNotChecker, HandsFull,
    MayNot.
    """
    case = mine_to_review(op, case_id)
    model.CASE.advance(case.status, "take_over")
    if case.assignee == op.actor.text or model.open_at(case, op.now):
        raise NobodyHasIt()
    hands_free(op, case)
    return move(
        op,
        case,
        "take_over",
        "case.taken_over",
        {"from_staff": case.assignee, "reason": _said(reason)},
        assignee=op.actor.text,
        lease_until=queries.lease_from_now(op, case.kind),
    )


def reassign(op: Operation, *, case_id: str, staff_id: str, reason: str) -> model.Case:
    """Put a case into a colleague's hand: by who holds it, or by a lead. Says why.

    The colleague has to be entitled and to have taken no part. A held case stays held.
    Emits: case.reassigned. Raises: ReceiverMayNot, HandoverReasonMissing, NotYourCase,
    MakerIsNotChecker, MayNot.
    """
    case = op.get(model.Case, "review_case", case_id)
    leads = staffing.has(
        op.actor, Right.LEAD_REVIEWS, platform_id=case.platform_id, agency_id=case.agency_id
    )
    if leads:
        refuse_conflict(op, case)
        if not case.may_be_decided_by(op.actor.text):
            raise MakerIsNotChecker()
    else:
        mine_to_review(op, case_id)
        held = case.status is model.CaseStatus.HELD
        if case.assignee != op.actor.text or (not held and case.lease_until <= op.now):
            raise NotYourCase()
    model.CASE.advance(case.status, "reassign")
    receiver = staffing.actor(op, staff_id)
    if receiver is None or not queries.may_decide(op, case, receiver):
        raise ReceiverMayNot(field="staff_id")
    return move(
        op,
        case,
        "reassign",
        "case.reassigned",
        {"from_staff": case.assignee, "to_staff": receiver.text, "reason": _said(reason)},
        assignee=receiver.text,
        lease_until=queries.lease_from_now(op, case.kind),
        first_touched_at=case.first_touched_at or op.now,
    )


def _said(reason: str) -> str:
    if not reason.strip():
        raise HandoverReasonMissing(field="reason")
    return reason.strip()[:200]
