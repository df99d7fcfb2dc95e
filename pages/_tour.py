"""The tour of the console: a few stops, each on its page; offered at the first start, and kept at hand."""

from __future__ import annotations

from collections.abc import Iterable

import streamlit as st

from engine import boot
from engine.staffing import actions, queries
from pages import _console, _looking
from pages._console import _

_AT, _PAGES, _MOVE = "tour-at", "tour-pages", "tour-move"
# Page → what the stop is called, and what is said there. Only pages that one may open are stops.
TITLES = {
    "overview": "What this is",
    "desk": "Where people decide",
    "side_by_side": "What customers see",
    "demo": "Stories that play by themselves",
    "guide": "The user guide, step by step",
    "simulation_scenarios": "Simulate a whole population",
    "verify": "Check a document",
}
TEXTS = {
    "overview": "A phone becomes a signing key: people prove who they are, get a certificate, and sign and"
    " seal contracts with it. Certificates and documents here are real; people, banks and carriers are"
    " simulated. This page says what needs a human now.",
    "desk": "Staff decide here what was handed in: papers beside fields, reasons that people read on their"
    " phones, clocks on office hours. Nobody decides what they handed in themselves.",
    "side_by_side": "The very app and the very shop. Sign in on the phone, prove a name, and scan the PC's"
    " code with one click. Nothing can be broken.",
    "demo": "Nine stories, each with people of its own. Play them step by step, or take the phone in hand"
    " at any point and go on yourself.",
    "guide": "Each step that the user guide asks, with its tests. One click makes somebody who stands"
    " exactly there and opens their screen.",
    "simulation_scenarios": "Hundreds of simulated people use the real engine on a fast clock: what if"
    " one reviewer fewer had been there?",
    "verify": "Drop any PDF: who signed it, with which seal, when, and whether one character was changed"
    " since.",
}


def stops() -> list[str]:
    """The pages of the tour that this reader may open, in its order."""
    open_to_me = st.session_state.get(_PAGES, ())
    return [name for name in TITLES if name in open_to_me]


def know(pages: Iterable[str]) -> None:
    """Note which pages there are for this reader."""
    st.session_state[_PAGES] = tuple(pages)


def _go(at: int) -> None:
    st.session_state[_AT] = at
    st.session_state[_MOVE] = stops()[at]


def begin() -> None:
    """Start it at its first stop; for a button's callback."""
    _go(0)


def _end() -> None:
    st.session_state.pop(_AT, None)
    own = _console.myself()
    key = f"tour/{own.staff_id}"
    # Whose sign-in it is stays this world's, also while a run is looked at.
    _console.attempt(
        lambda: boot.current().engine.perform(actions.end_tour, {}, actor=own, key=key)
    )


def draw(page: str) -> None:
    """The stop, on the page that it is about; elsewhere one is left alone."""
    moved = st.session_state.pop(_MOVE, None)
    if moved is not None and moved != page:
        st.switch_page(f"{moved}.py")
    at, found = st.session_state.get(_AT), stops()
    if at is None or at >= len(found) or found[at] != page:
        return
    with st.container(border=True, key="tour"):
        st.markdown(
            f"**{_('Tour, {n} of {all}', n=at + 1, all=len(found))} · {_(TITLES[page])}**  \n"
            f"{_(TEXTS[page])}"
        )
        with st.container(horizontal=True):
            if at + 1 < len(found):
                to = _(TITLES[found[at + 1]])
                st.button(
                    _("Next: {to}", to=to),
                    key="tour-next",
                    type="primary",
                    on_click=_go,
                    args=(at + 1,),
                )
            if at:
                st.button(_("Back"), key="tour-back", on_click=_go, args=(at - 1,))
            st.button(_("End the tour"), key="tour-end", on_click=_end)


def offer() -> None:
    """At the first start: whether to be shown around. Asked once, and remembered with the account."""
    if _AT in st.session_state or _looking.is_on():
        return
    if _console.ask(queries.toured, actor=_console.myself()):
        return
    with st.container(border=True, key="tour-offer"):
        st.markdown(
            f"**{_('New here?')}** {_('A tour of {n} stops takes two minutes.', n=len(stops()))}"
        )
        with st.container(horizontal=True):
            st.button(_("Show me around"), key="tour-begin", type="primary", on_click=begin)
            st.button(_("Not now"), key="tour-not-now", on_click=_end)
