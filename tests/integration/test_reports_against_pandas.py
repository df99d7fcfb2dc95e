"""Every report equals an independent computation in pandas, to the last digit, whatever it is asked about.

Asked of a generated year with many of everything, and of a simulated run's log as the feed copied it.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from engine.reports import catalog
from engine.reports.filters import Filters
from tests.support import report_copies
from tools.benchmarking import answers
from tools.benchmarking.answers import comparing
from tools.benchmarking.answers.frames import Asked, Frames, of_copy

_ROWS = {
    "RPT-1": ("orders", "order_steps", "refunds", "money"),
    "RPT-2": ("reviews", "backlog", "reasons", "rework", "samples", "turnaround"),
    "RPT-3": ("invoices", "invoice_ageing", "red_letters", "tax"),
    "RPT-4": ("process_map", "variants", "funnel", "cohorts"),
    "OPS-4": ("bulk_acts", "bulk_items"),
    "OPS-6": ("incidents", "issuing_stops", "reveals"),
    "API-1": ("deliveries",),
}
NAMES = [
    pytest.param(name, marks=[pytest.mark.row(row) for row, some in _ROWS.items() if name in some])
    for name in catalog.NAMES
]
# Spans that begin and end in the middle of a day and between two milliseconds of events, or lie outside.
MIDDLE = Filters(from_ms=1_767_700_000_000, to_ms=1_778_000_000_123)
FILTERS = (
    Filters(),
    MIDDLE,
    Filters(platforms=("guangzheng",)),
    Filters(agencies=("nanfang", "huaxia"), platforms=("guangzheng", "yangguang")),
    Filters(regions=("310000", "320000", "440000"), from_ms=MIDDLE.from_ms),
    Filters(kinds=("certificate",), to_ms=MIDDLE.to_ms),
    Filters(kinds=("certificate_order", "invoice")),
    Filters(stages=("certificate_ca",), reviewers=("staff:ca-03", "staff:ca-11")),
    Filters(platforms=("nowhere",)),
    Filters(from_ms=1, to_ms=2),
)


def _levels(report: catalog.Report) -> Iterator[tuple[str, ...]]:
    """None, those that are told by itself, one after the other, all; in turn without an end."""
    chosen = [(), report.shown, report.levels, *((level,) for level in report.levels)]
    return itertools.cycle(list(dict.fromkeys(chosen)))


def _questions(report: catalog.Report) -> list[tuple[Filters, str, tuple[str, ...]]]:
    """Each filter with two roll-ups and each roll-up with several filters; the levels take turns."""
    levels = _levels(report)
    every = list(itertools.product(FILTERS, report.by or ("",)))
    step = max(1, len(report.by) // 2)
    # Each hour of a year is many rows: the shorter spans do.
    return [
        (filters, by, next(levels))
        for place, (filters, by) in enumerate(every)
        if place % step == 0 and (by != "hour" or filters.from_ms)
    ]


def _told(copy: Any, frames: Frames, name: str) -> list[str]:
    """Where a report and pandas differ, in words."""
    report = catalog.load(name)
    found: list[str] = []
    for filters, by, levels in _questions(report):
        told = catalog.ask(copy, report, filters, by=by, levels=levels)
        given = dataclasses.asdict(filters)
        del given["run"]
        asked = Asked(**given, by=by or "all", levels=levels)
        frame = answers.ANSWERS[name](frames, asked)
        different = comparing.differences(told.columns, told.rows, frame)
        found += [f"{by} {levels} {filters}: {one}" for one in different]
    return found


def test_there_is_an_answer_in_pandas_for_every_report():
    assert set(answers.ANSWERS) == set(catalog.NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_report_equals_pandas_on_a_generated_year(name: str):
    copy = report_copies.generated()
    assert _told(copy, of_copy(copy), name) == []


@pytest.mark.parametrize("name", NAMES)
def test_a_report_equals_pandas_on_a_simulated_run(name: str):
    copy = report_copies.frozen()
    assert _told(copy, of_copy(copy), name) == []


def test_the_generated_year_has_something_for_every_report():
    """An answer without rows would prove nothing; what the generator leaves out, the run has."""
    empty = []
    for name in catalog.NAMES:
        report = catalog.load(name)
        counts = [
            len(catalog.ask(copy, report).rows)
            for copy in (report_copies.generated(), report_copies.frozen())
        ]
        if not any(counts):
            empty.append(name)
    assert empty == []


def test_a_difference_of_one_fen_is_seen():
    """That the comparison can fail: one order's payment is a fen more for pandas."""
    copy = report_copies.generated()
    frames = of_copy(copy)
    paid = frames.of("order_fact", "paid_fen")["paid_fen"].copy()
    paid.iloc[len(paid) // 2] += 1
    frames._known["order_fact", "paid_fen"] = paid
    assert _told(copy, frames, "orders") != []
