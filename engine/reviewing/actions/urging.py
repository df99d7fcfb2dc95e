"""Hurrying a case along (催办): for a caller by who answers them, or by its maker on the phone."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.operation import Operation
from engine.reviewing import model, queries
from engine.staffing import queries as staffing
from engine.staffing.model import Right


class NothingToUrge(errors.Conflict):
    """This has been decided already: nobody has to be hurried along."""


def urge(op: Operation, *, case_id: str, call_id: str = "") -> model.Case:
    """Mark a case as asked about by a caller; within an office hour of the last time it stays as it is.

    Emits: case.urged. Raises: MayNot, NothingToUrge.
    """
    case = op.get(model.Case, "review_case", case_id)
    staffing.require(op, Right.ANSWER_CALLS, platform_id=case.platform_id, agency_id=case.agency_id)
    return _mark(op, case, {"call_id": call_id})


def urge_own(op: Operation, *, subject_id: str) -> model.Case:
    """Hurry along the review of what one has handed in oneself; the same limit holds as for callers.

    Emits: case.urged. Raises: NothingToUrge, NotPermitted; NotFound for somebody else's.
    """
    if not isinstance(op.actor, actors.Person):
        raise errors.NotPermitted()
    case = queries.waited_for(op, subject_id)
    if case is None:
        raise NothingToUrge()
    if case.maker != op.actor.text:
        raise errors.NotFound(what="review case")
    return _mark(op, case, {})


def _mark(op: Operation, case: model.Case, facts: dict[str, str]) -> model.Case:
    if model.CASE.terminal(case.status):
        raise NothingToUrge()
    if not queries.may_be_urged(op, case):
        return case
    count = case.urged_count + 1
    op.update(
        "review_case",
        case.id,
        {"urged_at": op.now, "urged_count": count},
        was={"status": case.status, "urged_count": case.urged_count},
    )
    op.record(
        "case.urged",
        case.id,
        kind=case.kind,
        subject_id=case.subject_id,
        count=count,
        **facts,
    )
    return op.get(model.Case, "review_case", case.id)
