"""A record, in the same order for every kind: facts, states, acts, papers, history, links."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from engine.kernel import errors
from engine.records import model, queries
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console, _incident_record, _record_acts, _record_states, _record_words, _reveal
from pages._console import _

_PAGE = 50
# Markup of ours from the table of states; what people wrote is escaped in it.
_JS = "export default function({parentElement, data}) { parentElement.innerHTML = data.svg; }"
_diagram = st.components.v2.component("yinxin_record_states", js=_JS, isolate_styles=False)


def show(record_id: str, heading: Callable[[str], object] = st.subheader) -> None:
    """Everything about a record; of one that is not there, or not the reader's to see, that it is not."""
    try:
        found = _console.ask(queries.record, record_id)
    except errors.NotFound:
        heading(_("Record"))
        _console.empty(_("There is no such record, or it is not yours to look after."))
        return
    _record_words.style()
    heading(found.title)
    _record_words.state(found)
    st.code(found.id, language=None)
    left, right = st.columns([3, 2])
    with left:
        _record_words.facts(found.facts)
    with right:
        _states(found.id, found.states)
    if found.held:
        st.markdown(f"**{_('Protected values')}**")
        _reveal.panel(found.id, found.held)
    _record_acts.show(found)
    _incident_record.about(found.id)
    st.markdown(f"**{_('Papers')}**")
    if found.papers:
        _record_words.papers(found.papers)
    else:
        st.caption(_("No papers belong to this record."))
    _history(found.id)
    _looked(found.id)
    st.markdown(f"**{_('Linked')}**")
    if found.linked:
        _record_words.hits(found.linked)
    else:
        st.caption(_("Nothing is linked with this record."))


def _states(record_id: str, found: model.States) -> None:
    svg = _record_states.draw(
        found,
        name_of=lambda name: _console.label(f"{found.family}.{name}"),
        when=_console.when,
    )
    _diagram(key=f"states-{record_id}", data={"svg": svg})


def _history(record_id: str) -> None:
    """A page of the history, newest first; which one stands in the address."""
    st.markdown(f"**{_('History')}**")
    given = st.query_params.get("before", "")
    before = int(given) if given.isdigit() else 0
    page = _console.ask(queries.history, record_id, before=before, limit=_PAGE)
    if not page.entries:
        st.caption(_("Nothing more happened before."))
    else:
        _record_words.history(page.entries)
    with st.container(horizontal=True):
        if before:
            st.button(_("Newest"), key="history-newest", on_click=_turn, args=(0,))
        if page.following:
            st.button(_("Older"), key="history-older", on_click=_turn, args=(page.following,))


def _turn(before: int) -> None:
    st.query_params.pop("before", None)
    if before:
        st.query_params["before"] = str(before)


def _looked(record_id: str) -> None:
    """For the auditor: who looked behind this record's masks."""
    if not staffing.has(_console.me(), Right.AUDIT, anywhere=True):
        return
    looks = _console.ask(queries.reveals, record_id)
    st.markdown(f"**{_('Looks behind the mask')}**")
    if not looks:
        st.caption(_("Nobody has looked at a protected value of this record in full."))
        return
    _console.table(
        [
            {
                _("When"): _console.when(one.revealed_at),
                _("Who"): one.who,
                _("What"): _console.label(one.name),
                _("Ground"): _record_words.told(one.ground),
            }
            for one in looks
        ]
    )
