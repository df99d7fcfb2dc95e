"""What the three report pages share: freshness, definition, chart, table, export."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from engine.reports import catalog, snapshot
from engine.staffing.model import Right
from pages import _console
from pages._console import _


def _chart(frame: pd.DataFrame, measure: str, split: str) -> alt.Chart:
    return (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("day:O", title=_("Day")),
            y=alt.Y(
                f"sum({measure}):Q",
                title=_console.label(f"report.{measure}"),
            ),
            color=alt.Color(f"{split}:N", title=_console.label(f"report.{split}")),
            tooltip=list(frame.columns),
        )
        .properties(height=320)
    )


def page(name: str, measures: tuple[str, ...], split: str) -> None:
    """One report: its question and definition, a chart of chosen measures by day, the table, CSV."""
    _console.require(Right.REPORT)
    report = catalog.load(name)
    _console.title(
        report.text("title", _console.language()), report.text("question", _console.language())
    )
    world = _console.world()
    folder = (world.path or snapshot.scratch()) / "analytics"
    fresh = snapshot.refresh(world.engine, folder)
    newest = snapshot.newest(folder)
    if newest is None:
        _console.empty(_("Nothing has happened yet."))
        return
    with snapshot.open_copy(newest) as copy:
        answer = catalog.ask(copy, report)
    st.caption(
        _(
            "Up to event {seq}, {time}. Unit: {unit}.",
            seq=fresh.seq,
            time=_console.when(fresh.occurred_at),
            unit=report.unit,
        )
    )
    st.info(report.text("definition", _console.language()))
    frame = pd.DataFrame(answer.rows, columns=list(answer.columns))
    if frame.empty:
        _console.empty(
            _("Nothing to report yet. It fills as people order, are reviewed and invoiced.")
        )
        return
    measure = st.segmented_control(
        _("Show"),
        measures,
        default=measures[0],
        format_func=lambda m: _console.label(f"report.{m}"),
    )
    st.altair_chart(_chart(frame, measure or measures[0], split), width="stretch")
    st.dataframe(
        frame.rename(columns={c: _console.label(f"report.{c}") for c in frame.columns}),
        hide_index=True,
        width="stretch",
    )
    st.download_button(
        _("Download CSV"),
        catalog.to_csv(answer).encode("utf-8-sig"),
        file_name=f"{name}.csv",
        mime="text/csv",
    )
