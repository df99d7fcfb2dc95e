"""Opening cases, and closing them when their subject ends otherwise."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.reviewing import model, queries
from engine.reviewing.actions.working import move


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
        first_opened_at=queries.first_opened_at(op, corrects),
        opened_at=op.now,
    )
    op.insert("review_case", case)
    op.record("case.opened", case.id, kind=kind, subject_id=subject_id)
    return case


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
    for case in (*queries.of_subject(op, subject_id), *queries.looks_at(op, subject_id)):
        if model.CASE.allows(case.status, "withdraw"):
            move(op, case, "withdraw", "case.withdrawn", {})
