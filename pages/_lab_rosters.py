"""Rosters that were tried as pictures: what each costs against what people wait, and where they wait."""

from __future__ import annotations

import math

import altair as alt
import pandas as pd
import streamlit as st

from pages import _lab_words
from pages._console import _
from simulations.staffing.sweeping import Cheapest, Line

_ACCENT, _INK, _LATE = "#2E7D32", "#8A8578", "#b3261e"
# More rosters than this beside each other can't be read.
_MOST_BESIDE = 16


def _points(lines: list[Line], best: Cheapest | None, *, priced: bool) -> pd.DataFrame:
    """A point for each roster: what it costs, how long its people wait, and what is said of it."""
    cheapest = best.line.roster if best is not None else None
    names = _lab_words.rosters_apart([one.roster for one in lines])
    return pd.DataFrame(
        [
            {
                "roster": names[one.roster],
                "price": one.cost_yuan if priced else one.hours,
                "way": one.way.mean,
                "low": max(0.0, one.way.low),
                "high": one.way.high,
                "says": _("The cheapest of these")
                if one.roster == cheapest
                else _("Keeps the promise")
                if one.keeps
                else _("Does not"),
                "in_time": 100 * one.in_time.mean,
            }
            for one in lines
        ]
    )


def draw(lines: list[Line], best: Cheapest | None) -> None:
    """What people wait for the desk on their whole way against cost, with intervals."""
    priced = not any(math.isnan(one.cost_yuan) for one in lines)
    order = [_("The cheapest of these"), _("Keeps the promise"), _("Does not")]
    colours = alt.Scale(domain=order, range=[_ACCENT, _INK, _LATE])
    shapes = alt.Scale(domain=order, range=["diamond", "circle", "cross"])
    legend = alt.Legend(orient="bottom", columns=1, labelLimit=0)
    colour = alt.Color("says:N", title=None, sort=order, scale=colours, legend=legend)
    shape = alt.Shape("says:N", title=None, sort=order, scale=shapes)
    costs = _("Cost (yuan)") if priced else _("Hours on shift")
    waits = _("Business minutes")
    price = alt.X("price:Q", title=costs, scale=alt.Scale(zero=False, padding=24))
    frame = _points(lines, best, priced=priced)
    base = alt.Chart(frame)
    above = alt.Scale(domain=[0, 1.05 * float(frame["high"].max()) or 1.0])
    whiskers = base.mark_rule(strokeWidth=1.5).encode(
        x=price, y=alt.Y("low:Q", title=waits, scale=above), y2="high:Q", color=colour
    )
    points = base.mark_point(filled=True, size=110, opacity=1).encode(
        x=price,
        y=alt.Y("way:Q", title=waits, scale=above),
        color=colour,
        shape=shape,
        tooltip=[
            alt.Tooltip("roster:N", title=_("Roster")),
            alt.Tooltip("price:Q", title=costs, format=","),
            alt.Tooltip("way:Q", title=_("A person’s whole way (business minutes)"), format=".1f"),
            alt.Tooltip("in_time:Q", title=_("In time (%)"), format=".1f"),
        ],
    )
    st.caption(
        _(
            "How long the desk keeps one person waiting for decisions from their first case to the end of"
            " their way, without the pauses that they take themselves. 95 % intervals."
        )
    )
    st.altair_chart(alt.layer(whiskers, points).properties(height=380), width="stretch")


def where(lines: list[Line]) -> None:
    """The mean wait of each kind under each roster: more hands at one step move the wait to the next."""
    kinds = _lab_words.kinds()
    shown = lines[:_MOST_BESIDE]
    names = _lab_words.rosters_apart([one.roster for one in shown])
    rows = [
        {
            "roster": names[one.roster],
            "kind": kinds.get(kind, kind),
            "wait": wait,
            "told": f"{wait:.0f}" if wait >= 10 else f"{wait:.1f}",
        }
        for one in shown
        for kind, wait in one.waits.items()
    ]
    if len(shown) < 2 or not rows:
        return
    st.markdown(f"**{_('Where cases wait for their first look (business minutes)')}**")
    st.caption(
        _(
            "More reviewers at an early step send cases on sooner, and the wait moves to the next: then"
            " it is the next step that is short of people."
        )
    )
    st.altair_chart(_heat(pd.DataFrame(rows)), width="stretch")
    if len(lines) > len(shown):
        st.caption(_("The {n} cheapest of {all} rosters.", n=len(shown), all=len(lines)))


def _heat(frame: pd.DataFrame) -> alt.LayerChart:
    """A cell for each kind under each roster, the longer the wait the darker."""
    rosters = list(dict.fromkeys(frame["roster"]))
    base = alt.Chart(frame).encode(
        x=alt.X(
            "roster:O",
            sort=rosters,
            title=None,
            axis=alt.Axis(labelAngle=-60, labelLimit=180, labelOverlap=False, orient="top"),
        ),
        y=alt.Y("kind:O", title=None, axis=alt.Axis(labelLimit=110, labelOverlap=False)),
    )
    cells = base.mark_rect(cornerRadius=3).encode(
        color=alt.Color(
            "wait:Q",
            title=_("Minutes"),
            scale=alt.Scale(scheme="oranges", domainMin=0),
            legend=None,
        ),
        tooltip=[
            alt.Tooltip("roster:N", title=_("Roster")),
            alt.Tooltip("kind:N", title=_("Kind")),
            alt.Tooltip("wait:Q", title=_("Minutes"), format=".1f"),
        ],
    )
    middle = frame["wait"].max() * 0.6
    words = base.mark_text(fontSize=11).encode(
        text="told:N",
        color=alt.condition(alt.datum.wait > middle, alt.value("white"), alt.value("#222")),
    )
    return alt.layer(cells, words).properties(height=30 * frame["kind"].nunique() + 130)
