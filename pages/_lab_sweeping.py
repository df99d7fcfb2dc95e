"""A staffing what-if on the page: which run it learns from, which rosters are tried, and computing it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from engine.kernel import errors
from pages import _console, _lab_runs, _lab_studies, _lab_words
from pages._console import _
from simulations import studies
from simulations.runs import Folder
from simulations.scenario import Scenario
from simulations.studies import Rosters, Study, Tonight

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
    asked = _asked(
        plan.scenario, folder, same_days=days == "same", people=people,
        replications=replications, seed=seed,
    )  # fmt: skip
    if asked is None:
        return
    tried = asked.tried()
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
    st.button(
        _("Try them"),
        type="primary",
        key="sweep",
        icon=":material/play_arrow:",
        help=_("Works in the background; you may leave the page."),
        on_click=_lab_studies.start,
        args=(asked, f"rosters-{plan.scenario.name}"),
    )


def _asked(scenario: Scenario, folder: Folder, **given: Any) -> Rosters | None:
    """What is asked by the groups that are drawn here; None where it can't be, which is told."""
    counts, hours = _groups(scenario)
    try:
        asked = Rosters(
            scenario=scenario,
            run=_where(folder),
            counts={group: tuple(numbers) for group, numbers in counts.items()},
            hours={group: tuple(spans) for group, spans in hours.items()},
            **given,
        )
        asked.tried()
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return None
    except ValueError:
        st.error(_("Write hours like 10:00-19:00, the end after the start."))
        return None
    return asked


def _where(folder: Folder) -> str:
    return str(folder.path.resolve())


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
                f"{_lab_words.group(group.group)} · {_('now {n}', n=group.count)}",
                0,
                max(8, min(_MOST_COUNT, 2 * group.count + 2)),
                value=(group.count, group.count),
                key=f"count-{scenario.name}-{group.group}",
                help=_("Drag the two ends apart to try every number between them."),
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


def _of(folder: Folder) -> Callable[[Rosters | Tonight], bool]:
    return lambda plan: isinstance(plan, Rosters) and plan.run == _where(folder)


def asked_before(folder: Folder) -> bool:
    """Whether there is a what-if of this run already: then its answer comes first."""
    return _lab_studies.any_of(_of(folder))


def found(folder: Folder) -> Asked | None:
    """What has come of a what-if of this run so far; None where there is none, or too little yet."""
    study = _lab_studies.chosen(_of(folder), _told)
    plan = _lab_studies.plan_of(study) if study is not None else None
    if study is None or not isinstance(plan, Rosters):
        return None
    told = _lab_studies.show(study)
    if told.done < 2 or told.state in _lab_words.LIVING:
        return None
    if told.done < told.replications:
        st.info(
            _(
                "Of {of} replications {done} are done; what follows is of these alone.",
                of=told.replications,
                done=told.done,
            )
        )
    return Asked(
        scenario=plan.scenario,
        run=folder.name,
        periods=told.periods or told.done,
        replications=told.done,
        table=_table(study.path, told.done),
    )


@functools.lru_cache(maxsize=4)
def _table(path: Path, done: int) -> pd.DataFrame:
    return studies.table(Study(path))


def _told(plan: Rosters | Tonight) -> str:
    """A what-if in the list of them."""
    assert isinstance(plan, Rosters)
    return _(
        "{n} rosters × {r} replications, {days}",
        n=len(plan.tried()),
        r=plan.replications,
        days=_("the very days") if plan.same_days else _("{n} people", n=f"{plan.people:,}"),
    )
