"""The drawer beside each step: what just happened, and what it rests on."""

from __future__ import annotations

import streamlit as st

from engine.kernel import catalog
from pages import _console
from pages._console import _
from simulations import guide, stages
from simulations.stages import Happened, Stage
from simulations.stories import Step

# Instants that their name does not show to be some, and what is there and says nothing.
_INSTANTS = ("not_before", "not_after", "valid_from", "valid_to", "sign_by")
_EMPTY = ("", "[]", "{}")


def choose(stage: Stage, at: int) -> int:
    """Which of the steps that were done is looked into: the newest, or another one."""
    steps = enumerate(stage.story.steps[:at], start=1)
    titles = [f"{n}. {one.title.in_language(_console.language())}" for n, one in steps]
    chosen = st.selectbox(
        _("All steps"),
        titles,
        index=at - 1,
        key=f"happened-{at}",
        label_visibility="collapsed",
    )
    return titles.index(chosen)


def draw(stage: Stage, step: int) -> None:
    """Everything that a step has left in the log, each thing to be opened."""
    done = stage.story.steps[step]
    _rests_on(done)
    verdict = stage.state.kept.get("verdict") if not done.fact else None
    if verdict:
        st.success(_console.label(f"verdict.{verdict}"))
    found = stages.happened(stage, step)
    if not found and not verdict:
        st.caption(_("This step has left nothing in the log."))
    for one in found:
        _fact(one)


def _rests_on(step: Step) -> None:
    language = _console.language()
    if step.clause is not None:
        st.markdown(f"**{_('Rests on')}** · {step.clause.in_language(language)}")
    if step.guide:
        asked = _asked()
        lines = [f"- `{one}` {asked[one].in_language(language)}" for one in step.guide]
        st.markdown(f"**{_('In the user guide')}**\n" + "\n".join(lines))


@st.cache_resource
def _asked() -> dict[str, catalog.Text]:
    """What each step of the guide asks, by its id."""
    return {one.id: one.asks for one in guide.load_guide().step}


def _fact(one: Happened) -> None:
    with st.expander(f"{_console.label(one.kind)} · `{one.action}`"):
        st.caption(f"#{one.seq} · {_console.when(one.occurred_at)} · {one.actor} · {one.subject}")
        if one.values:
            _values(one.values)
        for row in one.rows:
            st.markdown(f"**{_console.label(row.table)}** `{row.id}`")
            _values(row.values)


def _values(values: dict[str, str]) -> None:
    _console.table(
        [
            {_("Field"): _console.label(f"fact.{name}"), _("Value"): _told(name, value)}
            for name, value in values.items()
            if value not in _EMPTY
        ]
    )


def _told(name: str, value: str) -> str:
    """A value as it is read: instants in the viewer's zone, the rest as the log has it."""
    instant = name.endswith(("_at", "_until")) or name in _INSTANTS
    return _console.when(int(value)) if instant and value.isdigit() else value
