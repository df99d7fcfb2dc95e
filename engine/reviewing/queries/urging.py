"""Whether a case can be hurried along now (催办)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kernel import actors, calendar, clock, errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.reviewing import model, store

# Office hours that have to pass before a case is hurried along again.
APART_MS = clock.HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class MyReview:
    """The review that somebody waits for, as they may know of it: not who decides, and not why it waits."""

    opened_at: int
    expected_at: int | None
    urged_at: int | None
    urged_count: int
    may_urge: bool


def my_review(q: Reader, subject_id: str) -> MyReview | None:
    """The open review of what the signed-in person handed in; None where nobody decides it now.

    `expected_at` is its due, while it is not past and the clocks run. Raises: NotPermitted.
    """
    if not isinstance(q.actor, actors.Person):
        raise errors.NotPermitted()
    case = waited_for(q, subject_id)
    if case is None or case.maker != q.actor.text:
        return None
    clocks = model.clocks(case, q.policy(policies.ReviewRule, case.kind), q.now)
    runs = not clocks.paused and q.now <= clocks.decision_due
    return MyReview(
        opened_at=case.opened_at,
        expected_at=clocks.decision_due if runs else None,
        urged_at=case.urged_at,
        urged_count=case.urged_count,
        may_urge=may_be_urged(q, case),
    )


def may_be_urged(q: Reader, case: model.Case) -> bool:
    """Whether somebody has still to decide a case that was not hurried along within an office hour."""
    if model.CASE.terminal(case.status):
        return False
    if case.urged_at is None:
        return True
    return calendar.china().business_ms(case.urged_at, q.now) >= APART_MS


def waited_for(q: Reader, subject_id: str) -> model.Case | None:
    """The open case that the maker of a subject waits for; a second, blind look is nobody's wait."""
    return next(
        (
            case
            for case in store.of_subject(q, subject_id)
            if case.sample_of is None and not model.CASE.terminal(case.status)
        ),
        None,
    )
