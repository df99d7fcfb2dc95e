"""A second, blind look at a share of what was decided (`security.md` 3.4)."""

from __future__ import annotations

from typing import Literal

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.reviewing import model, queries, store
from engine.reviewing.actions.working import MakerIsNotChecker, move
from engine.staffing import queries as staffing
from engine.staffing.model import Right


class NoteMissing(errors.InvalidInput):
    """Say in a few words why: colleagues read it."""


def perhaps_open(op: Operation, decided: model.Case) -> None:
    """With the chance that the policy says, open a second look at what was just decided.

    Nobody who took part in the first may take it; the subject's stage is not told of it.
    Emits: sample.opened.
    """
    rule = op.policy(policies.Sampling)
    if decided.kind not in rule.kinds or _thousandth(op) >= rule.per_thousand:
        return
    took_part = _took_part(decided)
    look = model.Case(
        id=op.new_id("cas"),
        kind=decided.kind,
        subject_id=decided.subject_id,
        platform_id=decided.platform_id,
        agency_id=decided.agency_id,
        title=decided.title,
        status=model.CASE.initial,
        maker=decided.maker,
        excluded=tuple(dict.fromkeys((*decided.excluded, *took_part))),
        corrects=decided.corrects,
        sample_of=decided.id,
        first_opened_at=op.now,
        opened_at=op.now,
    )
    op.insert("review_case", look)
    op.record("sample.opened", look.id, kind=look.kind, subject_id=look.subject_id)


def _thousandth(op: Operation) -> int:
    # 2 ** 64 is so much more than 1000 that no thousandth is likelier than another.
    return int.from_bytes(op.entropy(8)) % 1000


def _took_part(case: model.Case) -> tuple[str, ...]:
    return (*case.approved_by, *((case.decided_by,) if case.decided_by else ()))


def decide(
    op: Operation,
    look: model.Case,
    verb: Literal["approve", "reject"],
    reasons: tuple[str, ...],
    note: str,
    evidence: str,
) -> model.Case:
    """What the second look says; only the sample learns of it, and a lead when the two differ.

    Emits: sample.agreed, sample.differed.
    """
    assert look.sample_of is not None
    first = op.get(model.Case, "review_case", look.sample_of)
    agrees = first.status is model.CASE.advance(look.status, verb)
    if not agrees:
        op.insert(
            "case_difference",
            model.Difference(
                id=op.new_id("dif"),
                case_id=first.id,
                sample_id=look.id,
                took_part=(*_took_part(first), op.actor.text),
                status=model.DIFFERENCE.initial,
                opened_at=op.now,
            ),
        )
    return move(
        op,
        look,
        verb,
        "sample.agreed" if agrees else "sample.differed",
        {
            "first": first.id,
            "verdict": verb,
            "reasons": list(reasons),
            "decided_by": first.decided_by,
        },
        decided_at=op.now,
        decided_by=op.actor.text,
        reasons=reasons,
        note=note.strip()[:1000],
        evidence=evidence,
    )


def settle_difference(
    op: Operation, *, case_id: str, right: Literal["first", "second"], note: str
) -> model.Difference:
    """Say which of two looks was right, as a lead who had a part in neither. Nothing is decided anew.

    Emits: sample.settled. Raises: MayNot, MakerIsNotChecker, NoteMissing, NotFound.
    """
    staffing.require(op, Right.LEAD_REVIEWS, anywhere=True)
    found = store.difference(op, case_id)
    if found is None:
        raise errors.NotFound(what="difference")
    first = op.get(model.Case, "review_case", found.case_id)
    staffing.require(
        op, Right.LEAD_REVIEWS, platform_id=first.platform_id, agency_id=first.agency_id
    )
    if not queries.may_settle(op, found):
        raise MakerIsNotChecker()
    if not note.strip():
        raise NoteMissing(field="note")
    status = model.DIFFERENCE.advance(found.status, "settle")
    changes = {
        "status": status,
        "right_one": right,
        "settled_at": op.now,
        "settled_by": op.actor.text,
        "note": note.strip()[:1000],
    }
    op.update("case_difference", found.id, changes, was={"status": found.status})
    op.record("sample.settled", found.sample_id, kind=first.kind, first=first.id, right=right)
    return op.get(model.Difference, "case_difference", found.id)
