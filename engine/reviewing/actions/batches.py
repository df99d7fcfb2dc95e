"""What is done with a case as one of many: by who has it in hand for this one step alone.

The rules are those of a single case: who may, four eyes, conflicts of interest, a colleague's lease. Only
the limit of cases in hand does not apply, because none of them stays in hand. A second look is for looking,
so it is never one of many.
"""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.reviewing import model, queries
from engine.reviewing.actions.approving import approve
from engine.reviewing.actions.deciding import reject
from engine.reviewing.actions.handing import HandoverReasonMissing
from engine.reviewing.actions.working import (
    NotYourCase,
    TakenByColleague,
    hold,
    mine_to_review,
    move,
    release,
    resume,
)


class LookedAtAlone(errors.PolicyRefused):
    """This is a second look: it is decided by itself, by somebody who looks."""


def approve_as_one_of_many(
    op: Operation, *, case_id: str, evidence: str, note: str = ""
) -> model.Case:
    """Take a case and say yes to what `evidence` is the digest of, as `approve` does.

    Emits: case.claimed, and what `approve` does.
    Raises: LookedAtAlone, TakenByColleague, and what `approve` does.
    """
    _for_one_step(op, case_id)
    return approve(op, case_id=case_id, evidence=evidence, note=note)


def reject_as_one_of_many(
    op: Operation, *, case_id: str, reasons: tuple[str, ...], note: str = ""
) -> model.Case:
    """Take a case and say no, as `reject` does.

    Emits: case.claimed, and what `reject` does.
    Raises: LookedAtAlone, TakenByColleague, and what `reject` does.
    """
    _for_one_step(op, case_id)
    return reject(op, case_id=case_id, reasons=reasons, note=note)


def hold_as_one_of_many(op: Operation, *, case_id: str, reason: str, note: str = "") -> model.Case:
    """Take a case and hold it, as `hold` does.

    Emits: case.claimed, case.held.
    Raises: LookedAtAlone, TakenByColleague, and what `hold` does.
    """
    _for_one_step(op, case_id)
    return hold(op, case_id=case_id, reason=reason, note=note)


def resume_as_one_of_many(op: Operation, *, case_id: str) -> model.Case:
    """Take a held case up again and put it back, for whoever is next.

    Emits: case.resumed, case.released. Raises: what `resume` does.
    """
    resume(op, case_id=case_id)
    return release(op, case_id=case_id)


def put_back(op: Operation, *, case_id: str, reason: str) -> model.Case:
    """Put a case back that somebody has in hand: one's own, or a colleague's as who leads there. Says why.

    Emits: case.released.
    Raises: HandoverReasonMissing, NotYourCase, MakerIsNotChecker, NotPossibleNow, MayNot.
    """
    case = mine_to_review(op, case_id)
    if case.assignee != op.actor.text and not queries.leads(op, case):
        raise NotYourCase()
    if not reason.strip():
        raise HandoverReasonMissing(field="reason")
    facts = {"from_staff": case.assignee, "reason": reason.strip()[:200]}
    return move(op, case, "release", "case.released", facts, assignee=None, lease_until=0)


def _for_one_step(op: Operation, case_id: str) -> model.Case:
    """The case, in the actor's hand until this operation ends."""
    case = mine_to_review(op, case_id)
    if case.sample_of is not None:
        raise LookedAtAlone()
    if case.assignee == op.actor.text and case.lease_until > op.now:
        return case
    model.CASE.advance(case.status, "claim")
    if not model.open_at(case, op.now):
        raise TakenByColleague()
    return move(
        op,
        case,
        "claim",
        "case.claimed",
        {"how": "of_many"},
        assignee=op.actor.text,
        lease_until=queries.lease_from_now(op, case.kind),
        first_touched_at=case.first_touched_at or op.now,
    )
