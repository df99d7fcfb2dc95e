"""Claiming, releasing, holding and resuming a case."""

from __future__ import annotations

from typing import Any

from engine.kernel import calendar, errors
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.reviewing import model, queries, store


class MakerIsNotChecker(errors.NotPermitted):
    """Somebody else has to decide this: you took part in making it."""


class NotYourCase(errors.Conflict):
    """You don't hold this case now: the lease has run out or a colleague has it. Claim it first."""


class TakenByColleague(errors.Conflict):
    """A colleague is working on this case. Take the next one, or wait until the lease runs out."""


class HandsFull(errors.PolicyRefused):
    """You have {count} cases in hand already. Decide, hold or put back one of them first."""


class ReasonMissing(errors.InvalidInput):
    """Choose at least one reason, so that the applicant knows what to correct."""


class HoldReasonUnknown(errors.InvalidInput):
    """Choose why the case is held from the list."""


class HoldNoteMissing(errors.InvalidInput):
    """Say in the note what is waited for."""


_OTHER = "other"


def refuse_conflict(op: Operation, case: model.Case) -> None:
    """The actor has nothing to do with the case as a customer.

    Raises: ConflictOfInterest.
    """
    if queries.conflicts(op, case):
        raise queries.ConflictOfInterest()


def entitled(op: Operation, case_id: str) -> model.Case:
    """The case, of a kind and place that the actor decides, and nothing of theirs as a customer.

    Raises: MayNot, ConflictOfInterest.
    """
    case = op.get(model.Case, "review_case", case_id)
    queries.require_entitled(op, case)
    refuse_conflict(op, case)
    return case


def mine_to_review(op: Operation, case_id: str) -> model.Case:
    """The case, which the actor may decide.

    Raises: MayNot, MakerIsNotChecker, ConflictOfInterest.
    """
    case = entitled(op, case_id)
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


def drop_fallen(op: Operation, case: model.Case, now: str) -> model.Case:
    """Let every earlier approval fall that was of something else than what is there now.

    Emits: case.approval_fell.
    """
    for approval in store.approvals(op, case.id) if case.approved_by else ():
        if approval.evidence == now:
            continue
        op.delete("case_approval", approval.id)
        left = tuple(one for one in case.approved_by if one != approval.staff)
        was = {"status": case.status, "lease_until": case.lease_until}
        op.update("review_case", case.id, {"approved_by": left}, was=was)
        op.record(
            "case.approval_fell",
            case.id,
            kind=case.kind,
            subject_id=case.subject_id,
            staff=approval.staff,
            left=len(left),
            was=approval.evidence,
            evidence=now,
        )
        case = op.get(model.Case, "review_case", case.id)
    return case


def claim(op: Operation, *, case_id: str) -> model.Case:
    """Take a certain case under a lease; a lapsed lease of somebody else is no obstacle.

    Recorded as picked by hand: `next_case` gives the one that is due. An approval of something else than
    what is there now falls, so that who gave it may claim the case again.
    Emits: case.claimed, case.approval_fell. Raises: MakerIsNotChecker, TakenByColleague, HandsFull, MayNot.
    """
    case = entitled(op, case_id)
    if op.actor.text in case.approved_by:
        drop_fallen(op, case, op.parts.evidence(op, case.kind, case.subject_id))
    return take(op, mine_to_review(op, case_id), how="picked")


def take(op: Operation, case: model.Case, *, how: str) -> model.Case:
    """Take a case that the actor may decide under a lease. Composed by `claim` and `next_case`.

    Emits: case.claimed. Raises: TakenByColleague, HandsFull.
    """
    model.CASE.advance(case.status, "claim")
    if not model.open_at(case, op.now) and case.assignee != op.actor.text:
        raise TakenByColleague()
    hands_free(op, case)
    return move(
        op,
        case,
        "claim",
        "case.claimed",
        {"how": how},
        assignee=op.actor.text,
        lease_until=queries.lease_from_now(op, case.kind),
        first_touched_at=case.first_touched_at or op.now,
    )


def hands_free(op: Operation, case: model.Case) -> None:
    """The actor has room for one more case in hand.

    Raises: HandsFull.
    """
    count = store.in_hand(op, op.actor.text, beside=case.id)
    if count >= op.policy(policies.DeskRules).in_hand_at_once:
        raise HandsFull(count=str(count))


def release(op: Operation, *, case_id: str) -> model.Case:
    """Put a claimed case back.

    Emits: case.released. Raises: NotYourCase.
    """
    case = mine_to_review(op, case_id)
    held_by_me(op, case)
    return move(op, case, "release", "case.released", {}, assignee=None, lease_until=0)


def hold(op: Operation, *, case_id: str, reason: str, note: str = "") -> model.Case:
    """Put a case on hold while something is waited for, for a reason of the taxonomy (`HoldReason`).

    The clocks stand still unless the reason says that they run on.
    Emits: case.held. Raises: NotYourCase, HoldReasonUnknown, HoldNoteMissing.
    """
    case = mine_to_review(op, case_id)
    held_by_me(op, case)
    known = queries.hold_reasons_for(op, case.kind).get(reason)
    if known is None:
        raise HoldReasonUnknown(field="reason")
    if reason == _OTHER and not note.strip():
        raise HoldNoteMissing(field="note")
    return move(
        op,
        case,
        "hold",
        "case.held",
        {"reason": reason, "note": note.strip()[:200], "clocks_stop": known.stops_clocks},
        held_at=op.now,
        paused_at=op.now if known.stops_clocks else None,
        hold_reason=reason,
        hold_note=note.strip()[:200],
    )


def resume(op: Operation, *, case_id: str) -> model.Case:
    """Take a held case up again; the clocks run on.

    Emits: case.resumed. Raises: MakerIsNotChecker.
    """
    case = mine_to_review(op, case_id)
    paused_at = case.paused_at or op.now
    return move(
        op,
        case,
        "resume",
        "case.resumed",
        {},
        assignee=op.actor.text,
        lease_until=queries.lease_from_now(op, case.kind),
        held_at=None,
        paused_at=None,
        held_ms=case.held_ms + calendar.china().business_ms(paused_at, op.now),
    )
