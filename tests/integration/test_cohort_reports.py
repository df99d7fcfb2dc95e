"""Cohorts and the funnel of those who register, counted again in plain Python."""

from __future__ import annotations

import datetime
import random
import statistics
from pathlib import Path
from typing import Any

import pytest

from engine.kernel import clock
from engine.reports import behind, catalog
from engine.reports.filters import Filters
from tests.support import lifecycles

STEPS = (
    *("registered_at", "proved_at", "joined_at", "first_order_at", "first_paid_at"),
    *("first_certificate_at", "first_invoice_at"),
)
MILESTONES = {
    "1_proved": "proved_at",
    "2_joined": "joined_at",
    "3_onboarded": "onboarded_at",
    "4_ordered": "first_order_at",
    "5_order_paid": "first_paid_at",
    "6_certified": "first_certificate_at",
    "7_invoiced": "first_invoice_at",
    "8_closed": "ended_at",
}
NOW = lifecycles.START + 150 * 24 * lifecycles.HOUR
SPAN = Filters(
    from_ms=lifecycles.START + 20 * 24 * lifecycles.HOUR,
    to_ms=lifecycles.START + 90 * 24 * lifecycles.HOUR,
)


def accounts(count: int = 200) -> list[dict[str, Any]]:
    chance = random.Random(11)
    made = []
    for number in range(count):
        at = lifecycles.START + chance.randrange(100 * 24) * lifecycles.HOUR
        one: dict[str, Any] = dict.fromkeys((*STEPS, *MILESTONES.values()))
        one |= {"account_ref": f"ref{number:04}", "registered_at": at}
        for step in STEPS[1 : chance.randint(1, 7)]:
            at += chance.randrange(40 * 24 * lifecycles.HOUR)
            one[step] = at if at < NOW else None
        if one["joined_at"] and chance.random() < 0.3:
            one["onboarded_at"] = one["joined_at"]
        if chance.random() < 0.1:
            one["ended_at"] = NOW - 1
        # Some have an order before the step that stands before it.
        if one["first_order_at"] and chance.random() < 0.2:
            one["first_order_at"] = one["registered_at"]
        made.append(one)
    return made


PEOPLE = accounts()


@pytest.fixture
def copy(tmp_path: Path) -> Any:
    made = lifecycles.copy_of(tmp_path / "copy.duckdb", lifecycles.facts(4))
    for one in PEOPLE:
        names = list(one)
        marks = ", ".join("?" for _ in names)
        made.execute(
            f"INSERT INTO account_fact ({', '.join(names)}) VALUES ({marks})",
            [one[name] for name in names],
        )
        if one["first_order_at"]:
            made.execute(
                "INSERT INTO order_fact (id, number, account_ref, created_at) VALUES (?, ?, ?, ?)",
                [f"ord_{one['account_ref']}", f"NO{one['account_ref']}", one["account_ref"], 1],
            )
    made.execute("UPDATE watermark SET occurred_at = ?", [NOW])
    yield made
    made.close()


def rows(copy: Any, name: str) -> list[dict[str, Any]]:
    told = catalog.ask(copy, catalog.load(name), SPAN)
    return [dict(zip(told.columns, row, strict=True)) for row in told.rows]


def within() -> list[dict[str, Any]]:
    return [one for one in PEOPLE if SPAN.from_ms <= one["registered_at"] < SPAN.to_ms]


@pytest.mark.row("RPT-4")
def test_the_funnel_counts_who_came_how_far(copy):
    told = rows(copy, "funnel")
    assert [row["step"][0] for row in told] == list("1234567")
    people = within()
    for row, step, before in zip(told, STEPS, (STEPS[0], *STEPS), strict=False):
        reached = [one for one in people if one[step]]
        assert row["reached"] == len(reached)
        assert row["of_registered_percent"] == round(100 * len(reached) / len(people), 1)
        were = [one for one in people if one[before]]
        both = [one for one in were if one[step]]
        assert row["of_before_percent"] == pytest.approx(100 * len(both) / len(were), abs=0.051)
        gaps = [one[step] - one[before] for one in both if one[step] >= one[before]]
        half = statistics.median(gaps) / lifecycles.HOUR
        assert row["from_before_p50_h"] == pytest.approx(half, abs=0.0051)
        cases = behind.cases(
            copy, catalog.load("funnel"), SPAN, row={"step": row["step"]}, figure="reached"
        )
        assert len(cases.rows) == row["reached"]


def _month(ms: int) -> datetime.date:
    return clock.civil_date(ms).replace(day=1)


def _months(one: datetime.date, two: datetime.date) -> int:
    return (two.year - one.year) * 12 + two.month - one.month


@pytest.mark.row("RPT-4")
def test_a_cohort_is_followed_month_by_month(copy):
    expected = {}
    for one in within():
        month = _month(one["registered_at"])
        for milestone, column in MILESTONES.items():
            for age in range(_months(month, _month(NOW)) + 1):
                key = (month.strftime("%Y-%m"), milestone, age)
                size, reached = expected.get(key, (0, 0))
                came = one[column] is not None and _months(month, _month(one[column])) <= age
                expected[key] = (size + 1, reached + came)
    told = {
        (row["cohort"], row["milestone"], row["months_after"]): (row["registered"], row["reached"])
        for row in rows(copy, "cohorts")
    }
    assert told == expected
    assert len({key[0] for key in told}) == 3
    # Never fewer than a month before, and the last one is today's month.
    for (cohort, milestone, age), (_, reached) in told.items():
        if age:
            assert reached >= told[(cohort, milestone, age - 1)][1]


@pytest.mark.row("RPT-4")
def test_every_cell_of_a_cohort_opens_its_people(copy):
    report = catalog.load("cohorts")
    for row in rows(copy, "cohorts")[::7]:
        keys = {key: row[key] for key in report.keys}
        found = behind.cases(copy, report, SPAN, row=keys, figure="reached")
        assert len(found.rows) == row["reached"]
        every = behind.cases(copy, report, SPAN, row=keys, figure="registered")
        assert len(every.rows) == row["registered"]
