"""A review case and the course it can take."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow
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
        _S.WAITING: {"claim": _S.CLAIMED, "reassign": _S.CLAIMED, "withdraw": _S.WITHDRAWN},
        _S.CLAIMED: {
            "approve": _S.APPROVED,
            "approve_in_part": _S.WAITING,
            "reject": _S.REJECTED,
            "release": _S.WAITING,
            "claim": _S.CLAIMED,
            "take_over": _S.CLAIMED,
            "reassign": _S.CLAIMED,
            "hold": _S.HELD,
            "withdraw": _S.WITHDRAWN,
        },
        _S.HELD: {"resume": _S.CLAIMED, "reassign": _S.HELD, "withdraw": _S.WITHDRAWN},
        _S.APPROVED: {},
        _S.REJECTED: {},
        _S.WITHDRAWN: {},
    },
)

# Which right decides which kind of case. A new kind is one line here and one rule in the policies.
RIGHT_FOR: dict[str, Right] = {
    "enterprise_claim": Right.REVIEW_ENTERPRISE,
    "enterprise_change": Right.REVIEW_ENTERPRISE,
    "certificate_platform": Right.REVIEW_PLATFORM,
    "certificate_ca": Right.REVIEW_AGENCY,
    "entity": Right.REVIEW_PLATFORM,
    "seal": Right.REVIEW_SEAL,
    "seal_making": Right.MAKE_SEAL,
    "contract": Right.REVIEW_CONTRACT,
    "cancellation": Right.MANAGE_ACCOUNTS,
    "account_termination": Right.MANAGE_ACCOUNTS,
    "termination_appeal": Right.MANAGE_ACCOUNTS,
    "archive_release": Right.MANAGE_ACCOUNTS,
    "key_recovery": Right.REVIEW_AGENCY,
    "settlement": Right.FINANCE,
    "invoice": Right.FINANCE,
    "red_letter": Right.FINANCE,
}

# Which kind was approved before another one about the same subject: what it saw has to hold still.
STAGE_BEFORE: dict[str, str] = {"certificate_ca": "certificate_platform"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One case. `maker`, `excluded` and `approved_by` are actor texts (`person:acc_…`, `staff:stf_…`).

    `approved_by` are who approved already, while more have to; the last one is `decided_by`.
    `first_opened_at` is the first submission's of what `corrects` leads back to. `paused_at` is since
    when the clocks stand still: not every hold stops them. `evidence` is the digest of what was
    approved. `sample_of` is the case whose second, blind look this is.
    """

    id: str
    kind: str
    subject_id: str
    platform_id: str | None
    agency_id: str | None
    title: str
    status: CaseStatus
    maker: str
    excluded: tuple[str, ...] = ()
    approved_by: tuple[str, ...] = ()
    corrects: str | None = None
    sample_of: str | None = None
    assignee: str | None = None
    lease_until: int = 0
    first_opened_at: int
    opened_at: int
    first_touched_at: int | None = None
    held_at: int | None = None
    paused_at: int | None = None
    held_ms: int = 0
    hold_reason: str | None = None
    hold_note: str = ""
    urged_at: int | None = None
    urged_count: int = 0
    decided_at: int | None = None
    decided_by: str | None = None
    reasons: tuple[str, ...] = ()
    note: str = ""
    evidence: str = ""

    def may_be_decided_by(self, actor_text: str) -> bool:
        """Four eyes: neither the maker, nor anybody excluded, nor who approved it already."""
        return actor_text not in (self.maker, *self.excluded, *self.approved_by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a reviewer said, as the subject's stage receives it. `approved_by` is all who approved."""

    case_id: str
    approved: bool
    reasons: tuple[str, ...]
    note: str
    decided_by: str
    approved_by: tuple[str, ...] = ()


def open_at(case: Case, now: int) -> bool:
    """Whether anybody entitled may claim the case: waiting, or claimed with a lapsed lease."""
    return case.status is _S.WAITING or (case.status is _S.CLAIMED and case.lease_until <= now)
