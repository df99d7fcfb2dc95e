"""The clocks of a case, on office hours."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import calendar, clock
from engine.policies.model import ReviewRule
from engine.reviewing.model.case import Case, CaseStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """When a case is due, and whether it is late, at one instant (UTC milliseconds)."""

    first_touch_due: int
    decision_due: int
    overdue: bool
    paused: bool
    open_ms: int


def clocks(case: Case, rule: ReviewRule, now: int) -> Clocks:
    """The case's clocks on the business calendar, derived and never stored (OPS-2)."""
    days = calendar.china()
    paused = case.status is CaseStatus.HELD and case.paused_at is not None
    stop = case.decided_at or (case.paused_at if paused and case.paused_at else now)
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
