"""One's own account: the second factor, the password, and where one is signed in."""

from __future__ import annotations

import streamlit as st

from engine.http import qr
from engine.kernel import ids
from engine.staffing import actions, model, queries
from pages import _console, _staff_pieces
from pages._console import _

ENROLMENT, RECOVERY = "enrolment", "recovery codes"


def _who(me: model.Profile) -> None:
    columns = st.columns(4)
    columns[0].metric(_("Login"), me.login)
    columns[1].metric(_("Role"), _console.listed(map(_console.told, me.labels)) or "—")
    columns[2].metric(_("Second factor"), _("set up") if me.second_factor else _("not set up"))
    if me.second_factor:
        left = _console.ask(queries.recovery_codes_left, me.id)
        columns[3].metric(_("Recovery codes left"), left)


def _codes() -> None:
    """Recovery codes, until they are put away."""
    codes: model.RecoveryCodes | None = st.session_state.get(RECOVERY)
    if codes is None:
        return
    st.warning(
        _("Write these down. Each stands in once for a lost phone. They are shown only now.")
    )
    st.code("\n".join(codes.codes), language=None)
    if st.button(_("I have written them down"), key="codes-kept"):
        st.session_state.pop(RECOVERY)
        st.rerun()


def _begin(password: str) -> None:
    _console.attempt(
        lambda: _console.world().engine.perform(
            actions.begin_totp, {"password": password}, actor=_console.me()
        ),
        then=lambda begun: st.session_state.update({ENROLMENT: begun}),
    )


def _confirm(code: str) -> None:
    def done(codes: model.RecoveryCodes) -> None:
        st.session_state.pop(ENROLMENT, None)
        st.session_state[RECOVERY] = codes

    _console.attempt(
        lambda: _console.world().engine.perform(
            actions.confirm_totp, {"code": code}, actor=_console.me()
        ),
        then=done,
    )


def _being_set_up(begun: model.Enrolment) -> None:
    left, right = st.columns([1, 2])
    left.image(qr.png(begun.address), width=220)
    with right:
        st.write(_("Scan this with your authenticator app, then enter the code that it shows."))
        st.caption(_("Or type it in:"))
        st.code(begun.secret, language=None)
        with st.form("confirm-totp", border=False):
            code = st.text_input(_("Code"), key="totp-code", max_chars=8)
            if st.form_submit_button(_("Confirm"), type="primary"):
                _confirm(code)
                st.rerun()
        if st.button(_("Put it away"), key="totp-drop"):
            st.session_state.pop(ENROLMENT)
            st.rerun()


def _second_factor(me: model.Profile) -> None:
    st.subheader(_("Second factor"))
    _codes()
    begun = st.session_state.get(ENROLMENT)
    if begun is not None:
        _being_set_up(begun)
        return
    st.caption(
        _(
            "Codes of an authenticator app: after the password, and before acts that cannot be undone."
        )
    )
    session = _console.ask(queries.my_session)
    by_click = session is not None and session.way == "one_click"
    label = _("Set up another one in its place") if me.second_factor else _("Set it up")
    with st.form("begin-totp", border=False):
        password = ""
        if not by_click:
            password = st.text_input(_("Password"), type="password", key="totp-password")
        kind = "secondary" if me.second_factor else "primary"
        if st.form_submit_button(label, type=kind):
            _begin(password)
            st.rerun()
    if me.second_factor and st.button(_("New recovery codes"), key="renew-codes"):
        _console.attempt(
            lambda: _console.world().engine.perform(
                actions.renew_recovery_codes, {}, actor=_console.me()
            ),
            then=lambda codes: st.session_state.update({RECOVERY: codes}),
        )
        st.rerun()


def _password() -> None:
    st.subheader(_("Password"))
    with st.form("password", border=False):
        old = st.text_input(_("The present one"), type="password", key="password-old")
        new = st.text_input(_("The new one"), type="password", key="password-new")
        again = st.text_input(_("Once more"), type="password", key="password-again")
        pressed = st.form_submit_button(_("Change it"))
    st.caption(_("Everywhere else you are signed out."))
    if pressed and new != again:
        st.error(_("The two do not match."))
    elif pressed:
        _console.perform(
            actions.change_my_password,
            {"old": old, "new": new},
            # Each try is an act of its own: a wrong one is counted.
            key=ids.token(ids.system_entropy, 12),
            then=lambda _none: st.session_state.update(told=_("Your password is changed.")),
        )
        st.rerun()


def _sessions() -> None:
    st.subheader(_("Where you are signed in"))
    sessions = _console.ask(queries.my_sessions)
    here = _console.me().session_id
    _staff_pieces.sessions(sessions, here=here)
    if len(sessions) > 1 and st.button(_("End all others"), key="end-others"):
        _console.perform(
            actions.end_my_other_sessions, {}, key=f"others/{sessions[0].id}/{len(sessions)}"
        )
        st.rerun()


_console.title(_("My account"))
profile = _console.ask(queries.my_profile)
_who(profile)
_second_factor(profile)
left_side, right_side = st.columns(2, gap="large")
with left_side:
    _password()
with right_side:
    _sessions()
st.link_button(_("API documentation"), "/api/docs", icon=":material/menu_book:")
