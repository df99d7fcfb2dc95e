"""What the three report pages share: freshness, definition, chart, table, export."""

from __future__ import annotations

import altair as alt
import pandas as pd
import streamlit as st

from engine.policies import model as policies
from engine.reports import catalog, snapshot
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console
from pages._console import _


def _chart(frame: pd.DataFrame, measure: str, split: str) -> alt.Chart:
    """A bar a day, split by a column where there is one."""
    whole = pd.api.types.is_integer_dtype(frame[measure])
    drawn = (
        alt.Chart(frame)
        .mark_bar()
        .encode(
            x=alt.X("day:O", title=_("Day")),
            y=alt.Y(
                f"sum({measure}):Q",
                title=_console.label(f"report.{measure}"),
                # Whole things are counted in whole steps; an average is not.
                axis=alt.Axis(tickMinStep=1) if whole else alt.Axis(),
            ),
            tooltip=list(frame.columns),
        )
        .properties(height=320)
    )
    if not split:
        return drawn
    return drawn.encode(color=alt.Color(f"{split}:N", title=_console.label(f"report.{split}")))


# Which setting gives a column's codes their names.
_NAMED = {
    "platform": policies.Platform,
    "agency": policies.CertificateAgency,
    "way": policies.RealNameWay,
}


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Codes of platforms, agencies and kinds as the names that people know."""
    for column, setting in _NAMED.items():
        if column in frame:
            names = _console.ask(lambda q, s=setting: q.policies(s))
            frame[column] = [
                names[code].label.in_language(_console.language()) if code in names else code
                for code in frame[column]
            ]
    if "reviewer" in frame:
        frame["reviewer"] = [
            _console.ask(staffing.name_of, text.partition(":")[2]) for text in frame["reviewer"]
        ]
    if "about" in frame:
        sayings = _console.ask(lambda q: q.policies(policies.CallSaying))
        frame["about"] = [
            sayings[code].plain_title(_console.language()) if code in sayings else _("none")
            for code in frame["about"]
        ]
    if "kind" in frame:
        rules = _console.ask(lambda q: q.policies(policies.ReviewRule))
        frame["kind"] = [
            rules[code].label.in_language(_console.language())
            if code in rules
            else _console.label(f"invoice.kind.{code}")
            for code in frame["kind"]
        ]
    return frame


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
            unit=report.text("unit", _console.language()),
        )
    )
    st.info(report.text("definition", _console.language()))
    frame = _named(pd.DataFrame(answer.rows, columns=list(answer.columns)))
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
