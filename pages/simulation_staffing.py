"""Staffing: what waits under which roster, what each costs, the cheapest that keeps the promise (SIM-6)."""

from __future__ import annotations

import math

import streamlit as st

from engine.kernel import errors
from engine.reports.catalog import Answer
from engine.staffing.model import Right
from pages import (
    _console,
    _lab_rosters,
    _lab_sweeping,
    _lab_tonight,
    _lab_words,
    _process_pieces,
)
from pages._console import _
from pages._lab_sweeping import Asked
from simulations.staffing import sweeping
from simulations.staffing.sweeping import Cheapest, Line
from simulations.statistics.intervals import Interval


def _answer(asked: Asked) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        level = st.number_input(
            _("In time, where nothing is promised (%)"),
            50.0, 99.9, value=100 * sweeping.LEVEL, step=1.0, key="level", width=260,
        )  # fmt: skip
        confidence = st.number_input(
            _("Confidence (%)"), 80.0, 99.9, value=95.0, step=1.0, key="confidence", width=160
        )
    level, confidence = float(level) / 100, float(confidence) / 100
    try:
        lines = sweeping.lines(asked.table, asked.scenario, level, confidence)
        best = sweeping.cheapest(asked.table, asked.scenario, level, confidence)
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    _say(best, lines)
    _lab_rosters.draw(lines, best)
    _lab_rosters.where(lines)
    _table(lines)
    st.caption(
        _("Each replication is other days of this scenario, met by every roster alike.")
        if asked.periods >= asked.replications
        else _(
            "The run has {n} different days: more replications meet them again, with other work at each"
            " case. Intervals say less of other days than they seem to.",
            n=asked.periods,
        )
    )
    _files(asked)


def _say(best: Cheapest | None, lines: list[Line]) -> None:
    if best is None:
        nearest = max(lines, key=lambda one: one.in_time.low)
        kinds = _lab_words.kinds()
        st.warning(
            _(
                "No roster is shown to keep the promise. The nearest is {roster}: {kind} in time"
                " {low}–{high} %. Try more reviewers, or more replications.",
                roster=_lab_words.roster(nearest.roster),
                kind=kinds.get(nearest.tightest, nearest.tightest),
                low=f"{100 * nearest.in_time.low:.0f}",
                high=f"{100 * nearest.in_time.high:.0f}",
            )
        )
        return
    line = best.line
    st.success(
        _(
            "The cheapest roster that keeps the promise, with {confidence} % confidence: **{roster}**."
            " {hours} hours{cost}, of {tried} rosters in {n} replications.",
            confidence=f"{100 * best.confidence:g}",
            roster=_lab_words.roster(line.roster),
            hours=f"{line.hours:,.0f}",
            cost="" if math.isnan(line.cost_yuan) else f" · ¥{line.cost_yuan:,.2f}",
            tried=best.tried,
            n=best.replications,
        ),
        icon=":material/check:",
    )


def _table(lines: list[Line]) -> None:
    kinds = _lab_words.kinds()
    names = _lab_words.rosters_apart([one.roster for one in lines])
    _console.table(
        [
            {
                _("Roster"): names[one.roster],
                _("Keeps the promise"): _("yes") if one.keeps else _("no"),
                _("Hours on shift"): round(one.hours, 1),
                _("Cost (yuan)"): None if math.isnan(one.cost_yuan) else one.cost_yuan,
                _("A person’s whole way (business minutes)"): _spread(one.way),
                _("Mean wait of a case (business minutes)"): _spread(one.wait),
                _("Tightest kind"): kinds.get(one.tightest, one.tightest),
                _("In time (%)"): f"{100 * one.in_time.mean:.1f}"
                f" ({100 * one.in_time.low:.1f}–{100 * one.in_time.high:.1f})",
                _("Busy (%)"): round(100 * one.busy, 1),
                _("Open at the end"): _spread(one.open),
            }
            for one in lines
        ],
        **{_("Cost (yuan)"): st.column_config.NumberColumn(format="accounting")},
    )


def _spread(one: Interval) -> str:
    return f"{one.mean:.1f} ± {one.half_width:.1f}"


def _files(asked: Asked) -> None:
    table = asked.table
    _process_pieces.files(
        Answer(columns=tuple(table.columns), rows=tuple(table.itertuples(index=False, name=None))),
        f"staffing-{asked.run}",
    )


def _page() -> None:
    _console.require(Right.SIMULATE)
    _console.title(
        _("Staffing"),
        _(
            "What waits under which roster, what each costs, and the cheapest that keeps the promise."
        ),
    )
    views = {"rosters": _("Try rosters"), "tonight": _("What breaches by tonight")}
    if _console.view(views) == "tonight":
        _lab_tonight.draw()
        return
    known = _lab_sweeping.learnable()
    if not known:
        _console.empty(
            _(
                "A what-if learns from an ended run which cases people bring. There is none yet: start"
                " one on the page “Runs”."
            )
        )
        if st.button(_("Start a run"), type="primary", key="to-runs"):
            st.switch_page("simulation_runs.py")
        return
    folder = _lab_sweeping.chosen(known)
    with st.expander(
        _("Which rosters, against which days"),
        expanded=not _lab_sweeping.asked_before(folder),
        icon=":material/tune:",
        key=f"staffing-form-{folder.name}",
    ):
        _lab_sweeping.form(folder)
    asked = _lab_sweeping.found(folder)
    if asked is not None:
        _answer(asked)


_page()
