"""What can be done to many: a literal table, each row an action that the engine has anyway.

A row names the rights of which one opens the act (each item's own are asked for by its action), what it has
to be told, and the action.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from engine.bulk import model
from engine.issuing import actions as issuing
from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.operating import actions as operating
from engine.reviewing import actions as reviewing
from engine.reviewing import model as cases
from engine.staffing.model import Right

Target = Literal["case", "certificate", "job"]
_REVIEWS: tuple[Right, ...] = tuple(dict.fromkeys(cases.RIGHT_FOR.values()))
_LEADS = (Right.LEAD_REVIEWS,)
# Instead of a digest, where nothing was seen: nothing is ever approved by it.
UNSEEN = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something that can be done to many.

    `takes` are the fields of `model.Given` that have to be filled. `final` says that it cannot be taken
    back: a second person agrees to any number. `proof` says that whoever starts it proves a second factor.
    `decides` says that who is part of a case agrees to nothing about it.
    """

    target: Target
    rights: tuple[Right, ...]
    do: Callable[[Operation, str, model.Given, str], object]
    takes: tuple[str, ...] = ()
    final: bool = False
    proof: bool = False
    decides: bool = False
    sees: bool = False


def _approve(op: Operation, item: str, given: model.Given, seen: str) -> object:
    evidence = seen or UNSEEN
    return reviewing.approve_as_one_of_many(op, case_id=item, evidence=evidence, note=given.note)


def _reject(op: Operation, item: str, given: model.Given, _seen: str) -> object:
    return reviewing.reject_as_one_of_many(op, case_id=item, reasons=given.reasons, note=given.note)


def _hold(op: Operation, item: str, given: model.Given, _seen: str) -> object:
    return reviewing.hold_as_one_of_many(op, case_id=item, reason=given.reason, note=given.note)


def _resume(op: Operation, item: str, _given: model.Given, _seen: str) -> object:
    return reviewing.resume_as_one_of_many(op, case_id=item)


def _put_back(op: Operation, item: str, given: model.Given, _seen: str) -> object:
    return reviewing.put_back(op, case_id=item, reason=given.note)


def _assign(op: Operation, item: str, given: model.Given, _seen: str) -> object:
    return reviewing.reassign(op, case_id=item, staff_id=given.staff_id, reason=given.note)


def _urge(op: Operation, item: str, _given: model.Given, _seen: str) -> object:
    return reviewing.urge(op, case_id=item)


def _revoke(op: Operation, item: str, given: model.Given, _seen: str) -> object:
    return issuing.revoke(op, certificate_id=item, reason=given.reason)


def _suspend(op: Operation, item: str, _given: model.Given, _seen: str) -> object:
    return issuing.suspend(op, certificate_id=item)


def _lift(op: Operation, item: str, _given: model.Given, _seen: str) -> object:
    return issuing.resume(op, certificate_id=item)


def _take_up(op: Operation, item: str, given: model.Given, _seen: str) -> object:
    return operating.take_up(op, job_ids=(item,), reason=given.note)


def _case(
    do: Callable[[Operation, str, model.Given, str], object],
    *takes: str,
    rights: tuple[Right, ...] = _REVIEWS,
    decides: bool = False,
    sees: bool = False,
) -> Act:
    return Act(
        target="case",
        rights=rights,
        do=do,
        takes=takes,
        final=decides,
        proof=decides,
        decides=decides,
        sees=sees,
    )


def _certificate(
    do: Callable[[Operation, str, model.Given, str], object],
    *takes: str,
    final: bool = False,
    proof: bool = True,
) -> Act:
    return Act(
        target="certificate",
        rights=(Right.REVOKE,),
        do=do,
        takes=takes,
        final=final,
        proof=proof,
    )


ACTS: Mapping[str, Act] = {
    "approve": _case(_approve, decides=True, sees=True),
    "reject": _case(_reject, "reasons", decides=True),
    "hold": _case(_hold, "reason"),
    "resume": _case(_resume),
    "put_back": _case(_put_back, "note", rights=_LEADS),
    "assign": _case(_assign, "staff_id", "note", rights=_LEADS),
    "urge": _case(_urge, rights=(Right.ANSWER_CALLS,)),
    "suspend_certificates": _certificate(_suspend),
    "resume_certificates": _certificate(_lift, proof=False),
    "revoke_certificates": _certificate(_revoke, "reason", final=True),
    "take_up_jobs": Act(
        target="job",
        rights=(Right.MANAGE_SETTINGS,),
        do=_take_up,
        takes=("note",),
    ),
}


def done_in_trial(act: Act, item: str, given: model.Given) -> Callable[[Operation], model.Foreseen]:
    """The act upon an item, as it is tried: what it had before it, once it went through."""

    def work(op: Operation) -> model.Foreseen:
        seen = look(op, act, item)
        act.do(op, item, given, seen)
        return model.Foreseen(outcome=model.DONE, seen=seen)

    return work


def right_for(act: Act, kind: str) -> Right:
    """What is asked of who acts upon a thing: of a case its kind's right."""
    return cases.RIGHT_FOR[kind] if act.target == "case" else act.rights[0]


def look(q: Reader, act: Act, item: str) -> str:
    """The digest of what is there now, of an act that is bound to what was seen; empty of any other."""
    if not act.sees:
        return ""
    try:
        case = q.get(cases.Case, "review_case", item)
        return q.parts.evidence(q, case.kind, case.subject_id)
    except errors.EngineError:
        # The act itself says what is wrong, in its own order.
        return UNSEEN
