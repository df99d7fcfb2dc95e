"""Civil time: business days and office hours in Shanghai, holidays and make-up days as data.

Past the last year of the data it refuses instead of guessing. Years marked `projected` follow the
statutory rule before the State Council has published the year's arrangement.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable
from typing import Literal

from engine.kernel import catalog, clock, errors


class CalendarEnds(errors.ConfigurationError):
    """The holiday calendar ends before {year}. Add the year to data/calendars/cn.toml."""


class Year(catalog.Declared):
    """One year of the calendar: days off that are not weekends, weekend days that are worked."""

    year: int
    status: Literal["published", "projected"]
    holidays: frozenset[datetime.date]
    workdays: frozenset[datetime.date]


class Hours(catalog.Declared):
    """Office hours, `HH:MM`, and the ISO weekdays they hold on."""

    start: str
    end: str
    weekdays: tuple[int, ...]


class Calendar(catalog.Declared):
    """The business calendar."""

    zone: str
    hours: Hours
    year: tuple[Year, ...]

    @functools.cached_property
    def _years(self) -> dict[int, Year]:
        return {year.year: year for year in self.year}

    @functools.cached_property
    def _windows(self) -> dict[datetime.date, tuple[int, int] | None]:
        return {}

    def is_business_day(self, day: datetime.date) -> bool:
        """Whether offices are open on a date.

        Raises: CalendarEnds.
        """
        year = self._year_of(day)
        if day in year.workdays:
            return True
        return day.isoweekday() in self.hours.weekdays and day not in year.holidays

    def is_holiday(self, day: datetime.date) -> bool:
        """Whether a date belongs to a public holiday, weekends inside it too.

        Raises: CalendarEnds.
        """
        return day in self._year_of(day).holidays

    def _year_of(self, day: datetime.date) -> Year:
        year = self._years.get(day.year)
        if year is None:
            raise CalendarEnds(file="calendars/cn.toml", problem="", year=day.year)
        return year

    def window(self, day: datetime.date) -> tuple[int, int] | None:
        """The office hours of a date as a half-open span of UTC milliseconds, or None."""
        # Asked for again and again by every clock of every case: each date is worked out once.
        if day not in self._windows:
            self._windows[day] = self._window(day)
        return self._windows[day]

    def _window(self, day: datetime.date) -> tuple[int, int] | None:
        if not self.is_business_day(day):
            return None
        start, end = (
            datetime.time.fromisoformat(text) for text in (self.hours.start, self.hours.end)
        )
        return tuple(  # type: ignore[return-value]
            clock.from_datetime(datetime.datetime.combine(day, time, clock.SHANGHAI))
            for time in (start, end)
        )

    def is_open(self, at_ms: int) -> bool:
        """Whether an instant lies within office hours."""
        window = self.window(clock.civil_date(at_ms))
        return window is not None and window[0] <= at_ms < window[1]

    def business_ms(self, from_ms: int, to_ms: int) -> int:
        """Milliseconds of office hours between two instants."""
        total, day = 0, clock.civil_date(from_ms)
        while clock.start_of(day) < to_ms:
            window = self.window(day)
            if window is not None:
                total += max(0, min(to_ms, window[1]) - max(from_ms, window[0]))
            day += datetime.timedelta(days=1)
        return total

    def add_business_ms(self, from_ms: int, duration_ms: int) -> int:
        """The instant at which `duration_ms` of office hours have passed since `from_ms`."""
        # A queue is put in order by this again and again, of the same cases.
        return self._added(from_ms, duration_ms)

    @functools.cached_property
    def _added(self) -> Callable[[int, int], int]:
        return functools.lru_cache(maxsize=1 << 16)(self._add)

    def _add(self, from_ms: int, duration_ms: int) -> int:
        left, day = duration_ms, clock.civil_date(from_ms)
        while True:
            window = self.window(day)
            if window is not None:
                start = max(from_ms, window[0])
                if start + left <= window[1] and start < window[1]:
                    return start + left
                left -= max(0, window[1] - start)
            day += datetime.timedelta(days=1)

    def earliest_start(self, until_ms: int, duration_ms: int) -> int:
        """The first instant from which `duration_ms` of office hours end at `until_ms` or later.

        The inverse of `add_business_ms` for a positive duration: whatever began earlier is over before
        `until_ms`. Where the calendar begins, everything later counts.
        """
        last = until_ms - 1
        left, day = duration_ms, clock.civil_date(last)
        first = datetime.date(min(self._years), 1, 1)
        while day >= first:
            window = self.window(day)
            if window is not None and window[0] < last:
                end = min(last, window[1])
                if end - window[0] >= left:
                    return end - left + 1
                left -= end - window[0]
            day -= datetime.timedelta(days=1)
        return clock.start_of(first)

    def next_window(self, after_ms: int) -> tuple[int, int]:
        """The first office hours that begin after an instant.

        Raises: CalendarEnds.
        """
        day = clock.civil_date(after_ms)
        while True:
            window = self.window(day)
            if window is not None and window[0] > after_ms:
                return window
            day += datetime.timedelta(days=1)


@functools.cache
def china() -> Calendar:
    """The calendar of data/calendars/cn.toml."""
    return catalog.load(catalog.DATA / "calendars" / "cn.toml", Calendar)
