"""Looking behind a mask: one value at a time, on a ground, after a second factor, for 30 seconds (PI-3)."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.records import actions, model
from engine.reviewing import queries as cases
from pages import _console, _record_words
from pages._console import _

_SHOWN = "revealed"


def panel(record_id: str, held: Sequence[model.Held]) -> None:
    """What is kept sealed, masked, and beside it the way to see one of the values in full."""
    for one in held:
        since = f" · {_console.when(one.since)[:10]}" if one.since else ""
        st.caption(f"{_console.label(f'table.{one.table}')}{since}")
        _record_words.facts(one.facts)
    places = {
        fact.value.place: f"{_console.label(fact.name)} · {fact.value.text}"
        f" ({_console.label(f'table.{one.table}')})"
        for one in held
        for fact in one.facts
        if fact.value.place
    }
    if not places:
        return
    with st.expander(_("Look behind the mask")):
        st.caption(
            _("Who looked at what, and on which ground, stands in the log. How often is limited.")
        )
        place = st.selectbox(
            _("Field"), list(places), format_func=places.__getitem__, key=f"place-{record_id}"
        )
        grounds = _console.ask(cases.reasons_for, "reveal_ground")
        ground = st.selectbox(
            _("Ground"),
            list(grounds),
            # Nobody's ground is the first of a list: it is chosen.
            index=None,
            placeholder=_("Choose"),
            format_func=lambda code: _console.told(grounds[code].text),
            key=f"ground-{record_id}",
        )
        st.button(
            _("Show for 30 seconds"),
            key="reveal",
            disabled=ground is None,
            on_click=_reveal,
            args=({"record_id": record_id, "place": place, "ground": ground or ""},),
        )
        _revealed(record_id)


def _reveal(arguments: dict[str, str]) -> None:
    _console.attempt(
        lambda: _console.world().engine.perform(actions.reveal, arguments, actor=_console.me()),
        then=lambda shown: st.session_state.update({_SHOWN: (arguments["record_id"], shown)}),
    )


@st.fragment(run_every=1.0)
def _revealed(record_id: str) -> None:
    """What is shown in full, for half a minute; gone at once on any other record."""
    whose, shown = st.session_state.get(_SHOWN, ("", None))
    if shown is None:
        return
    left = (shown.shown_until - _console.world().engine.now()) // 1000
    if left <= 0 or whose != record_id:
        st.session_state.pop(_SHOWN)
        return
    st.warning(f"{_console.label(shown.name)} · **{shown.value}** · {_('{n} s', n=left)}")
