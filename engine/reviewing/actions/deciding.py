"""Saying no."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.reviewing import model, queries
from engine.reviewing.actions import sampling
from engine.reviewing.actions.working import ReasonMissing, held_by_me, mine_to_review, move


class ReasonUnknown(errors.InvalidInput):
    """“{reason}” is not a reason for this kind of case."""


def reject(op: Operation, *, case_id: str, reasons: tuple[str, ...], note: str = "") -> model.Case:
    """Say no, with one or more reasons that tell the applicant what to correct.

    One no is enough, however many have to say yes.
    Emits: case.rejected, sample.opened, sample.agreed, sample.differed.
    Raises: ReasonMissing, ReasonUnknown, MakerIsNotChecker, ConflictOfInterest, NotYourCase.
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
    given = tuple(reasons)
    if case.sample_of is not None:
        now = op.parts.evidence(op, case.kind, case.subject_id)
        return sampling.decide(op, case, "reject", given, note, now)
    decided = move(
        op,
        case,
        "reject",
        "case.rejected",
        {"reasons": list(given), "note": note},
        decided_at=op.now,
        decided_by=op.actor.text,
        reasons=given,
        note=note.strip()[:1000],
    )
    sampling.perhaps_open(op, decided)
    return decided
