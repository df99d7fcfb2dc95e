"""A person's account as staff may see it: masked, behind the mask, its end, and the archive."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine import records
from engine.registration import actions, model, queries
from engine.reviewing import queries as cases
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console, _live
from pages._console import _

staff = _console.require(Right.LOOK_UP, Right.MANAGE_ACCOUNTS)
MANAGES = staffing.has(staff, Right.MANAGE_ACCOUNTS, anywhere=True)
FIELDS = {"phone": "Phone number", "name": "Name", "resident_id": "Resident ID number"}


def _reasons(kind: str) -> dict[str, str]:
    """The grounds of a kind, by code, in the reader's language."""
    found = _console.ask(cases.reasons_for, kind)
    return {code: one.text.in_language(_console.language()) for code, one in found.items()}


def _choose_reason(kind: str, key: str) -> str:
    known = _reasons(kind)
    return str(st.selectbox(_("Ground"), list(known), format_func=known.__getitem__, key=key))


def _act(action: Callable[..., Any], arguments: dict[str, Any], key: str, done: str) -> None:
    """A button's callback: one act, and what is said of it on the next draw."""
    _console.perform(
        action, arguments, key=key, then=lambda _result: st.session_state.update(done=done)
    )


def _reveal(account_id: str, field: str, reason: str) -> None:
    arguments = {"account_id": account_id, "field": field, "reason": reason}
    _console.attempt(
        lambda: _console.world().engine.perform(actions.reveal, arguments, actor=_console.me()),
        then=lambda shown: st.session_state.update(revealed=shown),
    )


@st.fragment(run_every=1.0)
def _revealed() -> None:
    """What is shown in full, for half a minute."""
    shown = st.session_state.get("revealed")
    if shown is None:
        return
    left = (shown.shown_until - _console.world().engine.now()) // 1000
    if left <= 0:
        st.session_state.pop("revealed")
        return
    st.warning(f"{_(FIELDS[shown.field])}: {shown.value}  ({left} s)")


def _facts(account_id: str) -> None:
    """The account as it is now, redrawn when something happens."""
    record = _console.ask(queries.account_record, account_id)
    account, closing = record.account, record.closing
    columns = st.columns(4)
    columns[0].metric(_("State"), _console.label(f"account.status.{account.status}"))
    columns[1].metric(_("Registered"), _console.when(account.created_at)[:10])
    columns[2].metric(_("Devices"), record.devices)
    columns[3].metric(_("Signed in on"), record.sessions)
    _console.table(
        [
            {_("Field"): _("Phone number"), _("Value"): record.phone or _("deleted")},
            {_("Field"): _("Name"), _("Value"): record.name or "—"},
            {_("Field"): _("Resident ID number"), _("Value"): record.resident_id or "—"},
            {_("Field"): _("Real name proved"), _("Value"): _console.when(account.real_name_at)},
            {_("Field"): _("Terms accepted"), _("Value"): account.terms_version},
        ]
    )
    if closing is not None:
        kind = _console.label(f"closing.kind.{closing.kind}")
        status = _console.label(f"account_closing.status.{closing.status}")
        st.info(f"{kind} · {status} · {_console.when(closing.created_at)}")
    if record.enterprises:
        _console.table(
            [
                {
                    _("Enterprise name"): one.name,
                    _("Unified social credit code"): one.uscc,
                    _("Role"): _console.label(f"role.{role}"),
                }
                for one, role in record.enterprises
            ]
        )


def _behind_the_mask(account_id: str) -> None:
    with st.expander(_("Look behind the mask")):
        st.caption(_("Who looked at what, and on which ground, stands in the log."))
        field = st.radio(
            _("Field"), list(FIELDS), format_func=lambda f: _(FIELDS[f]), horizontal=True
        )
        reason = _choose_reason("reveal_ground", "ground-reveal")
        st.button(_("Show for 30 seconds"), on_click=_reveal, args=(account_id, field, reason))
        _revealed()


def _end(account_id: str) -> None:
    with st.expander(_("Propose to end this account")):
        st.caption(
            _(
                "Another member of staff decides. The person is told, has a term to appeal, and nothing"
                " can be restored afterwards."
            )
        )
        reason = _choose_reason("termination_ground", "ground-end")
        note = st.text_area(_("What speaks for it"), key="note-end", max_chars=500)
        arguments = {"account_id": account_id, "reason": reason, "note": note}
        st.button(
            _("Propose"),
            type="primary",
            key="propose-end",
            on_click=_act,
            args=(
                actions.propose_termination, arguments, f"end/{account_id}/{reason}",
                _("Proposed. Somebody else has to decide it on the desk."),
            ),
        )  # fmt: skip


def _history(hit: records.Hit) -> None:
    st.markdown(f"**{_('History')}**")
    _console.table(
        [
            {
                _("When"): _console.when(entry.event.occurred_at),
                _("What"): _console.label(entry.event.kind),
                _("Who"): entry.event.actor,
                "seq": entry.event.seq,
            }
            for entry in _console.ask(records.history, hit)[::-1][:200]
        ]
    )


def _archives() -> None:
    """What the law keeps of ended accounts: read-locked, each with its clause and its release date."""
    st.subheader(_("Archive of ended accounts"))
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
        on_click=_act,
        args=(
            actions.request_release, {"archive_id": one.id, "reason": reason},
            f"release/{one.id}/{reason}", _("Asked. Somebody else has to decide it on the desk."),
        ),
    )  # fmt: skip


_console.title(_("People"), _("By exact phone number, resident ID number, name, or account id."))
if "done" in st.session_state:
    st.success(st.session_state.pop("done"))
text = st.text_input(_("Whom are you looking for?"), key="q", bind="query-params")
hits = []
if text and staffing.has(staff, Right.LOOK_UP, anywhere=True):
    found = _console.attempt(lambda: _console.ask(records.find, text)) or []
    hits = [hit for hit in found if hit.kind == "account"]
    _console.show_refusal()
    if not hits:
        _console.empty(_("Nothing is called “{text}”.", text=text))
if hits:
    hit = hits[0]
    if len(hits) > 1:
        hit = st.selectbox(_("Found: {n}", n=len(hits)), hits, format_func=lambda h: h.title)
    st.code(hit.id, language=None)
    _live.follow(lambda: _facts(hit.id), key=f"account-{hit.id}")
    _behind_the_mask(hit.id)
    if MANAGES:
        _end(hit.id)
    _history(hit)
if MANAGES:
    _archives()
