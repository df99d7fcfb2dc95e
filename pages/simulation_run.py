"""One run: the live board while it runs, and what came of it once it has ended (SIM-4)."""

from __future__ import annotations

import streamlit as st

from engine.kernel import errors
from engine.staffing.model import Right
from pages import _console, _lab_board, _lab_record, _lab_runs, _lab_words
from pages._console import _
from simulations.runs import Folder

_EVERY_S = 1.0


def _run() -> Folder | None:
    """The run that the address names; without one, one that runs, or the newest."""
    name = st.query_params.get("run", "")
    if name:
        return _lab_runs.named(name)
    known = _lab_runs.every()
    living = [one for one in known if one.progress().state in _lab_words.LIVING]
    found = next(iter([*living, *known]), None)
    if found is not None:
        st.query_params["run"] = found.path.name
    return found


@st.fragment(run_every=_EVERY_S)
def _living(folder: Folder) -> None:
    told = folder.progress()
    if told.state not in _lab_words.LIVING:
        # What is to be shown now is the record.
        st.rerun()
    _console.show_refusal()
    _lab_runs.head(told)
    _lab_runs.controls(folder, told.state)
    boards = folder.boards()
    shown = _lab_board.chosen(boards)
    _lab_board.draw(shown, _lab_runs.people_of(folder, shown, boards))


def _ended(folder: Folder) -> None:
    told = folder.progress()
    _lab_runs.head(told)
    _lab_runs.controls(folder, told.state)
    _lab_record.draw(folder)


def _page() -> None:
    _console.require(Right.SIMULATE)
    try:
        folder = _run()
    except errors.EngineError as refusal:
        _console.title(_("Live board"))
        st.error(_console.say(refusal))
        return
    if folder is None:
        _console.title(_("Live board"))
        _console.empty(_("No run yet. Start one on the page “Runs”, and watch it here."))
        if st.button(_("Start a run"), type="primary", key="to-runs"):
            st.switch_page("simulation_runs.py")
        return
    _console.title(_lab_runs.title_of(folder), folder.path.name)
    if folder.progress().state in _lab_words.LIVING:
        _living(folder)
    else:
        _ended(folder)


_page()
