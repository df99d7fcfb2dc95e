"""The review desk: the queue, the case with its papers beside its fields, and the decision.

Everything that a reviewer needs for one case stands on one screen of 1440 × 900, and everything can be
done with the keyboard; `_desk_keys` has the keys.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from engine.policies import model as policies
from engine.reviewing import model
from engine.reviewing import queries as cases
from pages import _console, _desk_acts, _desk_case, _desk_queue, _desk_reading
from pages._console import _
from pages._desk_keys import Keys, help_sheet

_LOOK = Path(__file__).resolve().parent / "apps" / "desk" / "desk.css"


def _top(keys: Keys, desk: _desk_reading.Desk) -> None:
    """The page's name, and what was just done."""
    with st.container(key="desk-top", horizontal=True, vertical_alignment="center"):
        st.title(_("Review desk"), width="content")
        keys.button(st, "help", _("Keys"), key="desk-help", act=_ask_help, type="tertiary")
        done = st.session_state.pop("desk-done", None)
        if done is not None:
            st.caption(f"{_console.label(f'desk.done.{done[0]}')} · {done[1]}")
    _console.show_refusal()


def _ask_help() -> None:
    st.session_state["desk-helping"] = True


def _case(shown: _desk_reading.Shown, keys: Keys) -> None:
    lit = _desk_acts.lit(shown)
    _desk_case.head(shown)
    left, right = st.columns([5, 6], gap="small")
    with left, st.container(key="desk-sheet"):
        _desk_case.fields(shown, lit)
        _desk_acts.panel(shown, keys)
        _desk_case.checks(shown)
        _desk_case.history(shown)
    with right:
        _desk_case.papers(shown, lit)
    with st.container(key="desk-acts"):
        _desk_acts.buttons(shown, keys)


def _page() -> None:
    _console.require(*model.RIGHT_FOR.values())
    # The case needs the room; the other pages are one click away.
    st.set_page_config(initial_sidebar_state="collapsed")
    st.html(_LOOK)
    keys = Keys()
    kinds = _console.ask(cases.kinds_seen)
    rules = _console.ask(lambda q: q.policies(policies.ReviewRule))
    labels = {k: rules[k].label.in_language(_console.language()) for k in kinds}
    kind = str(st.session_state.get("kind") or "")
    desk = _console.ask(_desk_reading.desk, kind=kind, case_id=str(st.query_params.get("case", "")))
    _top(keys, desk)
    queue, main = st.columns([2, 8], gap="small")
    with queue, st.container(key="desk-queue"):
        _desk_queue.filters(kinds, labels)
        if desk.rows:
            current = desk.shown.case.id if desk.shown else ""
            _desk_queue.listing(desk, current, _desk_acts.choose)
    with main:
        if desk.refusal is not None:
            st.error(_console.say(desk.refusal))
        elif desk.shown is None:
            _console.empty(_("The queue is empty. Cases appear here when people submit something."))
        else:
            _case(desk.shown, keys)
    keys.listen(desk.shown.case.id if desk.shown else "")
    if st.session_state.pop("desk-helping", False):
        help_sheet()


_page()
