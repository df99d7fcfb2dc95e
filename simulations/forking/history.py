"""What a world's last weeks teach about its desk: paces, hours, and where cases belong.

Read out of cases and the log as counts, times and codes; who is only told apart, never named.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.kernel import calendar, clock, database

DAYS = 30
# Of the last so many business days hours and arrivals are taken.
BUSINESS_DAYS = 10
_ENOUGH = 5
_ENOUGH_DAYS = 3
_LOOKED = (
    "case.approved",
    "case.approval_given",
    "case.rejected",
    "sample.agreed",
    "sample.differed",
)
_LOOKS = ("case.claimed", *_LOOKED)
# What a look takes where nothing was seen yet: (median, 90th percentile) in minutes.
UNKNOWN = (6.0, 15.0)
# Longer than this between a claim and its verdict somebody did something else meanwhile.
_LONGEST_MIN = 240.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How long looks at a kind take, in minutes; `seen` of how many looks (0: assumed)."""

    median: float
    p90: float
    seen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When somebody works: minutes of the day in Shanghai; on how many of the last days they were seen."""

    start_min: int
    end_min: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look: who, at which kind, from when to when."""

    who: str
    kind: str
    claimed_at: int
    ended_at: int


def looks(connection: database.Connection, now: int) -> list[Look]:
    """Every look of the last weeks, from the claim to the verdict of the same member of staff."""
    marks = ", ".join("?" for _ in _LOOKS)
    rows = connection.rows(
        "SELECT e.kind, e.subject, e.actor, e.occurred_at, c.kind AS of_kind FROM event e"  # noqa: S608
        " JOIN review_case c ON c.id = e.subject"
        f" WHERE e.kind IN ({marks}) AND e.occurred_at >= ? ORDER BY e.seq",
        (*_LOOKS, now - DAYS * clock.DAY),
    )
    claimed: dict[str, tuple[str, int]] = {}
    found = []
    for row in rows:
        if row["kind"] == "case.claimed":
            claimed[row["subject"]] = (row["actor"], row["occurred_at"])
            continue
        who, at = claimed.pop(row["subject"], ("", 0))
        if who == row["actor"]:
            found.append(
                Look(who=who, kind=row["of_kind"], claimed_at=at, ended_at=row["occurred_at"])
            )
    return found


def paces(seen: Sequence[Look]) -> dict[str, Pace]:
    """The pace of each kind, by its own looks where there are enough, else by all; "" is all together."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    for one in seen:
        took = (one.ended_at - one.claimed_at) / clock.MINUTE
        if took <= _LONGEST_MIN:
            by_kind[one.kind].append(max(1 / 60, took))
            by_kind[""].append(max(1 / 60, took))
    found = {kind: _pace(values) for kind, values in by_kind.items() if len(values) >= _ENOUGH}
    median, p90 = UNKNOWN
    return {"": Pace(median=median, p90=p90, seen=0)} | found


def _pace(values: Sequence[float]) -> Pace:
    tenths = statistics.quantiles(values, n=10, method="inclusive")
    median = statistics.median(values)
    return Pace(median=median, p90=max(median, tenths[-1]), seen=len(values))


def last_days(now: int) -> list[int]:
    """The starts of the last business days before today, the latest first (UTC milliseconds)."""
    found: list[int] = []
    day = clock.civil_date(now)
    while len(found) < BUSINESS_DAYS:
        day = clock.civil_date(clock.start_of(day) - clock.HOUR)
        if calendar.china().is_business_day(day):
            found.append(clock.start_of(day))
    return found


def hours(seen: Sequence[Look], now: int) -> dict[str, Hours]:
    """The hours of everybody who worked on the last business days: from the earliest minute to the latest.

    A quiet desk shows less than a shift: whoever has nothing to do is not seen. So the widest span of
    several days is taken, and of whoever was seen on few of them the office's hours too. Today is not
    over, and tells only who works here.
    """
    since, today = last_days(now)[-1], clock.start_of(clock.civil_date(now))
    minutes: dict[str, dict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for one in seen:
        if one.claimed_at < since:
            continue
        for at in (one.claimed_at, one.ended_at):
            start = clock.start_of(clock.civil_date(at))
            if start < today:
                minutes[one.who][start].append((at - start) // clock.MINUTE)
    lately = dict.fromkeys(one.who for one in seen if one.claimed_at >= since)
    return {who: _hours(minutes.get(who, {})) for who in lately}


def _hours(days: Mapping[int, Sequence[int]]) -> Hours:
    office = office_hours()
    every = [one for minutes in days.values() for one in minutes]
    if len(days) < _ENOUGH_DAYS:
        every += [office.start_min, office.end_min]
    first, last = min(every), max(every)
    return Hours(start_min=first, end_min=max(last, first + 1), days=len(days))


def office_hours() -> Hours:
    """The hours of somebody of whom no day is known: the office's own."""
    told = calendar.china().hours
    start, end = (60 * int(text[:2]) + int(text[3:]) for text in (told.start, told.end))
    return Hours(start_min=start, end_min=end, days=0)


def places(
    connection: database.Connection, now: int
) -> dict[str, tuple[tuple[str, str, int], ...]]:
    """To which platform and agency the cases of each kind belonged lately, and how many of them."""
    rows = connection.rows(
        "SELECT kind, COALESCE(platform_id, '') AS platform, COALESCE(agency_id, '') AS agency,"
        " COUNT(*) AS n FROM review_case WHERE opened_at >= ?"
        " GROUP BY kind, COALESCE(platform_id, ''), COALESCE(agency_id, '')"
        " ORDER BY kind, platform, agency",
        (now - DAYS * clock.DAY,),
    )
    found: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    for row in rows:
        found[row["kind"]].append((row["platform"], row["agency"], int(row["n"])))
    return {kind: tuple(counted) for kind, counted in found.items()}
