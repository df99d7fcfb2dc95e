"""The days of the tax service: its list of numbered invoices beside ours, and how each line compared."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.ordering import model as ordering
from engine.reconciling import model, queries
from pages import _console, _money_pieces
from pages._console import _

_FEN = 100


def yuan_columns() -> dict[str, Any]:
    """How columns of amounts are drawn: two decimals, thousands separated, to the right."""
    names = (
        _("Total, tax service (yuan)"),
        _("Total, here (yuan)"),
        _("Tax, tax service (yuan)"),
        _("Tax, here (yuan)"),
        _("Total in yuan"),
        _("Tax in yuan"),
    )
    return {name: st.column_config.NumberColumn(format="accounting") for name in names}


def day_row(day: model.TaxDayShown) -> dict[str, Any]:
    """A business date: the list's sums beside ours."""
    listed = day.listed
    return {
        _("Business date"): listed.business_date,
        _("Tax list"): _console.label(f"tax_list.status.{listed.status.value}"),
        _("Listed there"): listed.line_count,
        _("Issued here"): day.here_count,
        _("Total, tax service (yuan)"): listed.total_fen / _FEN,
        _("Total, here (yuan)"): day.here_total_fen / _FEN,
        _("Tax, tax service (yuan)"): listed.tax_fen / _FEN,
        _("Tax, here (yuan)"): day.here_tax_fen / _FEN,
        _("Differences"): day.cases,
        _("Still open"): day.open_cases,
    }


def line_row(line: model.TaxListLine) -> dict[str, Any]:
    """A line of a list and how it compared."""
    matched = line.found == model.MATCHED
    return {
        "#": line.line_number,
        _("Time"): _console.when(line.issued_at),
        _("Invoice number"): line.number,
        _("Takes back"): line.blue_number or "—",
        _("Total in yuan"): line.total_fen / _FEN,
        _("Tax in yuan"): line.tax_fen / _FEN,
        _("Compared"): _console.label(
            "statement.status.matched" if matched else f"money_case.kind.{line.found}"
        ),
    }


def show(waiting: list[ordering.MoneyCaseShown]) -> None:
    """The days, and one of them with its lines and the differences that wait."""
    days = _console.ask(queries.tax_days)
    if not days:
        _console.empty(_("No day yet: the first payment or invoice opens one."))
        return
    _console.table([day_row(day) for day in days], **yuan_columns())
    chosen = st.selectbox(
        _("Open a day"),
        [day.listed.business_date for day in days],
        index=None,
        key="taxday",
        bind="query-params",
        placeholder=_("Choose a business date"),
    )
    if not chosen:
        return
    lines = _console.ask(queries.tax_lines, str(chosen))
    if lines:
        _console.table([line_row(line) for line in lines], **yuan_columns())
    else:
        _console.empty(_("The list of this day is not there yet, or nothing was numbered."))
    of_day = [
        one
        for one in waiting
        if one.case.business_date == chosen and one.case.kind in ordering.ABOUT_INVOICES
    ]
    if of_day:
        st.subheader(_("Differences that wait"))
        rows = [_money_pieces.case_row(one) for one in of_day]
        _console.table(rows, **_money_pieces.yuan_columns())
