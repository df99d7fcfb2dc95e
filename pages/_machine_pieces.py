"""Pieces that the views of the page of machines share: buttons, secrets shown once, scopes in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.integrating import model, queries
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console
from pages._console import _

SHOWN = "machine secret"


def may_change() -> bool:
    """Whether who looks also registers machines: an auditor looks alone."""
    return staffing.has(_console.me(), Right.MANAGE_MACHINES)


def scope_label(scope: str) -> str:
    """A scope in words: the area, and what is done there."""
    area, _colon, act = scope.partition(":")
    word = _("reads") if act == "read" else _("writes")
    return f"{model.areas()[area].in_language(_console.language())} · {word}"


def press(label: str, name: str, act: Callable[[], Any], **more: Any) -> None:
    """A button that does something when it is pressed."""
    st.button(label, key=name, on_click=act, **more)


def keep_secret(what: str, secret: str) -> None:
    """Show a secret until it is put away."""
    st.session_state[SHOWN] = (what, secret)


def show_secret() -> None:
    """A token or a signing secret that was made just now."""
    shown = st.session_state.get(SHOWN)
    if shown is None:
        return
    with st.container(border=True):
        st.warning(
            _(
                "{what}: shown only now, and kept nowhere. Copy it to where it is needed.",
                what=shown[0],
            )
        )
        st.code(shown[1], language=None, wrap_lines=True)
        press(_("I have kept it"), "secret-kept", lambda: st.session_state.pop(SHOWN, None))


def attention() -> None:
    """Endpoints that were paused because they failed, told to who answers for them."""
    found = _console.ask(queries.attention)
    if not found:
        return
    label = _("Webhooks that were paused because nobody took them: {n}", n=len(found))
    if may_change():
        at = {"view": "endpoints"}
        st.page_link("machines.py", label=label, icon=":material/error:", query_params=at)
    else:
        st.warning(f"{label} ({'、'.join(one.client for one in found)})")
