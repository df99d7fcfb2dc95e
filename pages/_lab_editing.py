"""A scenario of one's own as text: what is wrong with it by key and line, and nothing typed is lost."""

from __future__ import annotations

import streamlit as st

from engine.kernel import errors
from pages import _console, _lab_picture
from pages._console import _
from simulations import shelf
from simulations.shelf import Checked, Kept, Wrong

# What is wrong in words; what pydantic calls the rest is told as it is.
PROBLEMS = {
    "missing": "is missing",
    "extra_forbidden": "there is no such key",
    "less_than_equal": "must be at most {le}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "greater_than": "must be more than {gt}",
    "too_short": "has too few values: {actual_length}, and {min_length} are needed",
    "too_long": "has too many values: {actual_length}, and {max_length} are allowed",
    "float_type": "must be a number",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "string_type": "must be a text in quotes",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "model_type": "must be a table",
    "model_attributes_type": "must be a table",
    "string_pattern_mismatch": "is not written as {pattern} wants",
    "literal_error": "must be one of {expected}",
    "enum": "must be one of {expected}",
    "date_from_datetime_parsing": "must be a date such as 2026-06-01",
    "date_parsing": "must be a date such as 2026-06-01",
    "toml": "is not TOML: {told}",
}
_STYLE = (
    "<style>.st-key-scenario-text textarea{font-family:var(--st-code-font,monospace);"
    "font-size:13px}</style>"
)


def said(one: Wrong) -> str:
    """What is wrong at a key, in words."""
    told = PROBLEMS.get(one.kind)
    if told is None:
        return one.message.removeprefix("Value error, ")
    try:
        return _(told, **{"told": one.message, **one.limits})
    except KeyError:
        return one.message


def draw(kept: Kept, owner: str) -> None:
    """The editor of a scenario: of one's own, or of a copy that becomes one."""
    name = f"scenario-text-{kept.name}"
    st.html(_STYLE)
    if name not in st.session_state:
        st.session_state[name] = _begun(kept, owner)
    left, right = st.columns([6, 5], gap="medium")
    with left, st.container(key="scenario-text"):
        st.text_area(
            _("The scenario in TOML"),
            key=name,
            height=620,
            max_chars=shelf.LONGEST,
            on_change=lambda: shelf.keep_draft(owner, kept.name, st.session_state[name]),
        )
    text = str(st.session_state[name])
    checked = shelf.check(text)
    with right:
        _told(checked)
        _buttons(kept, owner, checked)
        if checked.scenario is not None:
            st.markdown(f"**{checked.scenario.title.in_language(_console.language())}**")
            st.caption(_lab_picture.facts(checked.scenario))
            st.html(_lab_picture.spark(checked.scenario))
    if checked.scenario is not None:
        _lab_picture.draw(checked.scenario)


def _begun(kept: Kept, owner: str) -> str:
    """What was typed before; else one's own as it is, or a copy under a free name."""
    typed = shelf.draft(owner, kept.name)
    if typed is not None:
        return typed
    return kept.text() if kept.own else shelf.copy_of(kept, shelf.free_name(f"my_{kept.name}"))


def _told(checked: Checked) -> None:
    if checked.scenario is not None:
        st.success(_("This can be run. Keep it under the name that it says."))
        return
    st.error(_("{n} things are wrong. What you typed is kept as a draft.", n=len(checked.wrong)))
    _console.table(
        [
            {
                _("Line"): one.line,
                _("At key"): one.key or "—",
                _("What is wrong"): said(one),
            }
            for one in checked.wrong
        ]
    )


def _buttons(kept: Kept, owner: str, checked: Checked) -> None:
    name = f"scenario-text-{kept.name}"

    def keep() -> None:
        text = str(st.session_state[name])
        done = _console.attempt(lambda: shelf.keep(text))
        if done is not None:
            shelf.drop_draft(owner, kept.name)
            st.session_state.pop(name, None)
            st.session_state["told"] = _("“{name}” is kept.", name=done.name)
            st.query_params.from_dict({"scenario": done.name})

    def discard() -> None:
        shelf.drop_draft(owner, kept.name)
        st.session_state.pop(name, None)
        st.query_params.from_dict({"scenario": kept.name})

    with st.container(horizontal=True):
        st.button(
            _("Keep the scenario"), type="primary", key="keep-scenario", on_click=keep,
            disabled=checked.scenario is None,
        )  # fmt: skip
        st.button(_("Discard what I typed"), key="discard-scenario", on_click=discard)


def deleting(kept: Kept) -> None:
    """Delete one's own scenario, asked once."""
    with st.popover(_("Delete"), icon=":material/delete:", key="delete-scenario"):
        st.markdown(
            _("“{name}” is deleted. Runs made with it keep what they were told.", name=kept.name)
        )

        def delete() -> None:
            try:
                shelf.delete(kept.name)
            except errors.EngineError as refusal:
                st.session_state["refusal"] = _console.say(refusal)
            st.query_params.clear()

        st.button(_("Delete this scenario"), key="really-delete", on_click=delete)


def name_of(kept: Kept) -> str:
    """A scenario by its title, or by its file's name where it cannot be read."""
    if kept.scenario is None:
        return kept.name
    return kept.scenario.title.in_language(_console.language())


def problems_of(kept: Kept) -> list[str]:
    """What is wrong with a kept file that can no longer be run."""
    return [f"{one.key}{_(': ')}{said(one)}" for one in shelf.check(kept.text()).wrong]


def badge(kept: Kept) -> str:
    """Whether a scenario ships or is one's own, in a word."""
    return _("One’s own") if kept.own else _("Ships with the product")
