"""That trouble of outside parties is rehearsed: told on every screen, with the way to its end."""

from __future__ import annotations

import streamlit as st

from engine import boot
from engine.boot import tables
from engine.rehearsing import model, queries
from engine.rehearsing.model import Kind
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console
from pages._console import _


def said(kind: Kind, party: str) -> str:
    """What a party does, in words."""
    return {
        Kind.SLOW: _("{party} is slow", party=party),
        Kind.DOWN: _("{party} is down", party=party),
        Kind.LYING: _("{party} lies", party=party),
        Kind.DOUBLED: _("{party} is asked twice", party=party),
    }[kind]


def of_party(party: str) -> str:
    """An outside party's name."""
    return model.parties()[party].label.in_language(_console.language())


def banner() -> None:
    """What is rehearsed now in this console's own world; nothing is drawn while there is none."""
    own = boot.current()
    found = own.engine.ask(queries.in_force, tables.INSIDE) if own.kind == "demo" else []
    if not found:
        return
    told = " · ".join(
        _(
            "{trouble} until {time}",
            trouble=said(one.kind, of_party(one.party)),
            time=_console.when(one.until),
        )
        for one in found
    )
    with st.container(key="trouble", horizontal=True, vertical_alignment="center"):
        st.warning(
            f"**{_('Rehearsed trouble')}** {told}", icon=":material/warning:", width="stretch"
        )
        if staffing.has(_console.myself(), Right.DEMO, anywhere=True):
            st.page_link("faults.py", label=_("Trouble of outside parties"))
