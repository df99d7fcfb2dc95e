"""The report pages: a link reproduces the view, a figure opens its cases, filters go along."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import clock, texts
from engine.reports import catalog, current, definitions
from engine.reports.filters import Filters
from engine.staffing.model import Role
from pages import _report_bar, _report_cases
from tests.support import moneys, report_figures, worlds

Open = Callable[..., AppTest]


@pytest.fixture
def paid(console_world: World) -> World:
    """A world in which one order is paid and another one is not."""
    moneys.paid(console_world)
    return console_world


def at(console: Open, page: str, **query: str) -> AppTest:
    """A page as by a link."""
    app = console("")
    for name, value in query.items():
        app.query_params[name] = value
    return app.switch_page(f"{page}.py").run()


def tables(app: AppTest) -> str:
    """Everything that the page's tables show."""
    return " ".join(one.value.to_string() for one in app.dataframe)


@pytest.mark.row("RPT-1")
def test_a_link_reproduces_the_view(
    paid: World, sign_in: Callable[..., object], console: Open
) -> None:
    sign_in(Role.LEAD)
    today = clock.civil_date(paid.engine.now()).isoformat()
    row = json.dumps({"platform": "guangzheng"})
    app = at(
        console,
        "reports_orders",
        **{"from": today, "until": today, "platform": "guangzheng", "by": "all"},
        levels="platform",
        show="revenue_yuan",
        row=row,
        figure="paid",
    )
    assert not app.exception
    assert app.date_input(key="from").value == datetime.date.fromisoformat(today)
    assert app.multiselect(key="only-platform").value == ["guangzheng"]
    assert app.selectbox(key="by").value == "all"
    assert app.selectbox(key="figure-orders").value == "paid"
    (number,) = worlds.rows(paid, "SELECT number FROM certificate_order")
    assert f"/search?q={number['number']}" in tables(app)
    for name, value in (("platform", "guangzheng"), ("levels", "platform"), ("figure", "paid")):
        assert app.query_params[name] in (value, [value])


@pytest.mark.row("RPT-1")
def test_a_filter_that_fits_nothing_says_so_and_one_that_is_none_is_refused(
    paid: World, sign_in: Callable[..., object], console: Open
) -> None:
    sign_in(Role.LEAD)
    app = at(console, "reports_orders", platform="yangguang")
    assert not app.exception
    assert any("没有符合条件的数据" in one.value for one in app.info)
    app = at(console, "reports_orders", **{"from": "yesterday"})
    assert not app.exception
    assert any("yesterday" in one.value for one in app.error)


@pytest.mark.row("RPT-1")
def test_a_headline_opens_the_cases_that_it_counts(
    paid: World, sign_in: Callable[..., object], console: Open
) -> None:
    sign_in(Role.LEAD)
    app = at(console, "reports_orders")
    (number,) = worlds.rows(paid, "SELECT number FROM certificate_order")
    assert number["number"] not in tables(app)
    app = app.button(key="open-paid").click().run()
    assert not app.exception
    assert f"/search?q={number['number']}" in tables(app)
    assert app.query_params["figure"] in ("paid", ["paid"])


@pytest.mark.row("RPT-1")
def test_a_row_leads_down_to_the_next_level(
    paid: World, sign_in: Callable[..., object], console: Open
) -> None:
    sign_in(Role.LEAD)
    app = at(console, "reports_orders", by="month", levels="platform")
    box = app.selectbox(key="behind-orders")
    app = box.select(box.options[-1]).run()
    app = app.button(key="down-agency").click().run()
    assert not app.exception
    assert app.multiselect(key="only-platform").value == ["guangzheng"]
    first = clock.civil_date(paid.engine.now()).replace(day=1)
    assert app.date_input(key="from").value == first
    assert app.query_params["levels"] in ("agency", ["agency"])
    assert "东方" in tables(app)


@pytest.mark.row("RPT-2")
def test_filters_go_along_from_one_report_to_the_next(
    paid: World, sign_in: Callable[..., object], console: Open
) -> None:
    sign_in(Role.LEAD)
    app = at(console, "reports_orders", platform="guangzheng")
    app.query_params.clear()
    app = app.switch_page("reports_reviews.py").run()
    assert not app.exception
    assert app.multiselect(key="only-platform").value == ["guangzheng"]


@pytest.mark.row("OPS-7")
def test_who_covers_one_platform_is_told_of_that_one(
    paid: World, sign_in: Callable[..., object], console: Open
) -> None:
    sign_in(Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="yangguang")
    app = at(console, "reports_orders")
    assert not app.exception
    assert not app.dataframe
    app = at(console, "reports_orders", platform="guangzheng")
    assert app.error
    assert not app.dataframe


@pytest.mark.row("RPT-1")
@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_term_is_defined_on_its_page(
    console_world: World, sign_in: Callable[..., object], console: Open, language: str
) -> None:
    sign_in(Role.LEAD)
    app = console("")
    app.session_state["language"] = language
    app = app.switch_page("reports_definitions.py").run()
    shown = " ".join(one.value for one in app.markdown)
    for found in definitions.all_of_them().values():
        assert found.counts.in_language(language) in shown
    for name in catalog.NAMES:
        assert catalog.load(name).text("definition", language) in shown


@pytest.mark.row("RPT-1")
@pytest.mark.row("RPT-2")
@pytest.mark.row("RPT-3")
def test_every_figure_of_a_lived_world_is_made_by_the_cases_that_it_opens(
    populated: World,
) -> None:
    """All reports that name their cases, over what simulated people did."""
    with current.copy_of(populated.engine, populated.path) as (copy, _known):
        told = [catalog.load(name) for name in catalog.NAMES if catalog.load(name).above]
        assert len(told) > 20
        for report in told:
            assert not list(report_figures.wrong(copy, report, Filters(), rows=1))


def test_a_period_is_the_days_that_it_has() -> None:
    day = datetime.date
    known = {
        "2026-11-28": (day(2026, 11, 28), day(2026, 11, 28), "day"),
        "2026-W53": (day(2026, 12, 28), day(2027, 1, 3), "week"),
        "2026-02": (day(2026, 2, 1), day(2026, 2, 28), "month"),
        "2026-Q4": (day(2026, 10, 1), day(2026, 12, 31), "quarter"),
        "2026": (day(2026, 1, 1), day(2026, 12, 31), "year"),
    }
    assert {one: _report_cases.span_of(one) for one in known} == known
    for wrong in ("", "2026-13", "2026-W60", "now"):
        with pytest.raises(ValueError, match=r".*"):
            _report_cases.span_of(wrong)


def test_named_spans_end_today_or_with_the_last_month() -> None:
    day = datetime.date
    found = _report_bar.spans(day(2026, 1, 15))
    assert found["last_month"] == (day(2025, 12, 1), day(2025, 12, 31))
    assert found["quarter"] == (day(2026, 1, 1), day(2026, 1, 15))
    assert found["week"] == (day(2026, 1, 9), day(2026, 1, 15))
    assert _report_bar.spans(day(2026, 12, 31))["quarter"] == (day(2026, 10, 1), day(2026, 12, 31))
