"""Who may decide what: four eyes, conflicts of interest, and what an approval is bound to."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model, store
from engine.reviewing.queries.sheets import still_holds
from engine.staffing import queries as staffing
from engine.staffing.model import Right


class ConflictOfInterest(errors.NotPermitted):
    """You have to do with this as a customer or through your company. A colleague sees and decides it."""


class BlindLook(errors.NotPermitted):
    """You are giving this a second look: what was decided before stays hidden until you have decided."""


def entitled(staff: actors.Actor, case: model.Case) -> bool:
    """Whether somebody's grants cover deciding a case."""
    return staffing.has(
        staff,
        model.RIGHT_FOR[case.kind],
        platform_id=case.platform_id,
        agency_id=case.agency_id,
    )


def require_entitled(q: Reader, case: model.Case) -> None:
    """The actor's grants cover deciding a case.

    Raises: MayNot.
    """
    staffing.require(
        q,
        model.RIGHT_FOR[case.kind],
        platform_id=case.platform_id,
        agency_id=case.agency_id,
    )


def conflicting(q: Reader, staff_id: str) -> frozenset[str]:
    """The actor texts of makers whose cases a member of staff neither sees nor decides.

    Their own accounts as a customer, and who acts for the same enterprises as they do, in the mall too.
    """
    known: frozenset[str] | None = q.memo.get(f"conflicting|{staff_id}")
    if known is not None:
        return known
    own = staffing.own_accounts(q, staff_id)
    selves = frozenset(f"person:{account_id}" for account_id in own)
    found = selves.union(*(ask(q, own) for ask in q.parts.conflicts)) if own else selves
    q.memo[f"conflicting|{staff_id}"] = found
    return found


def conflicts(q: Reader, case: model.Case) -> bool:
    """Whether the reader has to do with a case otherwise than as staff."""
    if not isinstance(q.actor, actors.Staff):
        return False
    return _conflicts(q, case, q.actor.staff_id)


def _conflicts(q: Reader, case: model.Case, staff_id: str) -> bool:
    theirs = conflicting(q, staff_id)
    return bool(theirs) and not theirs.isdisjoint((case.maker, *case.excluded))


def may_decide(q: Reader, case: model.Case, staff: actors.Staff) -> bool:
    """Whether a member of staff could take a case: entitled here, and in no way part of it."""
    return (
        entitled(staff, case)
        and case.may_be_decided_by(staff.text)
        and not _conflicts(q, case, staff.staff_id)
    )


def leads(q: Reader, case: model.Case) -> bool:
    """Whether the reader leads those who decide a case, and took no part in it."""
    return (
        staffing.has(
            q.actor,
            Right.LEAD_REVIEWS,
            platform_id=case.platform_id,
            agency_id=case.agency_id,
        )
        and case.may_be_decided_by(q.actor.text)
        and not conflicts(q, case)
    )


def require_open_eyes(q: Reader, case: model.Case) -> None:
    """Refuse what was decided to whoever gives the same case a second look just now.

    Raises: BlindLook.
    """
    if case.decided_at is not None and store.has_look(q, case.id, q.actor.text, q.now):
        raise BlindLook()


def hold_reasons_for(q: Reader, kind: str) -> dict[str, policies.HoldReason]:
    """The reasons a case of this kind can be held for, by code."""
    found = q.policies(policies.HoldReason)
    return {code: reason for code, reason in found.items() if reason.fits(kind)}


def approvals(q: Reader, case: model.Case) -> list[model.Approval]:
    """The approvals of a case that stand while more are needed, oldest first."""
    return store.approvals(q, case.id)


def papers_kept(q: Reader, case: model.Case, sheet: model.Sheet) -> model.Kept:
    """Whether the papers of an approved case are still those that were approved, byte for byte.

    `sheet` is what its reviewer would see now. Another paper in its place is found by the digest that the
    approval was bound to; another content under the same row by reading it.
    """
    if sheet.papers or not case.evidence:
        now = model.evidence_digest(sheet)
        if model.papers_of(now) != model.papers_of(case.evidence):
            return model.Kept.CHANGED
        if all(still_holds(q, paper) for paper in sheet.papers):
            return model.Kept.SAME
        gone = all(_key_is_gone(q, paper) for paper in sheet.papers)
        return model.Kept.GONE if gone else model.Kept.CHANGED
    without = model.papers_of(model.evidence_digest(model.Sheet(fields=())))
    return model.Kept.SAME if model.papers_of(case.evidence) == without else model.Kept.GONE


def _key_is_gone(q: Reader, paper: model.Paper) -> bool:
    sql = (
        "SELECT 1 AS x FROM blob b JOIN data_key k ON k.subject_id = b.subject_id"
        " AND k.purpose = b.purpose WHERE b.id = ?"
    )
    return q.row(sql, (paper.blob_id,)) is None
