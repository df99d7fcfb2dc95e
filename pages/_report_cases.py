"""Behind a figure: the very cases that it counts, and the way down to them.

A cell of the table (or a row and a figure chosen below it) opens its cases; the row's own platform, stage,
month can be taken into the filters, and the next level is told.
"""

from __future__ import annotations

import dataclasses
import datetime
import json
import re
from typing import Any
from urllib.parse import urlencode

import pandas as pd
import streamlit as st

from engine.kernel import errors
from engine.reports import behind, filters
from engine.reports.catalog import Answer, Report
from engine.reports.filters import LISTS, Filters
from pages import _console, _report_bar, _report_words
from pages._console import _

SHOWN = 500
_OPTIONS = 1000
ALL = -1


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A report as it is asked: of which copy, with which filters, told by what."""

    report: Report
    filters: Filters
    by: str
    levels: tuple[str, ...]

    def query(self) -> dict[str, str]:
        """What an address of an export says."""
        told = filters.address(self.filters)
        if self.by:
            told["by"] = self.by
        if self.report.levels:
            told["levels"] = ",".join(self.levels)
        return told


def keys_of(asked: Asked, codes: pd.DataFrame, row: int) -> dict[str, Any]:
    """The values of a row's keys; a key that is told of all its values is left out."""
    if row == ALL:
        return {}
    found = {}
    for key in asked.report.keys:
        if key in codes and (value := codes.iloc[row][key]) is not None and value == value:
            found[key] = value.item() if hasattr(value, "item") else value
    return found


def _row_in_address(asked: Asked, codes: pd.DataFrame) -> int | None:
    """The row whose cases the address wants open."""
    try:
        wished = json.loads(st.query_params.get("row", ""))
    except ValueError:
        return None
    if not isinstance(wished, dict):
        return None
    if not wished:
        return ALL
    for row in range(len(codes)):
        if {k: str(v) for k, v in keys_of(asked, codes, row).items()} == wished:
            return row
    return None


def open_cases(asked: Asked, codes: pd.DataFrame, row: int, figure: str) -> None:
    """Note that the cases behind a figure of a row are wanted: in the address and in the fields."""
    keys = {name: str(value) for name, value in keys_of(asked, codes, row).items()}
    st.query_params["row"] = json.dumps(keys, ensure_ascii=False)
    st.query_params["figure"] = figure
    st.session_state[f"behind-{asked.report.name}"] = row
    st.session_state[f"figure-{asked.report.name}"] = figure or None


def _row_named(words: pd.DataFrame, keys: list[str], row: int) -> str:
    if row == ALL or row >= len(words):
        return _("All of them")
    told = [str(words.iloc[row][key]) for key in keys]
    return " · ".join(told) or _("All of them")


def section(
    copy: Any, asked: Asked, codes: pd.DataFrame, words: pd.DataFrame, figures: list[str]
) -> None:
    """Choose a row and a figure; their cases, their export, and the way further down."""
    report = asked.report
    name = f"behind-{report.name}"
    keys = [key for key in report.keys if key in codes and codes[key].notna().any()]
    if name not in st.session_state:
        st.session_state[name] = _row_in_address(asked, codes)
        if (wished := st.query_params.get("figure", "")) in figures:
            st.session_state[f"figure-{report.name}"] = wished
    if (st.session_state[name] or 0) >= len(codes):
        st.session_state[name] = None
    options = [ALL, *range(min(len(codes), _OPTIONS))]
    if (chosen := st.session_state[name]) is not None and chosen not in options:
        options.append(chosen)
    st.subheader(_("Cases behind a figure"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        row = st.selectbox(
            _("Open the cases behind a row"),
            options,
            index=None,
            placeholder=_("Choose a row, or a figure in the table"),
            format_func={one: _row_named(words, keys, one) for one in options}.__getitem__,
            key=name,
            width=420,
        )
        figure = st.selectbox(
            _("Figure"),
            figures,
            index=None,
            placeholder=_("The whole row"),
            format_func=_report_words.columns(figures).__getitem__,
            key=f"figure-{report.name}",
            width=260,
        )
    if row is None:
        st.query_params.pop("row", None)
        st.query_params.pop("figure", None)
        return
    values = keys_of(asked, codes, row)
    st.query_params["row"] = json.dumps(
        {key: str(value) for key, value in values.items()}, ensure_ascii=False
    )
    if figure:
        st.query_params["figure"] = figure
    else:
        st.query_params.pop("figure", None)
    _show(copy, asked, values, figure or "")
    _further(asked, values)


def _show(copy: Any, asked: Asked, values: dict[str, Any], figure: str) -> None:
    told: dict[str, Any] = {
        "row": values,
        "figure": figure,
        "by": asked.by,
        "levels": asked.levels,
    }
    try:
        count = behind.how_many(copy, asked.report, asked.filters, **told)
        found = behind.cases(copy, asked.report, asked.filters, **told, most=SHOWN)
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    st.caption(
        _("{n} cases", n=count)
        if count <= SHOWN
        else _("{n} cases, the first {most} shown; the export has all.", n=count, most=SHOWN)
    )
    if count:
        shown = _readable(asked.report, found, values)
        link = st.column_config.LinkColumn(display_text=_report_words.NUMBER)
        yuan = st.column_config.NumberColumn(format="accounting")
        amounts = [name for name in shown.columns if name.endswith("_yuan")]
        st.dataframe(
            _report_words.headed(shown),
            hide_index=True,
            width="stretch",
            placeholder="—",
            column_config={
                _report_words.column("look_up"): link,
                **{_report_words.column(name): yuan for name in amounts},
            },
        )
        exports(asked, values=values, figure=figure, key="cases")


def _readable(report: Report, found: Answer, values: dict[str, Any]) -> pd.DataFrame:
    frame = pd.DataFrame(found.rows, columns=list(found.columns))
    keys = [c for c in (*report.keys, "look_up") if c in frame]
    empty = [c for c in keys if c in values or frame[c].isna().all()]
    shown = _report_words.told(frame.drop(columns=empty), report.name)
    first = [name for name in ("look_up", "happened_at") if name in shown]
    shown = shown[[*first, *(name for name in shown.columns if name not in first)]].copy()
    if "happened_at" in shown:
        shown["happened_at"] = [_console.when(int(at)) for at in shown["happened_at"]]
    if "look_up" in shown:
        shown["look_up"] = [_report_words.opens(text) for text in shown["look_up"]]
    for name in list(shown.columns):
        if name.endswith("_fen"):
            shown[name] = [None if fen is None or fen != fen else fen / 100 for fen in shown[name]]
            shown = shown.rename(columns={name: f"{name.removesuffix('_fen')}_yuan"})
        elif pd.api.types.is_float_dtype(shown[name]):
            shown[name] = shown[name].round(2)
        elif pd.api.types.is_bool_dtype(shown[name]) and shown[name].all():
            shown = shown.drop(columns=name)
    return shown


def exports(
    asked: Asked, *, values: dict[str, Any] | None = None, figure: str = "", key: str
) -> None:
    """The same rows as files, through the route that looks at who asks."""
    query = asked.query()
    if values is not None:
        query["row"] = json.dumps(
            {name: str(value) for name, value in values.items()}, ensure_ascii=False
        )
        query["figure"] = figure
    query["lang"] = _console.language()
    place = f"/w/{_console.world().id}/reports/{asked.report.name}"
    with st.container(horizontal=True, key=f"exports-{key}"):
        for ending, title in (("csv", "CSV"), ("xlsx", "XLSX"), ("parquet", "Parquet")):
            st.link_button(title, _address(f"{place}.{ending}", query), icon=":material/download:")


def _address(place: str, query: dict[str, str]) -> str:
    return f"{place}?{urlencode(query)}"


_PERIODS = (
    (re.compile(r"(\d{4})-(\d\d)-(\d\d)"), "day"),
    (re.compile(r"(\d{4})-(\d\d)"), "month"),
    (re.compile(r"(\d{4})-W(\d\d)"), "week"),
    (re.compile(r"(\d{4})-Q(\d)"), "quarter"),
    (re.compile(r"(\d{4})"), "year"),
)
_FINER = {"year": "quarter", "quarter": "month", "month": "day", "week": "day", "day": "day"}


def span_of(period: str) -> tuple[datetime.date, datetime.date, str]:
    """The first and last day of a period as reports name it, and what kind of period it is.

    Raises: ValueError.
    """
    one = datetime.timedelta(days=1)
    for form, kind in _PERIODS:
        if (match := form.fullmatch(period)) is None:
            continue
        numbers = [int(part) for part in match.groups()]
        if kind == "day":
            day = datetime.date(*numbers)
            return day, day, kind
        if kind == "week":
            first = datetime.date.fromisocalendar(numbers[0], numbers[1], 1)
            return first, first + 6 * one, kind
        months = {"month": 1, "quarter": 3, "year": 12}[kind]
        month = 1
        if kind != "year":
            month = numbers[1] * months - months + 1
        after = numbers[0] * 12 + month - 1 + months
        last = datetime.date(after // 12, after % 12 + 1, 1) - one
        return datetime.date(numbers[0], month, 1), last, kind
    raise ValueError(period)


def _further(asked: Asked, values: dict[str, Any]) -> None:
    """Take the row into the filters and tell the next level."""
    report = asked.report
    changes = {
        name: str(values[name])
        for name, field in LISTS.items()
        if values.get(name) and field in report.parameters
    }
    by = asked.by
    period = str(values.get("period") or values.get("day") or "")
    if period:
        try:
            first, last, kind = span_of(period)
        except ValueError:
            pass
        else:
            changes |= {"from": first.isoformat(), "until": last.isoformat()}
            finer = _FINER[kind]
            by = finer if finer in report.by else by
    deeper = [level for level in report.levels if level not in values]
    if not changes:
        return
    with st.container(horizontal=True):
        if st.button(_("Look only at this"), key="narrow", icon=":material/filter_alt:"):
            _go(changes, {"by": by, "levels": ",".join(asked.levels)})
        for level in deeper[:4]:
            called = _report_words.column(level)
            if st.button(_("Only this, by {level}", level=called), key=f"down-{level}"):
                _go(changes, {"by": by, "levels": level})


def _go(changes: dict[str, str], told_by: dict[str, str]) -> None:
    for name, value in told_by.items():
        st.query_params[name] = value
    for name in ("row", "figure"):
        st.query_params.pop(name, None)
    for name in [one for one in st.session_state if str(one).startswith(("behind-", "figure-"))]:
        del st.session_state[name]
    st.session_state.pop("report-told", None)
    _report_bar.narrow(changes)
    st.rerun()
