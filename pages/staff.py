"""The staff: who works here, with which roles, from where; every act with its old and new value (OPS-7)."""

from __future__ import annotations

import streamlit as st

from engine.kernel import ids
from engine.records import queries as records
from engine.staffing import actions, model, queries
from engine.staffing.model import Right
from pages import _console, _record_words, _reveal, _staff_pieces
from pages._console import _

PASSWORD_BYTES = 12


def _state(one: model.Profile) -> str:
    return _("active") if one.status == "active" else _("disabled")


def _people(everyone: list[model.Profile]) -> model.Profile | None:
    """The list; whoever is chosen stands in the address."""
    wanted = st.text_input(_("Name, login or role"), key="q", bind="query-params").strip().lower()
    shown = [
        one
        for one in everyone
        if wanted in f"{one.name} {one.login} {' '.join(map(_console.told, one.labels))}".lower()
    ]
    if not shown:
        _console.empty(_("Nobody here is called so. Clear the field to see everybody."))
        return None
    _console.table(
        [
            {
                _("Name"): one.name,
                _("Login"): one.login,
                _("Roles"): _console.listed(map(_console.told, one.labels)) or "—",
                _("Account state"): _state(one),
                _("Second factor"): _("set up") if one.second_factor else "—",
                _("Phone number"): one.phone or "—",
            }
            for one in shown
        ]
    )
    logins = {one.login: one for one in shown}
    # By login, which is then what the address holds.
    chosen = st.selectbox(
        _("Open, by login"),
        list(logins),
        index=None,
        key="who",
        bind="query-params",
        placeholder=_("Choose somebody"),
    )
    return logins.get(str(chosen)) if chosen else None


def _show_password() -> None:
    """A temporary password, until it is put away."""
    shown = st.session_state.get("temporary")
    if shown is None:
        return
    login, password = shown
    st.warning(
        _("Tell {login} this password. It is for one sign-in and is shown only now.", login=login)
    )
    st.code(password, language=None)
    if st.button(_("I have told it"), key="told-password"):
        st.session_state.pop("temporary")
        st.rerun()


def _new() -> None:
    labels, scopes = _staff_pieces.role_labels(), _staff_pieces.scopes()
    with st.expander(_("New member of staff")):
        login = st.text_input(_("Login"), key="new-login", max_chars=64)
        name = st.text_input(_("Name"), key="new-name", max_chars=40)
        roles = st.multiselect(
            _("Roles"),
            list(labels),
            format_func=labels.__getitem__,
            key="new-roles",
            placeholder=_("Choose one or more"),
        )
        scope = st.selectbox(_("Scope"), list(scopes), key="new-scope")
        if st.button(_("Make the account"), type="primary", key="new-make"):
            _make(login.strip(), name, tuple(roles), *scopes[scope])


def _make(login: str, name: str, roles: tuple[str, ...], kind: str, scope_id: str) -> None:
    password = ids.token(ids.system_entropy, PASSWORD_BYTES)
    given = {"login": login, "name": name, "password": password, "roles": roles}

    def done(_profile: model.Profile) -> None:
        st.session_state["temporary"] = (login, password)

    _console.perform(
        actions.create_staff,
        {**given, "scope_kind": kind, "scope_id": scope_id},
        key=ids.token(ids.system_entropy, 12),
        then=done,
    )
    st.rerun()


def _roles(one: model.Profile, turn: str) -> None:
    labels, scopes = _staff_pieces.role_labels(), _staff_pieces.scopes()
    names = {scope: shown for shown, scope in scopes.items()}
    for grant in one.grants:
        text, button = st.columns([4, 1], vertical_alignment="center")
        where = names.get((grant.scope_kind, grant.scope_id), grant.scope_id)
        text.write(f"{labels.get(grant.role, grant.role)} · {where}")
        text.caption(_("Since {day}", day=_console.when(grant.granted_at)))
        if button.button(_("Take the role back"), key=f"revoke-{grant.id}"):
            _console.perform(actions.revoke_role, {"grant_id": grant.id}, key=f"revoke/{grant.id}")
            st.rerun()
    if not one.grants:
        _console.empty(_("No role: this account can sign in and do nothing."))
    role, where, button = st.columns([2, 2, 1], vertical_alignment="bottom")
    chosen = role.selectbox(
        _("Role"), list(labels), format_func=labels.__getitem__, key=f"role-{one.id}"
    )
    scope = where.selectbox(_("Scope"), list(scopes), key=f"scope-{one.id}")
    if button.button(_("Grant"), type="primary", key=f"grant-{one.id}"):
        kind, scope_id = scopes[scope]
        given = {"staff_id": one.id, "role": chosen, "scope_kind": kind, "scope_id": scope_id}
        _console.perform(actions.grant_role, given, key=f"grant/{turn}/{chosen}/{kind}/{scope_id}")
        st.rerun()


def _account(one: model.Profile, turn: str) -> None:
    with st.form(f"change-{one.id}", border=False):
        name = st.text_input(_("Name"), value=one.name, key=f"name-{one.id}", max_chars=40)
        st.caption(
            _(
                "Their own phone and resident ID number: so that nobody decides about themselves, or"
                " holds two accounts that together grant and review. Empty leaves them as they are."
            )
        )
        left, right = st.columns(2)
        phone = left.text_input(
            _("Phone number"), placeholder=one.phone, key=f"phone-{one.id}", max_chars=16
        )
        number = right.text_input(
            _("Resident ID number"), placeholder=one.resident_id, key=f"id-{one.id}", max_chars=18
        )
        if st.form_submit_button(_("Save")):
            given = {"name": name, "phone": phone or None, "resident_id": number or None}
            _console.perform(
                actions.change_staff,
                {"staff_id": one.id, **given},
                key=ids.token(ids.system_entropy, 12),
                then=lambda _done: st.session_state.update(told=_("Saved.")),
            )
            st.rerun()
    _record_words.style()
    _reveal.panel(one.id, _console.ask(records.held, one.id))
    _doors(one, turn)
    _outside(one, turn)


def _outside(one: model.Profile, turn: str) -> None:
    """Accounts at an outside provider that open this one."""
    with st.expander(_("Outside account")):
        st.caption(
            _("Issuer and subject as the provider names them; the subject is not shown again.")
        )
        for link_id, issuer in _console.ask(queries.links, one.id):
            text, button = st.columns([4, 1], vertical_alignment="center")
            text.code(issuer, language=None)
            if button.button(_("Take the link away"), key=f"unlink-{link_id}"):
                _console.perform(actions.unlink_oidc, {"link_id": link_id}, key=f"unlink/{link_id}")
                st.rerun()
        left, right = st.columns(2)
        issuer = left.text_input(_("Issuer"), key=f"issuer-{one.id}", max_chars=200)
        subject = right.text_input(_("Subject"), key=f"subject-{one.id}", max_chars=200)
        if st.button(_("Link"), key=f"link-{one.id}"):
            given = {"staff_id": one.id, "issuer": issuer.strip(), "subject": subject.strip()}
            _console.perform(actions.link_oidc, given, key=ids.token(ids.system_entropy, 12))
            st.rerun()


def _doors(one: model.Profile, turn: str) -> None:
    """What lets somebody in, or no more."""
    password, totp, state = st.columns(3)
    if password.button(_("Give a new password"), key=f"password-{one.id}"):
        fresh = ids.token(ids.system_entropy, PASSWORD_BYTES)
        _console.perform(
            actions.reset_staff_password,
            {"staff_id": one.id, "password": fresh},
            key=ids.token(ids.system_entropy, 12),
            then=lambda _done: st.session_state.update(temporary=(one.login, fresh)),
        )
        st.rerun()
    lost = totp.button(
        _("Take the second factor away"), key=f"totp-{one.id}", disabled=not one.second_factor
    )
    if lost:
        _console.perform(actions.reset_totp, {"staff_id": one.id}, key=f"totp/{turn}")
        st.rerun()
    if one.status == "active":
        reason = state.text_input(_("Why"), key=f"why-{one.id}", max_chars=200)
        if state.button(_("Disable: end all sessions, let in no more"), key=f"off-{one.id}"):
            given = {"staff_id": one.id, "reason": reason}
            _console.perform(actions.disable_staff, given, key=f"off/{turn}")
            st.rerun()
    elif state.button(_("Let in again"), key=f"on-{one.id}"):
        _console.perform(actions.enable_staff, {"staff_id": one.id}, key=f"on/{turn}")
        st.rerun()


def _where(one: model.Profile, turn: str) -> None:
    found = _console.ask(queries.sessions_of, one.id)
    _staff_pieces.sessions(found, here=_console.me().session_id)
    if found and st.button(_("End all"), key=f"end-all-{one.id}"):
        _console.perform(
            actions.end_sessions, {"staff_id": one.id}, key=f"end-all/{turn}/{found[0].id}"
        )
        st.rerun()


def _history(deeds: list[model.Deed], names: dict[str, str]) -> None:
    _console.table(
        [
            {
                _("When"): _console.when(deed.occurred_at),
                _("What"): _console.label(deed.kind),
                _("Who"): names.get(deed.actor, deed.actor),
                _("Old and new value"): _staff_pieces.told(deed.facts),
                "seq": deed.seq,
            }
            for deed in deeds
        ]
    )


_console.require(Right.MANAGE_STAFF)
_console.title(
    _("Staff and roles"), _("Whoever grants roles never reviews, and nobody changes their own.")
)
_show_password()
everyone = _console.ask(queries.everyone)
opened = _people(everyone)
if opened is not None:
    deeds = _console.ask(queries.history, opened.id)
    # What the account stood at when the page was drawn: pressed twice, an act is one.
    turn = f"{opened.id}/{deeds[0].seq if deeds else 0}"
    st.subheader(f"{opened.name} · {opened.login} · {_state(opened)}")
    roles, account, where, history = st.tabs(
        [_("Roles"), _("Account"), _("Sessions"), _("History")]
    )
    with roles:
        _roles(opened, turn)
    with account:
        _account(opened, turn)
    with where:
        _where(opened, turn)
    with history:
        _history(deeds, {f"staff:{one.id}": one.name for one in everyone})
_new()
