"""Whether a case can be hurried along now (催办)."""

from __future__ import annotations

from engine.kernel import calendar, clock
from engine.kernel.reader import Reader
from engine.reviewing import model, store

# Office hours that have to pass before a case is hurried along again.
APART_MS = clock.HOUR


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
