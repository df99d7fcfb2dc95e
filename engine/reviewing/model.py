"""A review case: a question that a human answers, and the rules of answering it.

Four eyes stand here once for all (OPS-3): who made a thing, and whoever is named in `excluded`, can
neither claim nor decide its case; the database refuses it too. A lease is a promise of minutes: once
it has run out anybody else may claim the case, and nothing has to be written for that. Clocks run on
office hours and stand still while a case is held; whether one is overdue is derived when read.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel import calendar, clock
from engine.kernel.catalog import Text
from engine.kernel.workflow import Workflow
from engine.policies.model import ReviewRule
from engine.staffing.model import Right


class CaseStatus(enum.StrEnum):
    """Where a case stands."""

    WAITING = "waiting"  # any entitled reviewer moves next
    CLAIMED = "claimed"  # its assignee moves next, until the lease runs out
    HELD = "held"  # waits for something outside; the clocks stand still
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


_S = CaseStatus
CASE = Workflow(
    "case",
    _S.WAITING,
    {
        _S.WAITING: {"claim": _S.CLAIMED, "withdraw": _S.WITHDRAWN},
        _S.CLAIMED: {
            "approve": _S.APPROVED,
            "reject": _S.REJECTED,
            "release": _S.WAITING,
            "claim": _S.CLAIMED,
            "hold": _S.HELD,
            "withdraw": _S.WITHDRAWN,
        },
        _S.HELD: {"resume": _S.CLAIMED, "withdraw": _S.WITHDRAWN},
        _S.APPROVED: {},
        _S.REJECTED: {},
        _S.WITHDRAWN: {},
    },
)

# Which right decides which kind of case. A new kind is one line here and one rule in the policies.
RIGHT_FOR: dict[str, Right] = {
    "enterprise_claim": Right.REVIEW_ENTERPRISE,
    "enterprise_claim_second": Right.REVIEW_ENTERPRISE,
    "enterprise_change": Right.REVIEW_ENTERPRISE,
    "certificate_platform": Right.REVIEW_PLATFORM,
    "certificate_ca": Right.REVIEW_AGENCY,
    "seal": Right.REVIEW_SEAL,
    "seal_making": Right.MAKE_SEAL,
    "contract": Right.REVIEW_CONTRACT,
    "cancellation": Right.MANAGE_ACCOUNTS,
    "account_termination": Right.MANAGE_ACCOUNTS,
    "termination_appeal": Right.MANAGE_ACCOUNTS,
    "archive_release": Right.MANAGE_ACCOUNTS,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case. `maker` and `excluded` are actor texts (`person:acc_…`, `staff:stf_…`)."""

    id: str
    kind: str
    subject_id: str
    platform_id: str | None
    agency_id: str | None
    title: str
    status: CaseStatus
    maker: str
    excluded: tuple[str, ...]
    corrects: str | None
    assignee: str | None
    lease_until: int
    opened_at: int
    first_touched_at: int | None
    held_at: int | None
    held_ms: int
    hold_reason: str | None
    decided_at: int | None
    decided_by: str | None
    reasons: tuple[str, ...]
    note: str

    def may_be_decided_by(self, actor_text: str) -> bool:
        """Four eyes: neither the maker nor anybody excluded."""
        return actor_text != self.maker and actor_text not in self.excluded


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a reviewer said, as the subject's stage receives it."""

    case_id: str
    approved: bool
    reasons: tuple[str, ...]
    note: str
    decided_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetField:
    """A field of what is asked. `label` is a message id, `name` what reasons point at."""

    name: str
    label: str
    value: str | Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A paper handed in; served by the guarded media route. `label` is a message id or a text."""

    label: str | Text
    blob_id: str
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """A check that the machine already made; `detail` are codes of texts, or plain numbers."""

    label: str
    ok: bool
    detail: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What a reviewer sees of a case's subject."""

    fields: tuple[SheetField, ...]
    papers: tuple[Paper, ...] = ()
    checks: tuple[Check, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """When a case is due, and whether it is late, at one instant (UTC milliseconds)."""

    first_touch_due: int
    decision_due: int
    overdue: bool
    paused: bool
    open_ms: int


def open_at(case: Case, now: int) -> bool:
    """Whether anybody entitled may claim the case: waiting, or claimed with a lapsed lease."""
    return case.status is _S.WAITING or (case.status is _S.CLAIMED and case.lease_until <= now)


def clocks(case: Case, rule: ReviewRule, now: int) -> Clocks:
    """The case's clocks on the business calendar, derived and never stored (OPS-2)."""
    days = calendar.china()
    paused = case.status is _S.HELD
    stop = case.decided_at or (case.held_at if paused and case.held_at else now)
    held = case.held_ms
    touch_due = days.add_business_ms(case.opened_at, rule.first_touch_minutes * clock.MINUTE)
    due = days.add_business_ms(case.opened_at, rule.decision_minutes * clock.MINUTE + held)
    touched = case.first_touched_at is not None
    late = stop > due or (not touched and stop > touch_due)
    return Clocks(
        first_touch_due=touch_due,
        decision_due=due,
        overdue=late,
        paused=paused,
        open_ms=max(0, days.business_ms(case.opened_at, stop) - held),
    )
