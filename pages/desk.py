"""The review desk: the queue, the case with its papers beside its fields, and the decision.

Everything that a reviewer needs for one case stands on one screen of 1440 × 900, and everything can be
done with the keyboard; `_desk_keys` has the keys.
"""

from __future__ import annotations

import html
from pathlib import Path

import streamlit as st

from engine.kernel import errors
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from engine.reviewing import queries as cases
from pages import (
    _console,
    _desk_acts,
    _desk_case,
    _desk_contract,
    _desk_panels,
    _desk_queue,
    _desk_reading,
    _help,
)
from pages._console import _
from pages._desk_keys import Keys, help_sheet

_LOOK = Path(__file__).resolve().parent / "apps" / "desk" / "desk.css"


def _top(keys: Keys) -> None:
    """The page's name, and what was just done."""
    with st.container(key="desk-top", horizontal=True, vertical_alignment="center"):
        st.title(_("Review desk"), width="content")
        _help.mark()
        keys.button(st, "help", _("Keys"), key="desk-help", act=_ask_help, type="tertiary")
        done = st.session_state.pop("desk-done", None)
        if done is not None:
            st.caption(" · ".join(part for part in (_(_desk_acts.DONE[done[0]]), done[1]) if part))
    _console.show_refusal()


def _ask_help() -> None:
    st.session_state["desk-helping"] = True


@st.fragment(run_every=10.0)
def _presence(case_id: str) -> None:
    """Who else has this case before them; and that I have. Counts of views are made fresh meanwhile."""
    who = _console.me()
    engine = _console.world().engine

    def tell() -> list[str]:
        engine.perform(reviewing.look, {"case_id": case_id}, actor=who)
        engine.perform(reviewing.count_views, {}, actor=who)
        return [one.name for one in engine.ask(cases.lookers, who, case_id)]

    names = _console.attempt(tell)
    if names:
        told = _("{names} is looking too", names=_console.listed(names))
        st.html(f'<p class="desk-lookers">{html.escape(told)}</p>')


def _case(shown: _desk_reading.Shown, keys: Keys) -> None:
    lit = _desk_acts.lit(shown)
    _desk_case.head(shown)
    _presence(shown.case.id)
    left, right = st.columns([5, 6], gap="small")
    with left, st.container(key="desk-sheet"):
        _desk_case.changes(shown)
        _desk_case.fields(shown, lit)
        _desk_panels.panel(shown, keys)
        _desk_case.checks(shown)
        _desk_contract.signatures(shown)
        _desk_case.notes(shown)
        _desk_case.history(shown)
        _desk_case.course(shown)
    with right:
        _desk_case.papers(shown, lit)
    with st.container(key="desk-acts"):
        _desk_panels.buttons(shown, keys)


def _read(wanted: model.Wanted) -> _desk_reading.Desk:
    """The page of the list that the address names; a place that is gone is the beginning."""
    named = {"case_id": str(st.query_params.get("case", ""))}
    after = str(st.query_params.get("after", ""))
    try:
        return _console.ask(_desk_reading.desk, wanted=wanted, after=after, **named)
    except errors.InvalidInput:
        st.query_params.pop("after", None)
        return _console.ask(_desk_reading.desk, wanted=wanted, after="", **named)


def _page() -> None:
    _console.require(*model.RIGHT_FOR.values())
    # The case needs the room; the other pages are one click away.
    st.set_page_config(initial_sidebar_state="collapsed")
    st.html(_LOOK)
    keys = Keys()
    choices = _console.ask(_desk_reading.choices)
    top = st.container()
    queue, main = st.columns([2, 8], gap="small")
    with queue, st.container(key="desk-queue"):
        wanted = _desk_queue.filters(choices, keys, _desk_acts.drawing())
        st.session_state[_desk_acts.WANTED] = wanted
        desk = _read(wanted)
        current = desk.shown.case.id if desk.shown else ""
        _desk_queue.pages(desk.page, wanted, choices)
        if desk.page.rows:
            _desk_queue.listing(desk.page, choices.kinds, current, _desk_acts.choose)
    with top:
        _top(keys)
    with main:
        if desk.refusal is not None:
            st.error(_console.say(desk.refusal))
        elif desk.shown is None:
            _console.empty(
                _(
                    "Nothing waits for you here. Cases appear when people submit something;"
                    " a narrower filter may hide some."
                )
            )
        else:
            _case(desk.shown, keys)
    keys.listen(desk.shown.case.id if desk.shown else "")
    if st.session_state.pop("desk-helping", False):
        help_sheet()


_page()
