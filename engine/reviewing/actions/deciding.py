"""Saying yes or no."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.reviewing import model, queries
from engine.reviewing.actions.working import ReasonMissing, held_by_me, mine_to_review, move


class ReasonUnknown(errors.InvalidInput):
    """“{reason}” is not a reason for this kind of case."""


def approve(op: Operation, *, case_id: str, note: str = "") -> model.Case:
    """Say yes. What follows is done in the same transaction by the subject's stage.

    Emits: case.approved. Raises: MakerIsNotChecker, NotYourCase, MayNot.
    """
    case = mine_to_review(op, case_id)
    model.CASE.advance(case.status, "approve")
    held_by_me(op, case)
    return _decide(op, case, "approve", (), note)


def reject(op: Operation, *, case_id: str, reasons: tuple[str, ...], note: str = "") -> model.Case:
    """Say no, with one or more reasons that tell the applicant what to correct.

    Emits: case.rejected. Raises: ReasonMissing, ReasonUnknown, MakerIsNotChecker, NotYourCase.
    """
    case = mine_to_review(op, case_id)
    model.CASE.advance(case.status, "reject")
    held_by_me(op, case)
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
    return move(
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
