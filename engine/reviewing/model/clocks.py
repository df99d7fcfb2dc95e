"""The clocks of a case, on office hours."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import calendar, clock
from engine.policies.model import Escalation, ReviewRule
from engine.reviewing.model.case import Case, CaseStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """When a case is due, and whether it is late, at one instant (UTC milliseconds).

    `open_ms` is the office time that this case has taken, without what it was held for; `total_ms` is
    all office time since the first submission of the matter, through every correction, holds and the
    applicant's own time included: what they have waited for us and for themselves. `warning` says that
    `warn_at` has passed and `decision_due` has not; `escalated` are the rungs of the ladder that the
    case has reached, in the order of the rule. `breach_at` is when the next clock runs out: that of the
    first look while nobody has looked, else that of the decision.
    """

    first_touch_due: int
    decision_due: int
    breach_at: int
    warn_at: int
    overdue: bool
    warning: bool
    paused: bool
    open_ms: int
    total_ms: int
    used_percent: int
    escalated: tuple[Escalation, ...] = ()

    @property
    def level(self) -> str:
        """Whom the case has been brought before last: `assignee`, `lead`, `administrator` or nobody."""
        return self.escalated[-1].to if self.escalated else ""


def clocks(case: Case, rule: ReviewRule, now: int) -> Clocks:
    """The case's clocks on the business calendar, derived and never stored (OPS-2)."""
    days = calendar.china()
    paused = case.status is CaseStatus.HELD and case.paused_at is not None
    stop = case.decided_at or (case.paused_at if paused and case.paused_at else now)
    held, allowed = case.held_ms, rule.decision_minutes * clock.MINUTE
    touch_due = days.add_business_ms(case.opened_at, rule.first_touch_minutes * clock.MINUTE)
    due = due_at(rule, case.opened_at, held)
    warn_at = days.add_business_ms(case.opened_at, warn_ms(rule) + held)
    untouched = case.first_touched_at is None
    breach_at = min(due, touch_due) if untouched else due
    late = stop > breach_at
    open_ms = max(0, days.business_ms(case.opened_at, stop) - held)
    reached = tuple(
        step for step in rule.escalation if stop > reached_at(step, warn_at=warn_at, due=breach_at)
    )
    return Clocks(
        first_touch_due=touch_due,
        decision_due=due,
        breach_at=breach_at,
        warn_at=warn_at,
        overdue=late,
        warning=not late and stop > warn_at,
        paused=paused,
        open_ms=open_ms,
        total_ms=days.business_ms(case.first_opened_at, case.decided_at or now),
        used_percent=open_ms * 100 // allowed if allowed else 100,
        escalated=reached,
    )


def due_at(rule: ReviewRule, opened_at: int, held_ms: int) -> int:
    """When a case of this kind has to be decided."""
    allowed = rule.decision_minutes * clock.MINUTE + held_ms
    return calendar.china().add_business_ms(opened_at, allowed)


def warn_ms(rule: ReviewRule) -> int:
    """The office time after which a case of this kind is nearly late."""
    return rule.decision_minutes * clock.MINUTE * rule.warn_percent // 100


def rung_before(rule: ReviewRule, now: int, to: str) -> tuple[int, int]:
    """Before which instant a case was opened that has been brought before somebody by now.

    And before which, where nobody has looked at it yet. Of cases that were never on hold.
    """
    days = calendar.china()
    decision, touch = 0, 0
    for step in rule.escalation:
        if step.to != to:
            continue
        since = (
            days.earliest_start(now, step.after_minutes * clock.MINUTE)
            if step.after_minutes
            else now
        )
        if step.when == "warning":
            decision = max(decision, days.earliest_start(since, warn_ms(rule)))
        else:
            allowed = rule.decision_minutes * clock.MINUTE
            decision = max(decision, days.earliest_start(since, allowed))
            first = rule.first_touch_minutes * clock.MINUTE
            touch = max(touch, days.earliest_start(since, first))
    return decision, touch


def reached_at(step: Escalation, *, warn_at: int, due: int) -> int:
    """After which instant a case stands on a rung of the ladder."""
    begin = warn_at if step.when == "warning" else due
    if not step.after_minutes:
        return begin
    return calendar.china().add_business_ms(begin, step.after_minutes * clock.MINUTE)
