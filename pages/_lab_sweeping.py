"""A staffing what-if on the page: which run it learns from, which rosters are tried, and computing it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd
import streamlit as st

from engine.kernel import errors
from pages import _console, _lab_runs
from pages._console import _
from simulations.runs import Folder
from simulations.scenario import Scenario
from simulations.staffing import rosters, sweeping, ways
from simulations.staffing.rosters import Roster

# What is computed is kept for the session, with what it was asked.
FOUND = "staffing-found"
_MOST_ROSTERS, _MOST_COUNT = 200, 40


@dataclass(frozen=True, slots=True)
class Asked:
    """A what-if as it was asked, and what came of it."""

    scenario: Scenario
    run: str
    periods: int
    replications: int
    table: pd.DataFrame


def learnable() -> dict[str, Folder]:
    """The ended runs whose databases are there: from these the ways of people are learned."""
    return {
        one.name: one
        for one in _lab_runs.every()
        if one.manifest() is not None and one.exists() and one.worlds()
    }


def chosen(known: dict[str, Folder]) -> Folder:
    """The run that is learned from; kept in the address."""
    given = st.query_params.get("run", "")
    titles = {name: f"{_lab_runs.title_of(one)} · {name}" for name, one in known.items()}
    name = str(
        st.selectbox(
            _("Learn from the run"),
            list(known),
            index=list(known).index(given) if given in known else 0,
            format_func=titles.__getitem__,
            key="staffing-run",
            help=_(
                "Which cases people bring, one after the other, and how long they take between them."
            ),
        )
    )
    st.query_params["run"] = name
    return known[name]


def form(folder: Folder) -> None:
    """Which rosters against which days, how often; and the button that computes it."""
    plan = folder.plan()
    days = st.segmented_control(
        _("Days"),
        ["like", "same"],
        default="like",
        required=True,
        format_func={
            "like": _("Other days like these, with other people"),
            "same": _("The very days of this run"),
        }.__getitem__,
        key="staffing-days",
    )
    people = plan.people
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if days == "like":
            people = _whole(_("Number of people"), "people", plan.people, 1_000_000)
        replications = _whole(_("Replications"), "replications", 20, 1_000, 2)
        seed = _whole(_("Seed"), "seed", plan.seed, (1 << 40) - 1, 0)
    counts, hours = _groups(plan.scenario)
    try:
        tried = rosters.grid(plan.scenario, counts, hours)
    except (errors.EngineError, ValueError) as refusal:
        st.error(_console.say(refusal) if isinstance(refusal, errors.EngineError) else str(refusal))
        return
    if len(tried) > _MOST_ROSTERS:
        st.warning(
            _("These are {n} rosters; try at most {most}.", n=len(tried), most=_MOST_ROSTERS)
        )
        return
    st.caption(
        _(
            "{n} rosters × {r} replications. Every roster meets the same people with the same work.",
            n=len(tried),
            r=replications,
        )
    )
    if st.button(_("Try them"), type="primary", key="sweep", icon=":material/play_arrow:"):
        _compute(folder, plan.scenario, tried, str(days), people, replications, seed)


def _whole(label: str, name: str, value: int, most: int, least: int = 1) -> int:
    return int(
        st.number_input(
            label, min_value=least, max_value=most, value=value, step=1, key=f"staffing-{name}",
            width=160,
        )
    )  # fmt: skip


def _groups(scenario: Scenario) -> tuple[dict[str, list[int]], dict[str, list[tuple[str, str]]]]:
    """For each group how many reviewers are tried, and which hours."""
    counts: dict[str, list[int]] = {}
    hours: dict[str, list[tuple[str, str]]] = {}
    st.markdown(f"**{_('How many of each group, and which hours')}**")
    for group in scenario.reviewers:
        with st.container(horizontal=True, vertical_alignment="bottom"):
            low, high = st.slider(
                f"{group.group} · {_('now {n}', n=group.count)}",
                0,
                max(8, min(_MOST_COUNT, 2 * group.count + 2)),
                value=(group.count, group.count),
                key=f"count-{scenario.name}-{group.group}",
                width=420,
            )
            counts[group.group] = list(range(int(low), int(high) + 1))
            other = st.text_input(
                _("Also these hours"),
                key=f"hours-{scenario.name}-{group.group}",
                placeholder="10:00-19:00",
                width=180,
            )
            tried = _hours(str(other or ""))
            if tried:
                hours[group.group] = [(group.start, group.end), *tried]
    return counts, hours


def _hours(text: str) -> list[tuple[str, str]]:
    """Spans as they are typed, `10:00-19:00, 12:00-20:00`."""
    parts = text.replace("，", ",").replace("–", "-").replace("：", ":").split(",")
    found = []
    for part in parts:
        start, mark, end = part.strip().partition("-")
        if mark:
            found.append((start.strip(), end.strip()))
    return found


def _compute(
    folder: Folder,
    scenario: Scenario,
    tried: list[Roster],
    days: str,
    people: int,
    replications: int,
    seed: int,
) -> None:
    bar = st.progress(0.0, text=_("Reading the cases of the run"))

    def told(done: int, of: int) -> None:
        bar.progress(done / max(1, of), text=_("{done} of {of}", done=done, of=of))

    try:
        if days == "like":
            learned = ways.together(ways.of_folder(folder.path))
            met = sweeping.days_like(scenario, learned, people, seed)
        else:
            met = sweeping.days_of_run(scenario, folder.path, seed)
        table = sweeping.sweep(met, tried, replications, told)
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    bar.empty()
    st.session_state[FOUND] = Asked(
        scenario=scenario,
        run=folder.name,
        periods=met.periods or replications,
        replications=replications,
        table=table,
    )


def found(folder: Folder) -> Asked | None:
    """What was computed in this session for a run."""
    asked: Any = st.session_state.get(FOUND)
    return asked if isinstance(asked, Asked) and asked.run == folder.name else None
