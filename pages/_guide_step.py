"""One step of the guide on the page: its words, its proof, its picture, and the button that opens it."""

from __future__ import annotations

import contextlib
import html

import streamlit as st

from pages import _console
from pages._console import _
from simulations import guide, stages, stories
from simulations.guide import Proof, Result, Step

_OPENED = "guide-stage"
_KINDS = {
    "step": "Step",
    "precondition": "Precondition",
    "path": "Where it is found",
    "statement": "Statement",
}
_MARKS = {"passed": "✓", "failed": "✗", "not_run": "–"}
_COLOURS = {"passed": "green", "failed": "red", "not_run": "gray"}
_WORDS = {"passed": "passed", "failed": "failed", "not_run": "not run here"}


def _open(step: Step) -> None:
    """A stage for this step; the one of the step before is closed, so that trying many fills nothing."""
    before = st.session_state.pop(_OPENED, None)
    if before is not None:
        with contextlib.suppress(stages.NoSuchStage):
            stages.find(before).end()
    st.session_state[_OPENED] = guide.opened(step).id


def badge(outcome: str, count: int | None = None) -> str:
    """How tests ended, in colour, with a sign and a word; and how many steps' did."""
    many = "" if count is None else f" {count}"
    return f":{_COLOURS[outcome]}-badge[{_MARKS[outcome]} {_(_WORDS[outcome])}{many}]"


def _told(result: Result) -> str:
    at = f" · {_console.when(result.at)}" if result.at else ""
    return f"- {_MARKS[result.outcome]} `{result.test}` · {_(_WORDS[result.outcome])}{at}"


def draw(step: Step, proof: Proof) -> None:
    """The step as a card."""
    with st.container(border=True, key=f"card-{step.id}"):
        words, picture, act = st.columns([6, 1.3, 1.7], vertical_alignment="center")
        with words:
            _words(step, proof)
        if proof.picture is not None:
            picture.image(str(proof.picture), width=110)
        else:
            picture.caption(_("No picture here yet"))
        act.button(
            _("Try it"),
            key=f"open-{step.id}",
            on_click=lambda: _console.attempt(lambda: _open(step)),
            help=_("Make somebody who stands exactly here, and open their phone and PC."),
            width="stretch",
        )


def _words(step: Step, proof: Proof) -> None:
    chinese = _console.language() == "zh_CN"
    first, second = (step.asks.zh, step.asks.en) if chinese else (step.asks.en, step.asks.zh)
    number = f" · {step.number}" if step.number else ""
    st.markdown(f"**{first}**  \n{second}")
    st.caption(
        f"{step.section}{number} · {_(_KINDS[step.kind])} · `{step.id}` · {step.row}"
        f" · {badge(proof.outcome)}"
    )
    if step.labels:
        labels = "".join(f"<span>{html.escape(one)}</span>" for one in step.labels)
        st.html(f'<div class="yx-labels">{labels}</div>')
    with st.expander(_("Its tests ({n}) and its picture", n=len(proof.results))):
        st.markdown("\n".join(map(_told, proof.results)))
        st.caption(_("It stands: {state}", state=_state(step)))
        if proof.picture is not None:
            taken = int(proof.picture.stat().st_mtime * 1000)
            st.image(str(proof.picture), caption=_("Taken {time}", time=_console.when(taken)))


def _state(step: Step) -> str:
    """Where the story stands, in words."""
    story_id, _slash, name = step.state.partition("/")
    story = stories.shipped()[story_id]
    before = next(one for one in story.steps if one.id == name)
    language = _console.language()
    return f"{story.title.in_language(language)} → {before.title.in_language(language)}"


def follow() -> None:
    """Go to the stage that a button has just made."""
    made = st.session_state.get(_OPENED)
    if made is not None and st.session_state.get("guide-shown") != made:
        st.session_state["guide-shown"] = made
        st.switch_page("demo.py", query_params={"stage": made})
