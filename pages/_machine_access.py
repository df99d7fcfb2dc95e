"""What a machine may, on the page of machines: told, filled in, proposed and changed."""

from __future__ import annotations

import streamlit as st

from engine.integrating import actions, model, queries
from engine.kernel import clock, ids
from engine.policies import model as policies
from engine.staffing import queries as staffing
from pages import _console, _machine_pieces, _staff_pieces
from pages._console import _


def told(access: model.Access, names: dict[tuple[str, str], str]) -> None:
    roles = _staff_pieces.role_labels()
    where = names.get((access.scope_kind, access.scope_id), access.scope_id)
    st.markdown(" ".join(f"`{one}`" for one in access.scopes))
    st.caption(
        _(
            "Role {role} · {where} · from {networks} · until {end}",
            role=roles.get(access.role, access.role),
            where=where,
            networks=", ".join(access.sources) or _("anywhere"),
            end=_console.when(access.expires_at),
        )
    )


def _fields(key: str, was: model.Access | None) -> model.Access:
    """The fields of an access, as they are filled in."""
    labels, scopes = _staff_pieces.role_labels(), _staff_pieces.scopes()
    chosen = st.multiselect(
        _("Scopes"),
        _console.ask(queries.scopes),
        default=list(was.scopes) if was else [],
        format_func=_machine_pieces.scope_label,
        key=f"{key}-scopes",
        placeholder=_("Choose one or more"),
        help=_("Which operations of the API; reading and writing are apart."),
    )
    left, right = st.columns(2)
    names = list(labels)
    role = left.selectbox(
        _("Role"),
        names,
        index=names.index(was.role if was and was.role in labels else "auditor"),
        format_func=labels.__getitem__,
        key=f"{key}-role",
        help=_("Of its rights a machine has all but deciding, and saying who may what."),
    )
    here = (was.scope_kind, was.scope_id) if was else ("all", "")
    where = right.selectbox(
        _("Scope"), list(scopes), list(scopes.values()).index(here), key=f"{key}-where"
    )
    networks = left.text_input(
        _("Networks, as 203.0.113.0/24, separated by blanks"),
        value=" ".join(was.sources) if was else "",
        key=f"{key}-networks",
        help=_("Empty: from anywhere."),
        max_chars=800,
    )
    most = _console.ask(lambda q: q.policy(policies.MachineRules)).token_days
    now = _console.world().engine.now()
    left_days = max(1, -(-(was.expires_at - now) // clock.DAY)) if was else 90
    days = right.number_input(
        _("Days until it ends"), 1, most, min(most, left_days), key=f"{key}-days"
    )
    unchanged = was is not None and days == min(most, left_days) and was.expires_at > now
    kind, scope_id = scopes[where]
    return model.Access(
        scopes=tuple(chosen),
        role=role,
        scope_kind=kind,
        scope_id=scope_id,
        sources=tuple(networks.replace(",", " ").split()),
        expires_at=was.expires_at if was and unchanged else now + int(days) * clock.DAY,
    )


def new() -> None:
    people = {one.id: one.name for one in _console.ask(staffing.everyone) if one.status == "active"}
    with st.expander(_("Register a machine")):
        left, right = st.columns(2)
        name = left.text_input(_("Name"), key="new-name", max_chars=model.LONGEST_NAME)
        own = _console.me().staff_id
        ids_of = list(people)
        owner = right.selectbox(
            _("Who answers for it"),
            ids_of,
            index=ids_of.index(own) if own in people else 0,
            format_func=people.__getitem__,
            key="new-owner",
        )
        purpose = st.text_area(
            _("What it is for"), key="new-purpose", max_chars=model.LONGEST_PURPOSE, height=70
        )
        access = _fields("new", None)
        given = {"name": name, "purpose": purpose, "owner_id": owner, "access": access}
        told = _("Proposed. Somebody else has to approve it.")
        if st.button(_("Propose"), type="primary", key="new-propose"):
            _console.perform(
                actions.register_client,
                given,
                key=ids.token(ids.system_entropy, 12),
                then=lambda _done: st.session_state.update(told=told),
            )
            st.rerun()


def change(one: model.Client) -> None:
    with st.expander(_("Change what it may")):
        st.caption(_("Less holds at once; more waits for a second person."))
        access = _fields(one.id, one.access)
        same = access == one.access
        if st.button(
            _("Change"), key=f"change-{one.id}", disabled=same or one.proposal is not None
        ):
            told = _("Saved. What is more than before waits for somebody else's approval.")
            _console.perform(
                actions.change_client,
                {"client_id": one.id, "access": access},
                key=ids.token(ids.system_entropy, 12),
                then=lambda _done: st.session_state.update(told=told),
            )
            st.rerun()
    with st.expander(_("Let it in no more")):
        reason = st.text_input(_("Why"), key=f"why-{one.id}", max_chars=200)
        if st.button(
            _("Revoke for good: all tokens end, nothing more is sent"), key=f"end-{one.id}"
        ):
            given = {"client_id": one.id, "reason": reason}
            _console.perform(actions.revoke_client, given, key=f"end/{one.id}")
            st.rerun()
