"""What the lab's pages know of runs: the folders, one of them by its name, and its acts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from engine.kernel import errors
from engine.reports import current
from pages import _console, _lab_way, _lab_words
from pages._console import _
from simulations import runs
from simulations.background import WorkFolder, WorkProgress
from simulations.runs import Folder, RunProgress

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.\-]{0,79}")


class RunGone(errors.NotFound):
    """There is no run “{run}”. It may have been deleted; choose another one."""


def every() -> list[Folder]:
    """The runs there are, the newest first."""
    return runs.listed(current.RUNS) if current.RUNS.is_dir() else []


def named(name: str) -> Folder:
    """The run of a name.

    Raises: RunGone.
    """
    place = current.RUNS / name
    if not _NAME.fullmatch(name) or not place.is_dir():
        raise RunGone(run=name[:80])
    return Folder(place)


def badge(state: str) -> None:
    """A state with its colour, its shape and its word."""
    colour, icon = _lab_words.MARKS.get(state, ("gray", ":material/help:"))
    st.badge(_lab_words.state(state), icon=icon, color=colour)


def title_of(folder: Folder) -> str:
    """A run as people call it: its label, or its scenario; else its folder."""
    try:
        plan = folder.plan()
    except errors.EngineError:
        return folder.path.name
    return plan.label or plan.scenario.title.in_language(_console.language())


def scenario_of(folder: Folder) -> str:
    """What a run's scenario is called in the reader's language."""
    try:
        return folder.plan().scenario.title.in_language(_console.language())
    except errors.EngineError:
        return str((folder.manifest() or {}).get("scenario", "—"))


def act(label: str, does: Callable[[], Any], *, key: str, icon: str, primary: bool = False) -> None:
    """A button that does something to a run; what is refused is shown at the next draw."""
    st.button(
        label,
        key=key,
        icon=icon,
        type="primary" if primary else "secondary",
        on_click=lambda: _console.attempt(does),
    )


def head(told: RunProgress) -> None:
    """How far a run is: its state, the bar, and the figures that move."""
    with st.container(horizontal=True, vertical_alignment="center"):
        badge(told.state)
        st.caption(
            _(
                "{done} of {all} shards · at {time} of its own time",
                done=told.shards_done,
                all=told.shards,
                time=_lab_words.moment(told.now_ms or None),
            )
        )
    problem(told)
    moving = told.state in _lab_words.LIVING
    if moving:
        _lab_way.progress(told.share, _lab_words.share(told.share))
    figures = [
        (_("Come"), f"{told.arrived:,} / {told.people:,}"),
        (_("At the end of their way"), f"{told.finished:,}"),
        (_("Actions"), f"{told.actions:,}"),
        (_("Time so far"), _lab_words.seconds(told.seconds)),
    ]
    if moving:
        figures += [
            (_("Actions a second"), f"{told.rate:,.0f}"),
            (_("Time left"), _lab_words.seconds(told.eta_s)),
        ]
    # Beside each other, and on a phone in as many rows as it takes.
    with st.container(horizontal=True, gap="medium"):
        for name, value in figures:
            st.metric(name, value, width="content")


def problem(told: WorkProgress) -> None:
    """Why it failed, where it did."""
    refusal = told.refusal()
    if refusal is not None:
        st.error(_console.say(refusal))
    elif told.problem:
        st.error(told.problem)


def people_of(folder: Folder, shown: Sequence[Any], boards: Sequence[Any]) -> int:
    """How many people the shown boards will have, as far as that is known."""
    plan = folder.plan()
    if len(shown) == len(boards):
        return plan.people * plan.replications
    return sum(len(range(one["shard"], plan.people, plan.scenario.shards)) for one in shown)


def controls(folder: WorkFolder, state: str) -> None:
    """Pause, go on, stop, resume: what fits the state."""
    with st.container(horizontal=True, key=f"controls-{folder.path.name}"):
        if state in ("running", "starting"):
            act(_("Pause the run"), folder.pause, key="pause", icon=":material/pause:")
        if state == "paused":
            act(_("Go on"), folder.go, key="go", icon=":material/play_arrow:", primary=True)
        if state in ("running", "starting", "paused"):
            act(_("Stop the run"), folder.stop, key="stop", icon=":material/stop:")
        if state in _lab_words.RESUMABLE:
            act(
                _("Resume the run"), folder.resume, key="resume", icon=":material/restart_alt:",
                primary=True,
            )  # fmt: skip
