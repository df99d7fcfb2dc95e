"""What-ifs as work of their own: begun from a page, found again after a reload, watched and stopped."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from engine.kernel import clock, errors
from engine.reports import current
from pages import _console, _lab_runs, _lab_way, _lab_words
from pages._console import _
from simulations import background, studies
from simulations.studies import Rosters, Study, StudyProgress, Tonight

_EVERY_S = 1.0
_MOST = 50


@functools.lru_cache(maxsize=64)
def _read(path: Path, changed_ns: int) -> Rosters | Tonight | None:
    try:
        return Study(path).plan()
    except errors.EngineError:
        return None


def plan_of(study: Study) -> Rosters | Tonight | None:
    """What was asked; None where that can't be read any more."""
    try:
        changed_ns = (study.path / "plan.json").stat().st_mtime_ns
    except OSError:
        return None
    return _read(study.path, changed_ns)


def start(plan: Rosters | Tonight, stem: str) -> None:
    """Begin a what-if; the address then names it, so that a reload finds it."""
    path = background.new_place(studies.place(current.RUNS), stem)
    begun = _console.attempt(lambda: studies.start(plan, path))
    if begun is not None:
        st.query_params["study"] = begun.name


def any_of(fits: Callable[[Rosters | Tonight], bool]) -> bool:
    """Whether there is a what-if that fits."""
    plans = (plan_of(study) for study in studies.listed(studies.place(current.RUNS)))
    return any(plan is not None and fits(plan) for plan in plans)


def chosen(
    fits: Callable[[Rosters | Tonight], bool], told: Callable[[Rosters | Tonight], str]
) -> Study | None:
    """The what-if that the address names, or the newest that fits; with several one can be picked."""
    known: dict[str, Study] = {}
    titles: dict[str, str] = {}
    for study in studies.listed(studies.place(current.RUNS)):
        plan = plan_of(study)
        if plan is not None and fits(plan) and len(known) < _MOST:
            known[study.name] = study
            state = _lab_words.state(study.progress().state)
            titles[study.name] = f"{_begun(study)} · {told(plan)} · {state}"
    if not known:
        return None
    given = st.query_params.get("study", "")
    name = given if given in known else next(iter(known))
    if len(known) > 1:
        picked = st.selectbox(
            _("What-if"),
            list(known),
            index=list(known).index(name),
            format_func=titles.__getitem__,
            # Another list has another choice: a new what-if is the one that is looked at.
            key=f"study-{next(iter(known))}",
        )
        name = str(picked)
    else:
        st.caption(titles[name])
    st.query_params["study"] = name
    return known[name]


def _begun(study: Study) -> str:
    at = (study.path / "plan.json").stat().st_mtime
    return _console.when(round(at * clock.SECOND))


def show(study: Study) -> StudyProgress:
    """How far a what-if is and what can be done about it; while it goes on, drawn anew each second."""
    told = study.progress()
    if told.state in _lab_words.LIVING:
        _living(study)
        return told
    if told.state == "finished":
        return told
    with st.container(horizontal=True, vertical_alignment="center"):
        _lab_runs.badge(told.state)
        st.caption(_done(told))
        _lab_runs.controls(study, told.state)
    _lab_runs.problem(told)
    return told


def _done(told: StudyProgress) -> str:
    return _("{done} of {of} replications", done=told.done, of=told.replications)


@st.fragment(run_every=_EVERY_S)
def _living(study: Study) -> None:
    told = study.progress()
    if told.state not in _lab_words.LIVING:
        # What is to be shown now is the answer.
        st.rerun()
    _console.show_refusal()
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            _lab_runs.badge(told.state)
            st.caption(_("It goes on when you leave or reload this page."))
        left = _lab_words.seconds(told.eta_s)
        _lab_way.progress(
            told.share,
            _("Reading the cases of the run")
            if told.state == "starting"
            else f"{_done(told)} · {_('{time} left', time=left)}",
        )
        _lab_runs.controls(study, told.state)
