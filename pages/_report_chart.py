"""How a report is drawn: bars, lines, areas, steps, a Pareto chart, shares with their intervals."""

from __future__ import annotations

from collections.abc import Sequence

import altair as alt
import pandas as pd

from engine.reports import behind
from engine.reports.catalog import Report
from pages import _console, _report_words
from pages._console import _

_HEIGHT = 300
_SPLIT = "_split"
# So many short labels stand beside each other; each row of the legend takes so many pixels.
_FEW, _LEGEND = 10, 24
_MOST_SPLITS = 12
# Fewer bars than these would be wider than so many pixels.
_BARS, _WIDEST = 8, 64


def _adds_up(measure: str, counted: Sequence[str]) -> bool:
    """Whether a figure of several rows is their sum: counts and amounts, but no shares and no quantiles."""
    return not measure.endswith("_percent") and behind.counted(measure, tuple(counted)) in (
        measure,
        f"{measure.removesuffix('_yuan')}_fen",
        "",
    )


def _parts(report: Report, frame: pd.DataFrame) -> tuple[str, list[str]]:
    """The column along which is drawn, and those by which it is split."""
    chart = report.chart
    used = [key for key in report.keys if key in frame and frame[key].notna().any()]
    if chart is None or not used:
        return "", []
    along = chart.x if chart.x in used else used[0]
    first = [chart.split] if chart.split in used and chart.split != along else []
    others = [key for key in used if key not in (along, chart.split)]
    return along, first + others


def _finest(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows that are not subtotals."""
    return frame[frame["level"] == frame["level"].max()] if "level" in frame else frame


def drawn(
    report: Report, codes: pd.DataFrame, measure: str, counted: Sequence[str]
) -> alt.Chart | alt.LayerChart | None:
    """A report's chart of one figure; nothing where there is nothing to draw along."""
    chart = report.chart
    rows = _finest(codes)
    along, splits = _parts(report, rows)
    if chart is None or not along or rows.empty or measure not in rows:
        return None
    words = _report_words.told(rows, report.name)
    frame = pd.DataFrame({along: words[along].astype(str), measure: rows[measure]})
    for extra in ("running_percent", "agreed_low_percent", "agreed_high_percent"):
        if extra in rows:
            frame[extra] = rows[extra]
    if splits:
        frame[_SPLIT] = words[splits].astype(str).agg(" · ".join, axis=1)
        if _adds_up(measure, counted):
            frame = _few(frame, measure)
    kind = chart.kind if along == chart.x else "bar"
    order = list(dict.fromkeys(frame[along]))
    x = _x(along, order)
    y = _y(frame, measure, counted)
    parts = frame[_SPLIT].nunique() if splits else 0
    base = alt.Chart(frame).properties(height=_HEIGHT + (-(-parts // 3) + 2) * _LEGEND)
    if kind == "steps":
        return _steps(base, frame, along, measure, bool(splits))
    if kind == "pareto" and not splits and "running_percent" in frame:
        return _pareto(base, x, y, measure)
    if kind == "interval" and "agreed_low_percent" in frame and measure == "agreed_percent":
        return _intervals(base, along, order, bool(splits))
    tips = [alt.Tooltip(f"{along}:O", title=_report_words.column(along))]
    tips += [alt.Tooltip(f"{_SPLIT}:N", title=_("Part"))] if splits else []
    tips += [alt.Tooltip(f"{measure}:Q", title=_report_words.column(measure), format=",")]
    marked = {"line": base.mark_line(point=True), "area": base.mark_area(opacity=0.7)}
    if not _adds_up(measure, counted) and kind == "area":
        kind = "line"
    beside = bool(splits) and not _adds_up(measure, counted)
    # A month alone is a bar and no wall.
    bars = base.mark_bar(size=_WIDEST) if len(order) < _BARS and not beside else base.mark_bar()
    made = marked.get(kind, bars).encode(x=x, y=y, tooltip=tips)
    if splits:
        made = made.encode(color=_colour(report, splits))
        if kind == "bar" and beside:
            made = made.encode(xOffset=alt.XOffset(f"{_SPLIT}:N"))
    return made


def _few(frame: pd.DataFrame, measure: str) -> pd.DataFrame:
    """The greatest parts, and the others as one: nobody tells twenty colours apart."""
    sums = frame.groupby(_SPLIT, sort=False)[measure].sum().sort_values(ascending=False)
    if len(sums) <= _MOST_SPLITS:
        return frame
    great = set(sums.index[: _MOST_SPLITS - 1])
    named = frame[_SPLIT].where(frame[_SPLIT].isin(great), _("others"))
    return frame.assign(**{_SPLIT: named})


def _colour(report: Report, splits: Sequence[str]) -> alt.Color:
    title = " · ".join(_report_words.column(one) for one in splits)
    return alt.Color(
        f"{_SPLIT}:N",
        title=title,
        legend=alt.Legend(orient="bottom", columns=3, labelLimit=220, symbolLimit=_MOST_SPLITS),
    )


def _x(along: str, order: list[str]) -> alt.X:
    short = len(order) <= _FEW and max(map(len, order)) <= _FEW
    axis = alt.Axis(labelLimit=150, labelAngle=0 if short else -40)
    return alt.X(f"{along}:O", title=_report_words.column(along), sort=order, axis=axis)


def _y(frame: pd.DataFrame, measure: str, counted: Sequence[str]) -> alt.Y:
    # Whole things are counted in whole steps; an average is not.
    whole = pd.api.types.is_integer_dtype(frame[measure])
    axis = alt.Axis(tickMinStep=1) if whole else alt.Axis()
    told = f"sum({measure}):Q" if _adds_up(measure, counted) else f"{measure}:Q"
    return alt.Y(told, title=_report_words.column(measure), axis=axis)


def _steps(
    base: alt.Chart, frame: pd.DataFrame, along: str, measure: str, split: bool
) -> alt.Chart:
    """Bars one below the other, as a way is walked."""
    order = list(dict.fromkeys(frame[along]))
    made = base.mark_bar().encode(
        y=alt.Y(f"{along}:O", title=None, sort=order, axis=alt.Axis(labelLimit=180)),
        x=alt.X(f"{measure}:Q", title=_report_words.column(measure)),
        tooltip=[
            alt.Tooltip(f"{along}:O", title=_report_words.column(along)),
            alt.Tooltip(f"{measure}:Q", title=_report_words.column(measure), format=","),
        ],
    )
    if split:
        made = made.encode(
            yOffset=alt.YOffset(f"{_SPLIT}:N"),
            color=alt.Color(f"{_SPLIT}:N", title=None, legend=alt.Legend(orient="bottom")),
        )
    return made


def _pareto(base: alt.Chart, x: alt.X, y: alt.Y, measure: str) -> alt.LayerChart:
    """The commonest first, and how much of the whole they make up together."""
    share = alt.Y(
        "running_percent:Q",
        title=_report_words.column("running_percent"),
        scale=alt.Scale(domain=[0, 100]),
    )
    bars = base.mark_bar().encode(x=x, y=y, tooltip=[alt.Tooltip(f"{measure}:Q", format=",")])
    line = base.mark_line(point=True, color="#8A8578").encode(x=x, y=share)
    return alt.layer(bars, line).resolve_scale(y="independent")


def _intervals(base: alt.Chart, along: str, order: list[str], split: bool) -> alt.LayerChart:
    """Shares as points with the interval that they are known within."""
    y = alt.Y(f"{along}:O", title=None, sort=order)
    scale = alt.Scale(domain=[0, 100])
    title = _console.label("report.agreed_percent")
    offset = {"yOffset": alt.YOffset(f"{_SPLIT}:N")} if split else {}
    colour = (
        {"color": alt.Color(f"{_SPLIT}:N", title=None, legend=alt.Legend(orient="bottom"))}
        if split
        else {}
    )
    rule = base.mark_rule(strokeWidth=2).encode(
        y=y,
        x=alt.X("agreed_low_percent:Q", scale=scale, title=title),
        x2="agreed_high_percent:Q",
        **offset,
        **colour,
    )
    point = base.mark_point(filled=True, size=70).encode(
        y=y,
        x=alt.X("agreed_percent:Q", scale=scale),
        tooltip=["agreed_percent:Q", "agreed_low_percent:Q", "agreed_high_percent:Q"],
        **offset,
        **colour,
    )
    return alt.layer(rule, point)
