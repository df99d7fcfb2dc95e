"""Business time: make-up days, holidays, office hours, and the end of what is known."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel import calendar, clock

DAYS = calendar.china()
H, M = clock.HOUR, clock.MINUTE
# 2026: National Day is 1 to 7 October; Saturday the 10th is worked for it.
SPAN_START = datetime.datetime(2026, 1, 1, tzinfo=clock.SHANGHAI)
SPAN_MS = 300 * clock.DAY
instants = st.integers(0, SPAN_MS).map(lambda ms: clock.from_datetime(SPAN_START) + ms)


def at(text: str) -> int:
    """An instant from `2026-10-09 16:00`, Shanghai time."""
    return clock.from_datetime(datetime.datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI))


@pytest.mark.parametrize(
    ("day", "open_then"),
    [
        ("2026-10-01", False),  # Thursday, holiday
        ("2026-10-07", False),
        ("2026-10-08", True),
        ("2026-10-10", True),  # Saturday, made up
        ("2026-10-11", False),  # Sunday
        ("2026-02-14", True),  # Saturday before the Spring Festival, made up
        ("2026-02-16", False),
        ("2026-01-04", True),  # Sunday, made up
    ],
)
def test_holidays_and_make_up_days_of_2026(day, open_then):
    assert DAYS.is_business_day(datetime.date.fromisoformat(day)) is open_then


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-06-01 08:00", "2026-06-01 17:00", 9),
        ("2026-06-01 06:00", "2026-06-01 09:00", 1),
        ("2026-06-01 16:00", "2026-06-02 09:00", 2),
        ("2026-06-05 16:00", "2026-06-08 09:00", 2),  # over a weekend
        ("2026-09-30 16:00", "2026-10-08 09:00", 2),  # over National Day
        ("2026-10-09 16:00", "2026-10-10 09:00", 2),  # into a make-up Saturday
        ("2026-10-10 16:00", "2026-10-12 09:00", 2),
        ("2026-10-01 00:00", "2026-10-08 00:00", 0),
        ("2026-06-01 12:00", "2026-06-01 12:00", 0),
        ("2026-06-02 12:00", "2026-06-01 12:00", 0),
    ],
)
def test_business_hours_between_two_instants(start, end, hours):
    assert DAYS.business_ms(at(start), at(end)) == hours * H


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("2026-06-01 08:00", 60, "2026-06-01 09:00"),
        ("2026-06-01 16:30", 60, "2026-06-02 08:30"),
        ("2026-06-01 16:00", 60, "2026-06-01 17:00"),
        ("2026-06-01 20:00", 1, "2026-06-02 08:01"),
        ("2026-09-30 16:30", 60, "2026-10-08 08:30"),
        ("2026-10-09 16:30", 60, "2026-10-10 08:30"),
        ("2026-06-05 08:00", 18 * 60, "2026-06-08 17:00"),
        ("2026-06-01 17:00", 0, "2026-06-02 08:00"),
        ("2026-06-01 12:00", 0, "2026-06-01 12:00"),
    ],
)
def test_the_instant_after_so_much_office_time(start, minutes, end):
    assert DAYS.add_business_ms(at(start), minutes * M) == at(end)


@given(instants, st.integers(1, 100 * H))
def test_adding_and_counting_agree(start, duration):
    end = DAYS.add_business_ms(start, duration)
    assert DAYS.business_ms(start, end) == duration
    assert DAYS.business_ms(start, end - 1) == duration - 1


@given(instants, instants, instants)
def test_spans_add_up(one, two, three):
    first, middle, last = sorted((one, two, three))
    parts = DAYS.business_ms(first, middle) + DAYS.business_ms(middle, last)
    assert parts == DAYS.business_ms(first, last)


@given(instants)
def test_open_means_that_time_passes(instant):
    assert DAYS.business_ms(instant, instant + 1) == int(DAYS.is_open(instant))


def test_office_hours_are_half_open():
    assert DAYS.is_open(at("2026-06-01 08:00"))
    assert not DAYS.is_open(at("2026-06-01 08:00") - 1)
    assert DAYS.is_open(at("2026-06-01 17:00") - 1)
    assert not DAYS.is_open(at("2026-06-01 17:00"))


def test_past_its_last_year_it_refuses_and_names_the_year():
    last = max(year.year for year in DAYS.year)
    with pytest.raises(calendar.CalendarEnds, match=str(last + 1)):
        DAYS.is_business_day(datetime.date(last + 1, 1, 1))
    with pytest.raises(calendar.CalendarEnds):
        DAYS.add_business_ms(at(f"{last}-12-31 16:00"), 20 * H)
    with pytest.raises(calendar.CalendarEnds):
        DAYS.business_ms(at(f"{last}-12-31 16:00"), at(f"{last + 1}-01-02 09:00"))


def test_make_up_days_fall_on_weekends_and_holidays_are_not_worked():
    for year in DAYS.year:
        assert not year.workdays & year.holidays
        assert all(day.isoweekday() in (6, 7) for day in year.workdays)
        assert {day.year for day in year.workdays | year.holidays} == {year.year}


def test_the_years_have_no_gap():
    years = [year.year for year in DAYS.year]
    assert years == list(range(years[0], years[0] + len(years)))


def test_a_civil_date_is_shanghai_s():
    assert clock.civil_date(at("2026-06-02 00:00")) == datetime.date(2026, 6, 2)
    assert clock.civil_date(at("2026-06-02 00:00") - 1) == datetime.date(2026, 6, 1)
    assert clock.start_of(datetime.date(2026, 6, 2)) == at("2026-06-02 00:00")
