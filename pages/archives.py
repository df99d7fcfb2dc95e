"""The archive of ended accounts: what the law keeps of each, read only by two together (PI-4)."""

from __future__ import annotations

import streamlit as st

from engine.registration import actions, model, queries
from engine.staffing.model import Right
from pages import _console
from pages._console import _

_console.require(Right.MANAGE_ACCOUNTS)


def _archives() -> None:
    """What the law keeps of ended accounts: read-locked, each with its clause and its release date."""
    rows = _console.ask(queries.archives)
    if not rows:
        _console.empty(_("No account has ended yet. What the law keeps of one would stand here."))
        return
    for row in rows:
        one = row.archive
        with st.container(border=True):
            st.markdown(f"`{one.account_id}`")
            clause = row.clause.in_language(_console.language()) if row.clause else "—"
            st.caption(
                _(
                    "Kept under {clause}; destroyed on {day}",
                    clause=clause,
                    day=_console.when(one.release_at)[:10],
                )
            )
            _read_or_ask(row)


def _read_or_ask(row: model.ArchiveRow) -> None:
    one = row.archive
    if row.readable:
        if st.button(_("Read it"), key=f"read-{one.id}"):
            _console.attempt(
                lambda: _console.world().engine.perform(
                    actions.released, {"archive_id": one.id}, actor=_console.me()
                ),
                then=lambda held: st.session_state.update({f"held/{one.id}": held}),
            )
        # Shown once: the next draw has it no more.
        held = st.session_state.pop(f"held/{one.id}", None)
        if held is not None:
            _console.table([{_("Name"): held.name, _("Resident ID number"): held.resident_id}])
            _console.table(list(held.proofs))
            _console.table(list(held.certificates))
        return
    if row.request is not None:
        st.caption(_("Your request waits for a second person."))
        return
    reason = st.text_input(_("What it is needed for"), key=f"why-{one.id}", max_chars=200)
    st.button(
        _("Ask to read it"),
        key=f"ask-{one.id}",
        on_click=_ask,
        args=(one.id, reason),
    )


def _ask(archive_id: str, reason: str) -> None:
    done = _("Asked. Somebody else has to decide it on the desk.")
    _console.perform(
        actions.request_release,
        {"archive_id": archive_id, "reason": reason},
        key=f"release/{archive_id}/{reason}",
        then=lambda _result: st.session_state.update(done=done),
    )


_console.title(
    _("Archive of ended accounts"), _("What the law keeps, until when, and who may read it.")
)
if "done" in st.session_state:
    st.success(st.session_state.pop("done"))
_archives()
