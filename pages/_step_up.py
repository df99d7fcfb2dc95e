"""The question for a second factor before an act that cannot be undone; then the act is done.

Nothing that was typed is lost: the act waits, with its arguments, until the question is answered or
put away.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.kernel import errors
from engine.staffing import actions, queries
from pages import _console
from pages._console import _

WAITING = "waiting act"


def _drop() -> None:
    st.session_state.pop(WAITING, None)


def _go_on(action: Callable[..., Any], arguments: dict[str, Any]) -> None:
    """Prove the second factor, then do what waits; a refusal is told where it was asked."""
    staff = _console.me()
    try:
        _console.world().engine.perform(action, arguments, actor=staff)
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    waiting = st.session_state.pop(WAITING)
    if _console.attempt(waiting.act, then=waiting.then) is not None or not _console.was_refused():
        st.session_state["told"] = _("Confirmed and done.")
    st.rerun()


def _question() -> None:
    session = _console.ask(queries.my_session)
    if session is not None and session.way == "one_click":
        st.write(_("This cannot be undone. In the demo one click stands for the second factor."))
        if st.button(_("It is me: go on"), type="primary", key="step-up-click"):
            _go_on(actions.step_up_by_click, {})
        return
    if not _console.ask(queries.is_enrolled, _console.me().staff_id):
        st.write(_("This takes a second factor, and you have none yet. Set one up, then repeat."))
        st.page_link("pages/my_account.py", label=_("My account"))
        return
    st.write(_("This cannot be undone. Enter the code that your authenticator app shows."))
    with st.form("step-up", border=False):
        code = st.text_input(
            _("Code"), key="step-up-code", max_chars=24, autocomplete="one-time-code"
        )
        if st.form_submit_button(_("Confirm"), type="primary"):
            _go_on(actions.step_up, {"code": code})


def ask() -> None:
    """Put the question when something waits for it; called at the head of every page."""
    if WAITING in st.session_state:
        st.dialog(_("Confirm that it is you"), on_dismiss=_drop)(_question)()
