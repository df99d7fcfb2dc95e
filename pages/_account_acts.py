"""What the record of a person's account has beside the facts: devices, its end by two (ACC-7)."""

from __future__ import annotations

import streamlit as st

from engine.registration import actions, queries
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console, _live
from pages._console import _

_DONE = "account done"


def show(account_id: str) -> None:
    """How it is used now, a closing that runs; with the right to, proposing to end it."""
    done = st.session_state.pop(_DONE, "")
    if done:
        st.success(done)
    _live.follow(lambda: _used(account_id), key=f"account-{account_id}")
    if staffing.has(_console.me(), Right.MANAGE_ACCOUNTS, anywhere=True):
        _end(account_id)


def _used(account_id: str) -> None:
    """Redrawn when something happens."""
    record = _console.ask(queries.account_record, account_id)
    columns = st.columns(4)
    columns[0].metric(_("Devices"), record.devices)
    columns[1].metric(_("Signed in on"), record.sessions)
    closing = record.closing
    if closing is not None:
        kind = _console.label(f"closing.kind.{closing.kind}")
        status = _console.label(f"account_closing.status.{closing.status}")
        st.info(f"{kind} · {status} · {_console.when(closing.created_at)}")


def _end(account_id: str) -> None:
    with st.expander(_("Propose to end this account")):
        st.caption(
            _(
                "Another member of staff decides. The person is told, has a term to appeal, and nothing"
                " can be restored afterwards."
            )
        )
        known = _console.ask(cases.reasons_for, "termination_ground")
        reason = st.selectbox(
            _("Ground"),
            list(known),
            format_func=lambda code: _console.told(known[code].text),
            key="ground-end",
        )
        note = st.text_area(_("What speaks for it"), key="note-end", max_chars=500)
        arguments = {"account_id": account_id, "reason": reason, "note": note}
        done = _("Proposed. Somebody else has to decide it on the desk.")
        st.button(
            _("Propose"),
            type="primary",
            key="propose-end",
            on_click=lambda: _console.perform(
                actions.propose_termination,
                arguments,
                key=f"end/{account_id}/{reason}",
                then=lambda _result: st.session_state.update({_DONE: done}),
            ),
        )
