"""Runs: those that run now, those that ended, and how a new one is started (SIM-4)."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from engine.kernel import clock, errors
from engine.staffing.model import Right
from pages import _console, _lab_runs, _lab_start, _lab_way, _lab_words
from pages._console import _
from simulations.runs import Folder

_EVERY_S = 2.0
_PAGE = 50


def _open(name: str) -> None:
    st.switch_page("simulation_run.py", query_params={"run": name})


@st.fragment(run_every=_EVERY_S)
def _moving(names: tuple[str, ...]) -> None:
    """The runs under way; the page is drawn anew when one of them ends."""
    known = [one for one in _lab_runs.every() if one.name in names]
    if any(one.progress().state not in _lab_words.LIVING for one in known):
        st.rerun()
    for folder in known:
        told = folder.progress()
        with st.container(border=True):
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(f"**{_lab_runs.title_of(folder)}**")
                _lab_runs.badge(told.state)
                st.caption(folder.name)
            left = _lab_words.seconds(told.eta_s)
            _lab_way.progress(
                told.share,
                _(
                    "{share} · {people} people have come · {rate} actions a second · {left} left",
                    share=_lab_words.share(told.share),
                    people=f"{told.arrived:,}",
                    rate=f"{told.rate:,.0f}",
                    left=left,
                ),
            )
            with st.container(horizontal=True):
                if st.button(_("Watch"), key=f"watch-{folder.name}", icon=":material/visibility:"):
                    _open(folder.name)


def _row(folder: Folder) -> dict[str, Any]:
    told = folder.progress()
    done = folder.manifest() or {}
    try:
        plan = folder.plan()
        scenario = plan.scenario.title.in_language(_console.language())
        people, seed = plan.people, plan.seed
        replications, label = plan.replications, plan.label
    except errors.EngineError:
        scenario, people = done.get("scenario", "—"), done.get("people", 0)
        seed, replications, label = done.get("seed"), 1, ""
    return {
        _("Run"): folder.name,
        _("State of the run"): _lab_words.marked(told.state),
        _("Label"): label or None,
        _("Scenario"): scenario,
        _("Number of people"): people,
        _("Seed"): seed,
        _("Replications"): replications,
        _("Actions"): told.actions,
        _("Violations"): told.violations,
        _("Seconds"): round(told.seconds, 1),
        _("Digest"): str(done["digest"])[:12] if done else None,
        _("Changed"): _changed(folder),
    }


def _changed(folder: Folder) -> str:
    at = max((path.stat().st_mtime for path in folder.path.glob("*.json")), default=0.0)
    return _console.when(round(at * clock.SECOND)) if at else "—"


def _ended(every: list[Folder]) -> None:
    page = 1
    if len(every) > _PAGE:
        page = st.pagination(-(-len(every) // _PAGE), key="page", bind="query-params")
    shown = every[(page - 1) * _PAGE : page * _PAGE]
    frame = pd.DataFrame([_row(one) for one in shown])
    picked = st.dataframe(
        frame.drop(columns=[_("Label")]) if frame[_("Label")].isna().all() else frame,
        hide_index=True,
        width="stretch",
        placeholder="—",
        on_select="rerun",
        selection_mode="multi-row",
        # A selection is of positions: it belongs to this list and to no other.
        key=f"runs-{hash_of(shown)}",
        column_config={
            _(name): st.column_config.NumberColumn(format="localized")
            for name in ("Number of people", "Actions", "Violations")
        },
    )
    rows = [one for one in (picked.selection.rows if picked else []) if one < len(shown)]
    names = [shown[one].name for one in rows]
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(_("Open"), key="open", disabled=len(names) != 1):
            _open(names[0])
        if st.button(_("Compare"), key="compare", disabled=len(names) < 2):
            st.switch_page("simulation_compare.py", query_params={"runs": ",".join(names)})
        st.caption(_("Tick one run to open it, or several to compare them."))


def hash_of(shown: list[Folder]) -> str:
    """What names a list of runs, so that another list has another selection."""
    return "|".join(one.name for one in shown)[:400]


def _page() -> None:
    _console.require(Right.SIMULATE)
    _console.title(
        _("Runs"),
        _("Populations against the real engine: under way, at their end, and to be started."),
    )
    every = _lab_runs.every()
    moving = tuple(one.name for one in every if one.progress().state in _lab_words.LIVING)
    if moving:
        st.subheader(_("Running now"))
        _moving(moving)
    with st.expander(
        _("Start a run"),
        expanded="scenario" in st.query_params or not every,
        icon=":material/add:",
        key="start-form",
    ):
        _lab_start.form()
    st.subheader(_("All runs"))
    if every:
        _ended(every)
    else:
        _console.empty(
            _("No run yet. Start one above, or with “yinxin simulate”; both leave the same files.")
        )


_page()
