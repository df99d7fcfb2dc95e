"""The answer to a question of one's own as its reader chooses: bars, lines, areas, a pivot table."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from decimal import Decimal

import altair as alt
import pandas as pd
import streamlit as st

from engine.asking import model
from pages import _console
from pages._console import _

CHARTS = {
    "none": "Table alone",
    "bar": "Bars",
    "line": "Lines",
    "area": "Areas",
    "pivot": "Pivot table",
}
SUMS = {
    "sum": "Sum",
    "count": "Count",
    "mean": "Mean",
    "min": "Smallest",
    "max": "Largest",
}
_MOST_POINTS = 5_000
_MOST_CELLS = 20_000


def controls(columns: Sequence[str], drawing: model.Drawing) -> model.Drawing:
    """How it is drawn: the kind, and which columns along, upwards and apart."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.selectbox(
            _("Drawn as"),
            model.CHARTS,
            index=model.CHARTS.index(drawing.kind),
            format_func=lambda one: _(CHARTS[one]),
            key="drawn-as",
            width=170,
        )
        if kind == "none":
            return model.Drawing()
        pivot = kind == "pivot"
        x = _column(_("Rows") if pivot else _("Along"), columns, drawing.x, "along")
        y = _column(
            _("Value in the cells") if pivot else _("Upwards"), columns, drawing.y, "upwards", at=1
        )
        split = _column(
            _("Columns") if pivot else _("Split by"), ("", *columns), drawing.split, "apart"
        )
        sums = drawing.sums
        if pivot:
            sums = st.selectbox(
                _("Added up as"),
                model.SUMS,
                index=model.SUMS.index(drawing.sums),
                format_func=lambda one: _(SUMS[one]),
                key="added-up",
                width=130,
            )
    return model.Drawing(kind=kind, x=x, y=y, split=split, sums=sums)


def _column(label: str, columns: Sequence[str], chosen: str, key: str, at: int = 0) -> str:
    index = columns.index(chosen) if chosen in columns else min(at, len(columns) - 1)
    return str(
        st.selectbox(
            label,
            columns,
            index=index,
            format_func=lambda name: name or _("none"),
            key=f"{key}-{'|'.join(columns)[:200]}",
            width=200,
        )
    )


def draw(frame: pd.DataFrame, drawing: model.Drawing) -> None:
    """Draw an answer; what does not fit says so."""
    if drawing.kind == "none" or frame.empty:
        return
    if not {drawing.x, drawing.y} <= set(frame.columns):
        st.caption(_("The answer has not the columns that were chosen."))
        return
    if drawing.kind == "pivot":
        _pivot(frame, drawing)
    else:
        _chart(frame, drawing)


def _number(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


def _pivot(frame: pd.DataFrame, drawing: model.Drawing) -> None:
    values = frame[drawing.y].map(_number)
    if drawing.sums != "count":
        values = pd.to_numeric(values, errors="coerce")
    split = [drawing.split] if drawing.split in frame.columns else []
    asked = pd.DataFrame({name: frame[name].astype(str) for name in (drawing.x, *split)})
    asked["\0value"] = values
    keys = [drawing.x, *[name for name in split if name != drawing.x]]
    grouped = asked.groupby(keys, sort=True)["\0value"].agg(drawing.sums)
    made = grouped.unstack(fill_value=None) if len(keys) > 1 else grouped.to_frame(drawing.y)
    if made.size > _MOST_CELLS:
        st.caption(_("This pivot table has more than {n} cells.", n=f"{_MOST_CELLS:,}"))
        return
    st.dataframe(made.reset_index(), hide_index=True, width="stretch", placeholder="—")


def _kind(values: pd.Series) -> str:
    """How a column is measured: times, numbers or names."""
    known = values.dropna()
    if known.map(lambda one: isinstance(one, datetime.date | pd.Timestamp)).all() and len(known):
        return "T"
    numbers = known.map(lambda one: isinstance(one, int | float) and not isinstance(one, bool))
    return "Q" if numbers.all() and len(known) else "N"


def _chart(frame: pd.DataFrame, drawing: model.Drawing) -> None:
    # Names of columns are anybody's: the chart has its own, and theirs are titles.
    drawn = pd.DataFrame({"x": frame[drawing.x].map(_number)})
    drawn["y"] = pd.to_numeric(frame[drawing.y].map(_number), errors="coerce")
    split = drawing.split if drawing.split in frame.columns else ""
    if split:
        drawn["split"] = frame[split].astype(str)
    if drawn["y"].isna().all():
        st.caption(_("“{column}” has no numbers to draw.", column=drawing.y))
        return
    if len(drawn) > _MOST_POINTS:
        st.caption(_("Only the first {n} rows are drawn.", n=f"{_MOST_POINTS:,}"))
        drawn = drawn.head(_MOST_POINTS)
    kind = _kind(drawn["x"])
    if kind == "T":
        drawn["x"] = pd.to_datetime(drawn["x"])
    elif kind == "N" or drawing.kind == "bar":
        drawn["x"], kind = drawn["x"].astype(str), "N"
    base = alt.Chart(drawn).properties(height=320)
    marks = {"bar": base.mark_bar, "line": base.mark_line, "area": base.mark_area}
    made = marks[drawing.kind]().encode(
        x=alt.X(f"x:{kind}", title=drawing.x, sort=None),
        y=alt.Y("y:Q", title=drawing.y),
        tooltip=[
            alt.Tooltip(f"x:{kind}", title=drawing.x),
            alt.Tooltip("y:Q", title=drawing.y, format=",.6~g"),
            *([alt.Tooltip("split:N", title=split)] if split else []),
        ],
    )
    if split:
        made = made.encode(color=alt.Color("split:N", title=split))
    st.altair_chart(made, width="stretch")


def frame_of(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> pd.DataFrame:
    """An answer as a frame that keeps whole numbers whole and amounts exact."""
    return pd.DataFrame(
        {
            name: pd.Series([row[at] for row in rows], dtype=object).convert_dtypes(
                convert_string=False, convert_floating=True
            )
            for at, name in enumerate(columns)
        }
    )


def name_of_owner(question: model.Question) -> str:
    """A saved question by its name, and whose it is where it is a colleague's."""
    return question.name if question.mine else f"{question.name} ({question.owner})"


def money_note(columns: Sequence[str]) -> None:
    """What the units are, where the columns tell of money or time in the copy's own."""
    told = []
    if any(name.endswith("_fen") for name in columns):
        told.append(_("_fen: amounts in fen, a hundredth of a yuan"))
    if any(name.endswith(("_at", "_ms")) for name in columns):
        told.append(_("_at, _ms: UTC milliseconds; civil_day(x) is the day in Shanghai"))
    if told:
        st.caption(_console.told(" · ".join(told)))
