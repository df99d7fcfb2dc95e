"""How reviews run, and the reasons to say no."""

from __future__ import annotations

from engine.kernel.catalog import Text
from engine.policies.model.setting import Setting


class ReviewRule(Setting):
    """How a kind of review runs: its lease and its clocks, in minutes of office hours (OPS-2)."""

    KIND = "review_rule"
    NAMED = True
    label: Text
    lease_minutes: int
    first_touch_minutes: int
    decision_minutes: int


class Reason(Setting):
    """A reason to reject, pointing at the field that it is about."""

    KIND = "reason"
    NAMED = True
    kinds: tuple[str, ...]
    field: str
    text: Text
