"""What the report pages share: the bar, definitions, headline figures, chart, table, exports, cases.

A report's own file says what it asks, how it is drawn and what it can be told by; a page names the reports
that it shows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from engine.kernel import errors
from engine.reports import behind, catalog, current, definitions, offered, scope, snapshot
from engine.reports.catalog import Report
from engine.staffing.model import Right
from pages import _console, _report_bar, _report_cases, _report_chart, _report_words
from pages._console import _
from pages._report_cases import ALL, Asked

_HEADLINES = 5
_TOLD = "report-told"
PERIODS = {
    "hour": "By hour",
    "day": "By day",
    "week": "By week",
    "month": "By month",
    "quarter": "By quarter",
    "year": "By year",
    "all": "The whole span",
}


def page(name: str) -> None:
    """A page of one report."""
    report = catalog.load(name)
    views(
        (name,),
        title=report.text("title", _console.language()),
        question=report.text("question", _console.language()),
    )


def views(names: Sequence[str], *, title: str, question: str) -> None:
    """A page of several reports, of which one is chosen; the filters are common to all."""
    _console.require(Right.REPORT)
    _console.title(title, question)
    name, world = _view(names), _console.world()
    try:
        run = _report_bar.run_in_address()
        with current.copy_of(world.engine, world.path, run) as (copy, known):
            _report(copy, known, catalog.load(name), alone=len(names) == 1)
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))


def _view(names: Sequence[str]) -> str:
    if len(names) == 1:
        return names[0]
    titles = {one: catalog.load(one).text("title", _console.language()) for one in names}
    given = st.query_params.get("view", "")
    if "view" not in st.session_state:
        st.session_state["view"] = given if given in titles else names[0]
    chosen = st.segmented_control(
        _("View"),
        list(names),
        format_func=titles.__getitem__,
        key="view",
        label_visibility="collapsed",
    )
    name = str(chosen or names[0])
    if given and given != name:
        for one in ("row", "figure", "by", "levels", "show"):
            st.query_params.pop(one, None)
    st.query_params["view"] = name
    return name


def _report(copy: Any, known: snapshot.Freshness, report: Report, *, alone: bool) -> None:
    language = _console.language()
    if not alone:
        st.caption(report.text("question", language))
    choices = {"reviewer": offered.reviewers(copy), "region": offered.regions(copy)}
    wanted = _report_bar.asked(report.name, report.parameters, choices)
    try:
        wanted = scope.narrowed(_console.me(), report, wanted)
    except errors.NotPermitted as refusal:
        st.error(_console.say(refusal))
        return
    by, levels = _told_by(report)
    asked = Asked(report=report, filters=wanted, by=by, levels=levels)
    _freshness(known, report)
    answer = catalog.ask(copy, report, wanted, by=by, levels=levels)
    codes = pd.DataFrame(answer.rows, columns=list(answer.columns)).astype(object)
    codes = codes.where(codes.notna(), None)
    figures = list(behind.figures(report, answer.columns))
    for figure in figures:
        # A figure that is a word (the commonest reason) stays one.
        with contextlib.suppress(ValueError):
            codes[figure] = pd.to_numeric(codes[figure])
    if _is_empty(codes, figures):
        _console.empty(
            _("Nothing to report for this. Clear a filter, or wait until people have done more.")
        )
        return
    cases = behind.columns(copy, report, wanted) if report.above else ()
    _headlines(copy, asked, figures, cases)
    _drawing(report, codes, figures, cases)
    words = _table(asked, codes, figures)
    _report_cases.exports(asked, key="table")
    if report.above:
        _report_cases.section(copy, asked, codes, words, figures)


def _is_empty(codes: pd.DataFrame, figures: Sequence[str]) -> bool:
    return codes.empty or not any(
        (codes[one].fillna(0) != 0).any() for one in figures if codes[one].dtype != object
    )


def _told_by(report: Report) -> tuple[str, tuple[str, ...]]:
    """The period and the columns that the report is told by, kept in the address."""
    shown = f"{report.name}|{st.query_params.get('by', '')}|{st.query_params.get('levels', '')}"
    if st.session_state.get(_TOLD) != shown:
        wished = st.query_params.get("by", "")
        st.session_state["by"] = wished if wished in report.by else next(iter(report.by), "")
        given = st.query_params.get("levels")
        levels = report.shown if given is None else [x for x in given.split(",") if x]
        st.session_state["levels"] = [one for one in levels if one in report.levels]
    by, levels = "", ()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(report.by) > 1:
            by = st.selectbox(
                _("Period"),
                report.by,
                key="by",
                format_func={one: _(PERIODS[one]) for one in report.by}.__getitem__,
                width=170,
            )
        if report.levels:
            levels = tuple(
                st.pills(
                    _("Told by"),
                    report.levels,
                    selection_mode="multi",
                    key="levels",
                    format_func=_report_words.columns(report.levels).__getitem__,
                )
            )
        _definitions(report)
    # In the order in which they are drilled down, whichever was chosen first.
    levels = tuple(one for one in report.levels if one in levels)
    if report.by:
        st.query_params["by"] = by or report.by[0]
    if report.levels:
        st.query_params["levels"] = ",".join(levels)
    st.session_state[_TOLD] = (
        f"{report.name}|{st.query_params.get('by', '')}|{st.query_params.get('levels', '')}"
    )
    return by, levels


def _definitions(report: Report) -> None:
    """What the figures count, and the terms that they use."""
    language = _console.language()
    with st.popover(_("Definitions"), icon=":material/menu_book:", key="definitions"):
        st.markdown(report.text("definition", language))
        for term in report.terms:
            found = definitions.of(term)
            st.markdown(
                f"**{found.term.in_language(language)}** {found.counts.in_language(language)}"
            )
        st.markdown(f"[{_('All definitions')}](/reports_definitions)")


def _freshness(known: snapshot.Freshness, report: Report) -> None:
    st.caption(
        _(
            "Up to event {seq}, {time}. Unit: {unit}.",
            seq=known.seq,
            time=_console.when(known.occurred_at),
            unit=report.text("unit", _console.language()),
        )
    )


def _shown(figure: str, value: Any) -> str:
    if value is None or value != value:
        return "—"
    if figure.endswith("_yuan"):
        return f"¥{value:,.2f}"
    if figure.endswith("_percent"):
        return f"{value:g} %"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _total(copy: Any, asked: Asked, figures: Sequence[str]) -> dict[str, Any]:
    """The figures of everything that the filters ask for, where the report can be told as one row."""
    report = asked.report
    if not report.levels and "all" not in report.by:
        return {}
    by = "all" if "all" in report.by else ""
    total = catalog.ask(copy, report, asked.filters, by=by, levels=())
    rows = [dict(zip(total.columns, row, strict=True)) for row in total.rows]
    rows = [row for row in rows if row.get("level", 0) == 0]
    return {one: rows[0][one] for one in figures} if len(rows) == 1 else {}


def _headlines(copy: Any, asked: Asked, figures: Sequence[str], cases: tuple[str, ...]) -> None:
    """The first figures of the whole, each a way to its cases."""
    total = _total(copy, asked, figures)
    first = [one for one in asked.report.headlines or figures if one in total][:_HEADLINES]
    if not first:
        return
    with st.container(horizontal=True, gap="large", key="headlines"):
        for figure in first:
            with st.container(width="content", gap=None):
                value = _shown(figure, total[figure])
                st.metric(_report_words.column(figure), value, width="content")
                # A quantile of nothing and a share of nothing are none; of naught, naught.
                none = total[figure] in (None, 0) and figure in cases
                if cases and total[figure] is not None and not none:
                    st.button(
                        _("Its cases"),
                        key=f"open-{figure}",
                        type="tertiary",
                        help=_("Open the cases that this figure counts"),
                        on_click=_report_cases.open_cases,
                        args=(asked, pd.DataFrame(), ALL, figure),
                    )


def _drawing(
    report: Report, codes: pd.DataFrame, figures: Sequence[str], cases: tuple[str, ...]
) -> None:
    chart = report.chart
    measures = [one for one in (chart.y if chart else ()) if one in figures]
    if not measures:
        return
    given = st.query_params.get("show", "")
    key = f"measure-{report.name}"
    if key not in st.session_state:
        st.session_state[key] = given if given in measures else measures[0]
    measure = st.segmented_control(
        _("Show"), measures, format_func=_report_words.columns(measures).__getitem__, key=key
    )
    measure = measure or measures[0]
    made = _report_chart.drawn(report, codes, measure, cases)
    if made is not None:
        st.query_params["show"] = measure
        st.altair_chart(made, width="stretch")


def _table(asked: Asked, codes: pd.DataFrame, figures: Sequence[str]) -> pd.DataFrame:
    """The rows in words; a figure that is chosen opens its cases."""
    report = asked.report
    keys = [key for key in report.keys if key in codes and codes[key].notna().any()]
    words = _report_words.told(codes[keys], report.name, everything=True)
    shown = pd.concat([words, codes[list(figures)]], axis=1)
    formats = {
        "_yuan": st.column_config.NumberColumn(format="accounting"),
        "_percent": st.column_config.NumberColumn(format="%.1f"),
    }
    name = f"table-{report.name}"

    def choose() -> None:
        cells = st.session_state[name].selection.cells
        if cells:
            row, column = cells[0]
            called = {_report_words.column(one): one for one in figures}
            _report_cases.open_cases(asked, codes, int(row), called.get(column, ""))

    st.dataframe(
        _report_words.headed(shown),
        hide_index=True,
        width="stretch",
        placeholder="—",
        key=name,
        on_select=choose if report.above else "ignore",
        selection_mode="single-cell",
        column_config={
            _report_words.column(one): config
            for one in figures
            for ending, config in formats.items()
            if one.endswith(ending)
        },
    )
    return words
