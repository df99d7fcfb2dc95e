"""Cohorts: what became of those who registered in a month, month by month after it (RPT-4)."""

from __future__ import annotations

from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from engine.kernel import errors
from engine.reports import behind, catalog, scope, snapshot
from engine.reports.filters import Filters
from engine.staffing.model import Right
from pages import _console, _process_pieces, _report_bar
from pages._console import _

_MOST = 500
MILESTONES = (
    *("1_proved", "2_joined", "3_onboarded", "4_ordered", "5_order_paid", "6_certified"),
    *("7_invoiced", "8_closed"),
)


def _milestone() -> str:
    given = st.query_params.get("milestone", "")
    chosen = st.segmented_control(
        _("Milestone"),
        MILESTONES,
        default=given if given in MILESTONES else "4_ordered",
        format_func=lambda one: _console.label(f"report.choice.{one[2:]}"),
        key="milestone",
        label_visibility="collapsed",
    )
    st.query_params["milestone"] = name = str(chosen or "4_ordered")
    return name


def _heat(frame: pd.DataFrame) -> None:
    """A row for each month of registration, a column for each month after it."""
    share = _console.label("report.of_registered_percent")
    base = alt.Chart(frame).encode(
        x=alt.X(
            "months_after:O",
            title=_console.label("report.months_after"),
            axis=alt.Axis(labelAngle=0),
        ),
        y=alt.Y("cohort:O", title=_console.label("report.cohort")),
        tooltip=[
            alt.Tooltip(f"{name}:{kind}", title=_console.label(f"report.{name}"))
            for name, kind in (
                *(("cohort", "O"), ("months_after", "O"), ("registered", "Q")),
                *(("reached", "Q"), ("of_registered_percent", "Q")),
            )
        ],
    )
    cells = base.mark_rect().encode(
        color=alt.Color(
            "of_registered_percent:Q",
            title=share,
            scale=alt.Scale(scheme="greys", domain=[0, 100]),
        )
    )
    told = base.mark_text(fontSize=12).encode(
        text=alt.Text("of_registered_percent:Q", format=".0f"),
        color=alt.condition(
            "datum.of_registered_percent > 55", alt.value("white"), alt.value("black")
        ),
    )
    height = max(120, 34 * frame["cohort"].nunique() + 40)
    st.altair_chart((cells + told).properties(height=height), width="stretch")


def _table(frame: pd.DataFrame) -> None:
    wide = frame.pivot_table(
        index=["cohort", "registered"], columns="months_after", values="of_registered_percent"
    ).reset_index()
    wide.columns = [
        _console.label(f"report.{name}") if isinstance(name, str) else _("Month {n}, %", n=name)
        for name in wide.columns
    ]
    st.dataframe(wide, hide_index=True, width="stretch", placeholder="")


def _cell(name: str) -> str:
    cohort, _mark, age = name.partition("|")
    return _("{cohort}, month {n}", cohort=cohort, n=age)


def _cases(copy: Any, filters: Filters, frame: pd.DataFrame) -> None:
    """The people behind a cell, by their first orders: nobody is named here."""
    cells = [
        f"{cohort}|{age}"
        for cohort, age in zip(frame["cohort"], frame["months_after"], strict=True)
    ]
    cell = st.selectbox(
        _("Open the people behind a cell"),
        cells,
        index=None,
        placeholder=_("Choose a cell"),
        format_func=_cell,
    )
    if cell is None:
        return
    cohort, _mark, age = cell.partition("|")
    row = {"cohort": cohort, "milestone": frame["milestone"].iloc[0], "months_after": int(age)}
    report = catalog.load("cohorts")
    count = behind.how_many(copy, report, filters, row=row, figure="reached")
    found = behind.cases(copy, report, filters, row=row, figure="reached", most=_MOST)
    st.caption(
        _("{n} people, each by their first order; who has none has no number here.", n=count)
    )
    people = pd.DataFrame(found.rows, columns=list(found.columns))
    shown = people[["look_up", "happened_at"]].copy()
    shown["happened_at"] = [_console.when(int(at)) for at in people["happened_at"]]
    shown["look_up"] = [f"/search?q={text}" if text else None for text in people["look_up"]]
    st.dataframe(
        _process_pieces.headed(shown),
        hide_index=True,
        width="stretch",
        placeholder="—",
        column_config={
            _console.label("report.look_up"): st.column_config.LinkColumn(display_text=r"q=(.*)$")
        },
    )
    _process_pieces.files(found, "cohort-people")


def _page() -> None:
    staff = _console.require(Right.REPORT)
    language = _console.language()
    report = catalog.load("cohorts")
    _console.title(report.text("title", language), report.text("question", language))
    try:
        path, fresh = _process_pieces.newest()
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    filters = _report_bar.asked("cohorts", report.parameters, {})
    try:
        filters = scope.narrowed(staff, report, filters)
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    _process_pieces.freshness(fresh, report.text("unit", language))
    _process_pieces.definition(report)
    with snapshot.open_copy(path) as copy:
        answer = catalog.ask(copy, report, filters)
        if not answer.rows:
            _console.empty(_("Nobody registered in this span. Widen the filters."))
            return
        every = pd.DataFrame(answer.rows, columns=list(answer.columns))
        frame = every[every["milestone"] == _milestone()]
        _heat(frame)
        _table(frame)
        _process_pieces.files(answer, "cohorts")
        _cases(copy, filters, frame)


_page()
