"""The clients on the page of machines: proposed, approved, given tokens, narrowed and revoked."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.integrating import actions, model, queries
from engine.kernel import ids
from pages import _console, _machine_access, _machine_pieces, _staff_pieces
from pages._console import _

_OVERLAPS = (0, 1, 24, 72, 168)


def _state(one: model.Client) -> str:
    if one.status == "active" and one.access.expires_at <= _console.world().engine.now():
        return _("run out")
    return {
        "proposed": _("waits for approval"),
        "active": _("let in"),
        "revoked": _("revoked"),
    }[one.status]


def _last_used(one: model.Client) -> str:
    used = [token.last_used_at for token in one.tokens if token.last_used_at is not None]
    return _console.when(max(used)) if used else "—"


def _waiting(found: list[model.Client], names: dict[tuple[str, str], str]) -> None:
    """What waits for a second person."""
    for one in found:
        proposal = one.proposal
        if proposal is None:
            continue
        with st.container(border=True):
            word = _("A new machine") if one.status == "proposed" else _("A machine is to do more")
            st.markdown(f":material/how_to_reg: **{word}: {one.name}** — {one.purpose}")
            _machine_access.told(proposal.access, names)
            st.caption(
                _(
                    "Proposed by {who} on {when}",
                    who=proposal.proposed_by,
                    when=_console.when(proposal.proposed_at),
                )
            )
            if not _machine_pieces.may_change():
                continue
            with st.container(horizontal=True):
                if proposal.mine:
                    st.caption(_("Somebody else has to approve what you proposed."))
                    _button(_("Take it back"), actions.refuse_client, one.name, proposal.id)
                else:
                    _button(_("Approve"), actions.approve_client, one.name, proposal.id)
                    _button(_("Refuse"), actions.refuse_client, one.name, proposal.id)


def _button(label: str, action: Callable[..., Any], name: str, proposal_id: str) -> None:
    first = action is actions.approve_client
    st.button(
        label,
        key=f"{action.__name__}-{proposal_id}",
        type="primary" if first else "secondary",
        on_click=_decide,
        args=(action, name, proposal_id),
    )


def _decide(action: Callable[..., Any], name: str, proposal_id: str) -> None:
    told = _("Done: {name}.", name=name)
    _console.perform(
        action,
        {"proposal_id": proposal_id},
        key=f"{action.__name__}/{proposal_id}",
        then=lambda _done: st.session_state.update(told=told),
    )


def _revoke(token_id: str) -> None:
    given = {"token_id": token_id}
    _console.perform(actions.revoke_token, given, key=f"revoke/{token_id}")


def _tokens(one: model.Client) -> None:
    for token in one.tokens:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(
                _(
                    "Token {id} · since {start} · until {end} · last used {used}",
                    id=f"ymt_{token.id.removeprefix('mtk_')[:8]}…",
                    start=_console.when(token.made_at),
                    end=_console.when(token.expires_at),
                    used=_console.when(token.last_used_at),
                )
            )
            if _machine_pieces.may_change():
                st.button(
                    _("Revoke this token"),
                    key=f"revoke-{token.id}",
                    on_click=_revoke,
                    args=(token.id,),
                )
    if not one.tokens:
        _console.empty(_("No token yet: make one and give it to the machine's operator."))


def _new_token(one: model.Client) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        hours = st.selectbox(
            _("The old token holds on for"),
            _OVERLAPS,
            index=2,
            format_func=lambda n: _("{n} hours", n=n),
            key=f"overlap-{one.id}",
            width=220,
        )

        def issue() -> None:
            _console.perform(
                actions.issue_token,
                {"client_id": one.id, "overlap_hours": hours},
                key=ids.token(ids.system_entropy, 12),
                then=lambda made: _machine_pieces.keep_secret(
                    _("Token of {name}", name=one.name), made.token
                ),
            )

        _machine_pieces.press(_("Make a new token"), f"issue-{one.id}", issue, type="primary")


def _open(found: list[model.Client], names: dict[tuple[str, str], str]) -> None:
    """One of the clients that are let in, with its tokens and what can be done with it."""
    living = {one.id: one for one in found if one.status == "active"}
    if not living:
        return
    chosen = st.selectbox(
        _("Open"),
        list(living),
        format_func=lambda client_id: living[client_id].name,
        key="client",
        placeholder=_("Choose a machine"),
    )
    if chosen not in living:
        return
    one = living[chosen]
    st.subheader(one.name, anchor=False)
    st.write(one.purpose)
    _machine_access.told(one.access, names)
    _tokens(one)
    if _machine_pieces.may_change():
        _new_token(one)
        _machine_access.change(one)


def draw() -> None:
    """The clients."""
    found = _console.ask(queries.clients)
    names = {place: shown for shown, place in _staff_pieces.scopes().items()}
    _waiting(found, names)
    if not found:
        _console.empty(_("No machine is let in. Register one below; a second person approves it."))
    else:
        _console.table(
            [
                {
                    _("Name of the machine"): one.name,
                    _("State"): _state(one),
                    _("Scopes"): len(one.access.scopes),
                    _("Who answers for it"): one.owner,
                    _("Tokens"): len(one.tokens),
                    _("Last used"): _last_used(one),
                    _("Ends"): _console.when(one.access.expires_at),
                }
                for one in found
            ]
        )
        _open(found, names)
    if _machine_pieces.may_change():
        _machine_access.new()
