"""When somebody on the roster works: their shifts between the breaks, on the days that are theirs."""

from __future__ import annotations

import datetime

from engine.kernel import calendar, clock
from simulations.scenario import Shifts


def works_on(shifts: Shifts, day: datetime.date) -> bool:
    """Whether a day is one of theirs: public holidays are nobody's, weekends theirs who name them."""
    if day in shifts.holidays:
        return False
    if shifts.weekdays is None:
        return calendar.china().is_business_day(day)
    return day.isoweekday() in shifts.weekdays and not calendar.china().is_holiday(day)


def spans(shifts: Shifts, day: datetime.date) -> list[tuple[int, int]]:
    """The working spans of a day, as half-open spans of UTC milliseconds."""
    if not works_on(shifts, day):
        return []
    edges = [shifts.start]
    for one in shifts.breaks:
        edges += [one.start, one.end]
    edges.append(shifts.end)
    instants = [_instant(day, text) for text in edges]
    pairs = zip(instants[::2], instants[1::2], strict=True)
    return [(start, end) for start, end in pairs if start < end]


def next_span(shifts: Shifts, now_ms: int) -> tuple[int, int]:
    """The span that is on, or the next one."""
    day = clock.civil_date(now_ms)
    while True:
        for start, end in spans(shifts, day):
            if now_ms < end:
                return start, end
        day += datetime.timedelta(days=1)


def _instant(day: datetime.date, text: str) -> int:
    time = datetime.time.fromisoformat(text)
    return clock.from_datetime(datetime.datetime.combine(day, time, clock.SHANGHAI))
