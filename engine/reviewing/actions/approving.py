"""Saying yes: bound to what was seen, by as many people as the rule asks for."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.reviewing import model, store
from engine.reviewing.actions import sampling
from engine.reviewing.actions.working import drop_fallen, held_by_me, mine_to_review, move


class PapersChanged(errors.Conflict):
    """What you looked at has changed meanwhile. Look again at what is here now, then decide."""


class EarlierApprovalFell(errors.Conflict):
    """What was approved before you has changed since. It is looked at again first and then comes back."""

    commits = True


def approve(op: Operation, *, case_id: str, evidence: str = "", note: str = "") -> model.Case:
    """Say yes. What follows is done in the same transaction by the subject's stage.

    `evidence` is the digest of the sheet that was looked at (`model.evidence_digest`). Where the rule asks
    for several people, each but the last puts the case back to waiting; an earlier approval of something
    else than what is there now falls (OPS-3, `security.md` 3.4).
    Emits: case.approved, case.approval_given, case.approval_fell, case.stage_fell, sample.opened,
    sample.agreed, sample.differed. Raises: PapersChanged, EarlierApprovalFell, MakerIsNotChecker,
    ConflictOfInterest, NotYourCase, MayNot.
    """
    case = mine_to_review(op, case_id)
    model.CASE.advance(case.status, "approve")
    held_by_me(op, case)
    now = op.parts.evidence(op, case.kind, case.subject_id)
    if evidence and evidence != now:
        raise PapersChanged()
    if case.sample_of is not None:
        return sampling.decide(op, case, "approve", (), note, now)
    _require_stage_before(op, case, now)
    case = drop_fallen(op, case, now)
    rule = op.policy(policies.ReviewRule, case.kind)
    if len(case.approved_by) + 1 < rule.approvers:
        return _approve_in_part(op, case, now, note)
    decided = move(
        op,
        case,
        "approve",
        "case.approved",
        {
            "reasons": [],
            "note": note,
            "evidence": now,
            "approved_by": [*case.approved_by, op.actor.text],
        },
        decided_at=op.now,
        decided_by=op.actor.text,
        note=note.strip()[:1000],
        evidence=now,
    )
    sampling.perhaps_open(op, decided)
    return decided


def _approve_in_part(op: Operation, case: model.Case, now: str, note: str) -> model.Case:
    op.insert(
        "case_approval",
        model.Approval(
            id=op.new_id("apv"),
            case_id=case.id,
            staff=op.actor.text,
            approved_at=op.now,
            evidence=now,
            note=note.strip()[:1000],
        ),
    )
    approved_by = (*case.approved_by, op.actor.text)
    facts = {"evidence": now, "note": note, "approved_by": list(approved_by)}
    changes = {"assignee": None, "lease_until": 0, "approved_by": approved_by}
    return move(op, case, "approve_in_part", "case.approval_given", facts, **changes)


def _require_stage_before(op: Operation, case: model.Case, now: str) -> None:
    """What an earlier stage approved is still what is there, or that stage looks again first.

    Raises: EarlierApprovalFell.
    """
    before = model.STAGE_BEFORE.get(case.kind)
    earlier = store.approved(op, before, case.subject_id) if before else None
    if earlier is None or earlier.evidence in ("", now):
        return
    move(op, case, "withdraw", "case.withdrawn", {})
    op.record(
        "case.stage_fell",
        earlier.id,
        kind=earlier.kind,
        subject_id=case.subject_id,
        was=earlier.evidence,
        evidence=now,
    )
    raise EarlierApprovalFell()
