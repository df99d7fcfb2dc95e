"""Every figure of the reports on orders, reviews, invoices and the desk opens the cases that make it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from engine.reports import behind, catalog
from engine.reports.filters import Filters
from tests.support import report_copies, report_figures, report_rows
from tests.support.report_rows import DAY, START

ORDERS = ("orders", "order_steps", "refunds")
REVIEWS = ("reviews", "backlog", "rework", "reasons", "samples")
INVOICES = ("invoices", "invoice_ageing", "red_letters", "tax")
DESK = ("bulk_acts", "bulk_items", "incidents", "issuing_stops", "deliveries", "reveals")
SPAN = Filters(from_ms=START + 20 * DAY, to_ms=START + 60 * DAY, platforms=("guangzheng",))


@pytest.fixture(scope="module")
def copy() -> Iterator[Any]:
    """A copy with drawn rows."""
    with report_rows.copy() as made:
        yield made


def check(copy: Any, name: str) -> None:
    """A report as one row a period, and told by two levels over a narrow span."""
    report = catalog.load(name)
    first, second = (report.by * 2)[:2] or ("", "")
    assert not list(report_figures.wrong(copy, report, Filters(), by=first, levels=()))
    deep = report.levels[:2]
    assert not list(report_figures.wrong(copy, report, SPAN, by=second, levels=deep))


@pytest.mark.row("RPT-1")
@pytest.mark.parametrize("name", ORDERS)
def test_a_figure_of_orders_is_made_by_the_cases_that_it_opens(copy: Any, name: str) -> None:
    check(copy, name)


@pytest.mark.row("RPT-2")
@pytest.mark.parametrize("name", REVIEWS)
def test_a_figure_of_reviews_is_made_by_the_cases_that_it_opens(copy: Any, name: str) -> None:
    check(copy, name)


@pytest.mark.row("RPT-3")
@pytest.mark.parametrize("name", INVOICES)
def test_a_figure_of_invoices_is_made_by_the_cases_that_it_opens(copy: Any, name: str) -> None:
    check(copy, name)


@pytest.mark.row("OPS-4", "OPS-6", "API-1")
@pytest.mark.parametrize("name", DESK)
def test_a_figure_of_the_desk_in_depth_is_made_by_the_cases_that_it_opens(name: str) -> None:
    check(report_copies.generated(), name)


@pytest.mark.row("RPT-1")
def test_subtotals_are_the_sums_of_what_they_add_up(copy: Any) -> None:
    report = catalog.load("orders")
    answer = catalog.ask(copy, report, by="week", levels=("platform", "kind"))
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    assert [row["level"] for row in rows].count(0) == 1
    for figure in ("placed", "paid", "refunded", "revenue_yuan", "refunded_yuan", "net_yuan"):
        sums = {
            level: round(sum(row[figure] for row in rows if row["level"] == level) * 100)
            for level in range(4)
        }
        assert len(set(sums.values())) == 1, figure


@pytest.mark.row("RPT-2")
@pytest.mark.parametrize("by", ["hour", "day", "week", "month"])
def test_the_backlog_at_a_moment_is_what_was_open_then(copy: Any, by: str) -> None:
    """The running sum against a count at the moment itself, and against what came and left."""
    report = catalog.load("backlog")
    answer = catalog.ask(copy, report, by=by, levels=())
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    before = 0
    for row in rows:
        assert row["backlog"] == before + row["came"] - row["left_desk"]
        before = row["backlog"]
    for row in rows[:: max(len(rows) // 5, 1)]:
        open_then = behind.how_many(
            copy, report, Filters(), row={"moment": row["moment"]}, figure="backlog", by=by
        )
        assert open_then == row["backlog"]


@pytest.mark.row("RPT-2")
def test_the_backlog_does_not_depend_on_where_the_span_begins(copy: Any) -> None:
    report = catalog.load("backlog")
    whole = catalog.ask(copy, report, by="day", levels=("stage",))
    told = {row[:2]: row[whole.columns.index("backlog")] for row in whole.rows}
    later = Filters(from_ms=START + 40 * DAY)
    part = catalog.ask(copy, report, later, by="day", levels=("stage",))
    assert part.rows
    # Its first day begins in the middle, and ends where the other does.
    assert all(told[row[:2]] == row[part.columns.index("backlog")] for row in part.rows)


@pytest.mark.row("RPT-2")
def test_the_interval_of_an_agreement_is_wilsons() -> None:
    """Values of Wilson's interval as statsmodels gives them (proportion_confint, method=wilson)."""
    known = {
        (0, 10): (0.0, 27.8),
        (10, 10): (72.2, 100.0),
        (8, 10): (49.0, 94.3),
        (50, 100): (40.4, 59.6),
    }
    with report_rows.copy() as copy:
        for (k, n), expected in known.items():
            found = copy.execute(
                "SELECT round(100 * wilson_low($k, $n), 1), round(100 * wilson_high($k, $n), 1)",
                {"k": k, "n": n},
            ).fetchone()
            assert found == expected


@pytest.mark.row("RPT-2")
def test_the_running_share_of_reasons_ends_at_the_whole(copy: Any) -> None:
    report = catalog.load("reasons")
    answer = catalog.ask(copy, report, by="all", levels=())
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    counts = [row["rejections"] for row in rows]
    assert counts == sorted(counts, reverse=True)
    assert rows[-1]["running_percent"] == 100.0
    assert rows[0]["running_percent"] == rows[0]["share_percent"]


@pytest.mark.row("RPT-3")
def test_tax_adds_up_to_the_invoices_less_what_red_letters_take_back(copy: Any) -> None:
    answer = catalog.ask(copy, catalog.load("tax"), by="all", levels=())
    (row,) = answer.rows
    told = dict(zip(answer.columns, row, strict=True))
    fen = copy.execute(
        "SELECT sum(total_fen), sum(tax_fen) FROM invoice_fact WHERE issued_at IS NOT NULL"
    ).fetchone()
    assert (round(told["total_yuan"] * 100), round(told["tax_yuan"] * 100)) == fen
    assert round(told["net_yuan"] * 100) == fen[0] - fen[1]


@pytest.mark.row("RPT-1")
def test_what_a_report_does_not_count_is_refused_by_name(copy: Any) -> None:
    report = catalog.load("orders")
    for figure in ("nothing", "placed; DROP TABLE order_fact", "1"):
        with pytest.raises(behind.NothingBehind):
            behind.cases(copy, report, Filters(), row={}, figure=figure)
    with pytest.raises(catalog.RollUpUnknown):
        catalog.ask(copy, report, levels=("reviewer",))
    # A value is bound, whatever stands in it.
    hostile = {"platform": "guangzheng' OR '1'='1"}
    assert behind.how_many(copy, report, Filters(), row=hostile, levels=("platform",)) == 0
