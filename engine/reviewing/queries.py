"""The queue and the case, as an entitled reviewer may see them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import calendar
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model, store
from engine.staffing import queries as staffing


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A case in the queue with its clocks and what the reader can do with it."""

    case: model.Case
    clocks: model.Clocks
    possible: tuple[str, ...]


def _sees(q: Reader, case: model.Case) -> bool:
    return staffing.has(
        q.actor,
        model.RIGHT_FOR[case.kind],
        platform_id=case.platform_id,
        agency_id=case.agency_id,
    )


def kinds_seen(q: Reader) -> list[str]:
    """The kinds of case that the reader may decide somewhere."""
    return [
        kind
        for kind, right in model.RIGHT_FOR.items()
        if staffing.has(q.actor, right, anywhere=True)
    ]


def queue(q: Reader, *, kind: str = "", limit: int = 100) -> list[QueueRow]:
    """The open cases the reader may decide, the soonest due first."""
    kinds = [k for k in kinds_seen(q) if kind in ("", k)]
    rows = [row(q, case) for case in store.open_cases(q, kinds, limit=limit) if _sees(q, case)]
    return sorted(rows, key=lambda r: (r.clocks.paused, r.clocks.decision_due, r.case.id))


def row(q: Reader, case: model.Case) -> QueueRow:
    """A case with its clocks and possible actions."""
    rule = q.policy(policies.ReviewRule, case.kind)
    return QueueRow(
        case=case, clocks=model.clocks(case, rule, q.now), possible=possible_actions(q, case)
    )


def possible_actions(q: Reader, case: model.Case) -> tuple[str, ...]:
    """What the reader can do with a case now: the buttons of its page."""
    if not _sees(q, case) or not case.may_be_decided_by(q.actor.text):
        return ()
    mine = case.assignee == q.actor.text and case.lease_until > q.now
    if model.open_at(case, q.now) and not mine:
        return ("claim",)
    if case.status is model.CaseStatus.CLAIMED and mine:
        return ("approve", "reject", "hold", "release")
    if case.status is model.CaseStatus.HELD:
        return ("resume",)
    return ()


def case(q: Reader, case_id: str) -> model.Case:
    """One case.

    Raises: NotFound; staffing.MayNot outside the reader's grants.
    """
    found = q.get(model.Case, "review_case", case_id)
    if not _sees(q, found):
        staffing.require(
            q,
            model.RIGHT_FOR[found.kind],
            platform_id=found.platform_id,
            agency_id=found.agency_id,
        )
    return found


def reasons_for(q: Reader, kind: str) -> dict[str, policies.Reason]:
    """The reasons a case of this kind can be rejected for, by code."""
    found = q.policies(policies.Reason)
    return {code: reason for code, reason in found.items() if kind in reason.kinds}


def of_subject(q: Reader, subject_id: str) -> list[model.Case]:
    """Every case about a subject, oldest first."""
    return store.of_subject(q, subject_id)


def counts(q: Reader) -> dict[tuple[str, str], int]:
    """How many cases there are by (kind, status)."""
    return store.counts(q)


def recently_decided(q: Reader, *, limit: int = 20) -> list[model.Case]:
    """The cases decided last that the reader may see."""
    return [case for case in store.decided(q, limit=limit) if _sees(q, case)]


def office_open(q: Reader) -> bool:
    """Whether it is office hours now."""
    return calendar.china().is_open(q.now)


def happened(q: Reader, kind: str) -> int:
    """How often a fact of this kind stands in the log."""
    found = q.row("SELECT COUNT(*) AS n FROM event WHERE kind = ?", (kind,))
    return int(found["n"]) if found else 0
