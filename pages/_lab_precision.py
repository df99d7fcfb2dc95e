"""How many replications an interval of a wished width takes, told before the run by earlier ones."""

from __future__ import annotations

import streamlit as st

from engine.kernel import errors
from pages import _console, _lab_figures, _lab_runs
from pages._console import _
from simulations.runs import Folder
from simulations.scenario import Scenario
from simulations.statistics import intervals

_LOOKED_AT = 200


def _pilots(scenario: Scenario) -> list[Folder]:
    """Ended runs of the same scenario with two replications or more, the newest first."""
    found = []
    for folder in _lab_runs.every()[:_LOOKED_AT]:
        try:
            plan = folder.plan()
        except errors.EngineError:
            continue
        if plan.scenario.name == scenario.name and plan.replications > 1 and folder.indicators():
            found.append(folder)
    return found


def before_the_run(scenario: Scenario, replications: int) -> None:
    """The question “how many replications for ± x %?”, answered by a pilot, or how to make one."""
    with st.container(border=True, key="precision"):
        st.markdown(f"**{_('How many replications?')}**")
        pilots = _pilots(scenario)
        if not pilots:
            st.caption(
                _(
                    "No run of this scenario with two replications or more yet. Run five or ten as a"
                    " pilot; then it is told here how many an interval of ± x % takes."
                )
            )
            return
        _ask(pilots, replications)


def _ask(pilots: list[Folder], replications: int) -> None:
    names = {one.name: one for one in pilots}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        pilot = names[str(st.selectbox(_("By the run"), list(names), key="pilot", width=280))]
        found = _lab_figures.by_replication(pilot)
        figure = str(
            st.selectbox(
                _("Indicator"),
                list(found),
                format_func=_lab_figures.name_of,
                key="pilot-figure",
                width=300,
            )
        )
        within = st.number_input(
            _("Within ± %"),
            0.1,
            50.0,
            value=5.0,
            step=1.0,
            key="within",
            bind="query-params",
            width=120,
        )
    values = found[figure]
    try:
        needed = intervals.replications_needed(values, within / 100)
        known = intervals.mean_interval(values)
    except errors.EngineError as refusal:
        st.caption(_console.say(refusal))
        return
    st.markdown(
        _(
            "**{needed} replications** for ± {within} % of “{figure}” with 95 % confidence. The {n} of the"
            " run gave {mean} ± {reach}.",
            needed=f"{needed:,}",
            within=f"{within:g}",
            figure=_lab_figures.name_of(figure),
            n=known.n,
            mean=f"{_lab_figures.scaled(figure, known.mean):.4g}",
            reach=f"{_lab_figures.scaled(figure, known.half_width):.2g} {_lab_figures.unit_of(figure)}",
        )
    )
    if needed != replications:
        st.button(
            _("Take {n}", n=f"{needed:,}"),
            key="take-needed",
            on_click=lambda: st.session_state.update(replications=min(needed, 1000)),
        )
