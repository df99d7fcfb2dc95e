"""Indicators of several runs: their differences with intervals drawn on one scale, and as a table."""

from __future__ import annotations

import math
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from engine.reports.catalog import Answer
from pages import _console, _lab_figures, _process_pieces
from pages._console import _
from simulations.comparing import Comparison, Row
from simulations.statistics.intervals import Interval

_BETTER, _WORSE, _OPEN = "#2E7D32", "#b3261e", "#8A8578"
# A difference of more than this share of the first run's mean is drawn at the edge.
_EDGE = 200.0


def letter(place: int) -> str:
    """What the runs are called on the page, in the order in which they were chosen."""
    return "ABCDEFGHIJ"[place]


def draw(found: Comparison) -> None:
    """The picture, and the figures behind it."""
    rows = [row for row in found.rows if not row.kind]
    _picture(found, rows)
    _table(found, rows)
    by_kind = [row for row in found.rows if row.kind]
    if by_kind:
        with st.expander(_("By kind of case")):
            _table(found, by_kind)
    _files(found)


def _says(row: Row, place: int) -> str:
    """Whether a run is better than the first, in words."""
    judged = row.better(place)
    difference = row.differences[place]
    if judged is not None:
        return _("better") if judged else _("worse")
    if difference is None:
        return _("cannot be said")
    return _("different") if difference.differs else _("may be chance")


def _relative(row: Row, difference: Interval) -> tuple[float, float, float] | None:
    """A difference and its interval as shares of the first run's mean, in per cent."""
    mean = row.means[0]
    if not mean:
        return None
    shares = [100 * one / abs(mean) for one in (difference.mean, difference.low, difference.high)]
    shares = [max(-_EDGE, min(_EDGE, one)) for one in shares]
    return shares[0], shares[1], shares[2]


def _points(found: Comparison, rows: list[Row]) -> list[dict[str, Any]]:
    points = []
    for row in rows:
        for place in range(1, len(found.runs)):
            difference = row.differences[place]
            if difference is None or (shares := _relative(row, difference)) is None:
                continue
            if shares == (0.0, 0.0, 0.0):
                continue
            points.append(
                {
                    "indicator": _lab_figures.name_of(row.name),
                    "run": f"{letter(place)} − A",
                    "mean": shares[0],
                    "low": shares[1],
                    "high": shares[2],
                    "says": _says(row, place),
                }
            )
    return points


def _picture(found: Comparison, rows: list[Row]) -> None:
    points = _points(found, rows)
    if not points:
        st.caption(
            _(
                "Nothing to draw: with one replication a difference has no interval, and where both"
                " came to the same there is none."
            )
        )
        return
    frame = pd.DataFrame(points)
    st.caption(_("Difference to run A, % of its mean, with its {n} % interval", n=_percent(found)))
    several = len(found.runs) - 1
    height = frame["indicator"].nunique() * (24 if several == 1 else 16 * several) + 90
    made = _chart(frame, several=several > 1)
    st.altair_chart(made.properties(height=max(160, height)), width="stretch")


def _chart(frame: pd.DataFrame, *, several: bool) -> alt.LayerChart:
    """A point with its interval for each difference, around none at all."""
    words = [_("better"), _("worse"), _("different"), _("may be chance")]
    colours = [_BETTER, _WORSE, "#5B7F95", _OPEN]
    shapes = ["triangle-up", "triangle-down", "square", "circle"]
    legend = alt.Legend(orient="bottom")
    colour = alt.Color(
        "says:N",
        title=None,
        sort=words,
        scale=alt.Scale(domain=words, range=colours),
        legend=legend,
    )
    shape = alt.Shape("says:N", title=None, sort=words, scale=alt.Scale(domain=words, range=shapes))
    order = list(dict.fromkeys(frame["indicator"]))
    y = alt.Y("indicator:O", sort=order, title=None, axis=alt.Axis(labelLimit=240))
    offset = {"yOffset": alt.YOffset("run:N")} if several else {}
    base = alt.Chart(frame)
    zero = alt.Chart(pd.DataFrame({"zero": [0.0]}))
    zero = zero.mark_rule(strokeDash=[4, 4], color=_OPEN).encode(x="zero:Q")
    rule = base.mark_rule(strokeWidth=2).encode(
        y=y, x=alt.X("low:Q", title="%"), x2="high:Q", color=colour, **offset
    )
    tips = [
        alt.Tooltip("indicator:N", title=_("Indicator")),
        alt.Tooltip("run:N", title=_("Difference")),
        alt.Tooltip("mean:Q", title="%", format=".1f"),
        alt.Tooltip("low:Q", title=_("From (95 %)"), format=".1f"),
        alt.Tooltip("high:Q", title=_("To (95 %)"), format=".1f"),
        alt.Tooltip("says:N", title=_("Says")),
    ]
    point = base.mark_point(filled=True, size=80, opacity=1).encode(
        y=y, x=alt.X("mean:Q", title="%"), color=colour, shape=shape, tooltip=tips, **offset
    )
    return alt.layer(zero, rule, point)


def _percent(found: Comparison) -> str:
    return f"{100 * found.confidence:g}"


def _told(row: Row, value: float | None) -> float | None:
    if value is None or not math.isfinite(value):
        return None
    return _lab_figures.rounded(_lab_figures.scaled(row.name, value))


def _table(found: Comparison, rows: list[Row]) -> None:
    lines = []
    for row in rows:
        line: dict[str, Any] = {_("Indicator"): _lab_figures.name_of(row.name)}
        for place in range(len(found.runs)):
            line[letter(place)] = _told(row, row.means[place])
        for place in range(1, len(found.runs)):
            line[f"{letter(place)} − A"] = _difference(row, row.differences[place])
            line[_("{run} is", run=letter(place))] = _says(row, place)
        line[_("In")] = _lab_figures.unit_of(row.name)
        lines.append(line)
    _console.table(lines)


def _difference(row: Row, difference: Interval | None) -> str:
    if difference is None:
        return "—"
    mean, low, high = (
        _told(row, one) for one in (difference.mean, difference.low, difference.high)
    )
    return f"{mean:+g} ({low:+g} … {high:+g})"


def _files(found: Comparison) -> None:
    """All of it as files, in plain names and units of their own."""
    columns = ["indicator", "unit"]
    for place, one in enumerate(found.runs):
        columns.append(f"{letter(place)}: {one.name}")
    for place in range(1, len(found.runs)):
        columns += [f"{letter(place)} - A {part}" for part in ("mean", "low", "high")]
    rows = []
    for row in found.rows:
        line: list[Any] = [row.name, row.indicator.unit, *row.means]
        for difference in row.differences[1:]:
            line += (
                [None, None, None]
                if difference is None
                else [difference.mean, difference.low, difference.high]
            )
        rows.append(tuple(line))
    _process_pieces.files(Answer(columns=tuple(columns), rows=tuple(rows)), "comparison")
