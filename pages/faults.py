"""The switchboard of faults: outside parties of a demo world slow, down, lying or doubled for a while."""

from __future__ import annotations

import streamlit as st

from engine.rehearsing import actions, model, queries
from engine.rehearsing.model import Kind, Party, Trouble
from engine.staffing.model import Right
from pages import _clock_pieces, _console, _trouble
from pages._console import _


def _word(kind: Kind) -> str:
    return {
        Kind.SLOW: _("Slow"),
        Kind.DOWN: _("Down"),
        Kind.LYING: _("Lying"),
        Kind.DOUBLED: _("Doubled"),
    }[kind]


def _begin(party: str, kind: Kind, minutes: int) -> None:
    given = {"party": party, "kind": kind, "minutes": minutes}
    _console.attempt(lambda: world.engine.perform(actions.begin, given, actor=mover))


def _end(party: str = "") -> None:
    _console.attempt(lambda: world.engine.perform(actions.end, {"party": party}, actor=mover))


def _head(found: dict[str, Trouble]) -> int:
    """For how long trouble is ordered from here, in minutes."""
    offered = [_("{n} minutes", n=one) for one in model.MINUTES]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(_("For how long"), offered, key="trouble-minutes", width=160)
        st.button(_("All sound again"), key="end-all", disabled=not found, on_click=_end)
    st.caption(
        _(
            "By this world's clock, which also moves when you move it. Afterwards the party is sound"
            " again by itself; what waited is tried again then."
        )
    )
    return model.MINUTES[offered.index(chosen)]


def _row(name: str, party: Party, now: Trouble | None, minutes: int) -> None:
    language = _console.language()
    with st.container(border=True, key=f"party-{name}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            state = ":material/check_circle:" if now is None else ":material/warning:"
            st.markdown(f"{state} **{party.label.in_language(language)}**", width=280)
            for kind in Kind:
                st.button(
                    _word(kind),
                    key=f"{name}-{kind}",
                    icon=":material/check:" if now is not None and now.kind is kind else None,
                    help=party.ends[kind].in_language(language),
                    on_click=_begin,
                    args=(name, kind, minutes),
                )
            if now is not None:
                st.button(_("Sound again"), key=f"end-{name}", on_click=_end, args=(name,))
        if now is not None:
            told = _trouble.said(now.kind, party.label.in_language(language))
            until = _("{trouble} until {time}", trouble=told, time=_console.when(now.until))
            st.markdown(f"**{until}** · {party.ends[now.kind].in_language(language)}")


_console.require(Right.DEMO)
_console.title(
    _("Trouble of outside parties"),
    _("Make a provider slow, down, lying or doubled, and see what the platform does about it."),
)
if _console.world().kind != "demo":
    st.error(_("This exists only in a demo world."))
    st.stop()
_clock_pieces.choose_world(_console.world().id, _("Whose outside parties"))
world, mover = _clock_pieces.place()
in_force = {one.party: one for one in world.engine.ask(queries.in_force, mover)}
lasts = _head(in_force)
for party_id, declared in model.parties().items():
    _row(party_id, declared, in_force.get(party_id), lasts)
