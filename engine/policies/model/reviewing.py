"""How reviews run, and the reasons to say no."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from engine.kernel.catalog import Declared, Text
from engine.policies.model.setting import Setting


class Escalation(Declared):
    """A rung of the ladder: whom a case is brought before, office minutes after warning or breach."""

    when: Literal["warning", "breach"]
    after_minutes: int = 0
    to: Literal["assignee", "lead", "administrator"]


# What no setting goes below: a claim makes an enterprise, which two people say yes to (ENT-1).
LEAST_APPROVERS: dict[str, int] = {"enterprise_claim": 2}


class ReviewRule(Setting):
    """How a kind of review runs: its lease and its clocks, in minutes of office hours (OPS-2).

    `warn_percent` is the share of the time to decide after which a case is shown as nearly late.
    """

    KIND = "review_rule"
    NAMED = True
    label: Text
    lease_minutes: int
    first_touch_minutes: int
    decision_minutes: int
    warn_percent: int = Field(default=75, ge=1, le=100)
    # How many different people have to approve (OPS-3).
    approvers: int = Field(default=1, ge=1, le=5)
    escalation: tuple[Escalation, ...] = ()


class Reason(Setting):
    """A reason to reject, pointing at the field that it is about."""

    KIND = "reason"
    NAMED = True
    kinds: tuple[str, ...]
    field: str
    text: Text


class HoldReason(Setting):
    """Why a case is held; for some kinds, or for all. Where it is ours to wait, the clocks run on."""

    KIND = "hold_reason"
    NAMED = True
    text: Text
    kinds: tuple[str, ...] = ()
    stops_clocks: bool = True

    def fits(self, kind: str) -> bool:
        """Whether a case of this kind can be held for this reason."""
        return not self.kinds or kind in self.kinds


class DeskRules(Setting):
    """What holds for everybody at the desk: how many cases one may have in hand at once (OPS-1)."""

    KIND = "desk_rules"
    in_hand_at_once: int = Field(ge=1, le=100)


class BulkRules(Setting):
    """What is done to many at once (OPS-4): how many at most, and when a second person has to agree.

    `alone_up_to` is how many of what can be taken back one person may do alone; of what cannot, none.
    A proof of the second factor given at the start carries a run for `proof_minutes`.
    """

    KIND = "bulk_rules"
    most_items: int = Field(ge=1, le=50_000)
    alone_up_to: int = Field(ge=0, le=50_000)
    proof_minutes: int = Field(ge=5, le=1_440)


class Sampling(Setting):
    """How many decided cases get a second, blind look: of a thousand, and of which kinds (S-3.4)."""

    KIND = "sampling"
    per_thousand: int = Field(ge=0, le=1000)
    kinds: tuple[str, ...]
