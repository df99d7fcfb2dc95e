"""Find an account, order, certificate, seal, contract or invoice, and read its whole history."""

from __future__ import annotations

import streamlit as st

from engine import records
from engine.staffing.model import Right
from pages import _certificate_acts, _console, _seal_record
from pages._console import _

_console.require(Right.LOOK_UP)
_console.title(
    _("Search"),
    _(
        "By number, serial, seal code, credit code, exact phone or resident ID number, or a part of a name."
    ),
)
text = st.text_input(_("What are you looking for?"), key="q", bind="query-params")
if not text:
    _console.empty(_("Enter a number, a name, a phone number or a code."))
    st.stop()
hits = _console.attempt(lambda: _console.ask(records.find, text))
_console.show_refusal()
if not hits:
    _console.empty(_("Nothing is called “{text}”.", text=text))
    st.stop()
hit = st.selectbox(
    _("Found: {n}", n=len(hits)),
    hits,
    format_func=lambda h: f"{_console.label(h.kind)} · {h.title}",
)
st.subheader(f"{_console.label(hit.kind)} · {hit.title}")
st.code(hit.id, language=None)
if hit.kind == "certificate":
    _certificate_acts.show(hit.id)
if hit.kind == "seal":
    _seal_record.show(hit.id)
linked = _console.ask(records.linked, hit)
if linked:
    st.markdown(f"**{_('Linked')}**")
    _console.table(
        [{_("Kind"): _console.label(h.kind), _("Name"): h.title, "id": h.id} for h in linked]
    )
st.markdown(f"**{_('History')}**")
entries = _console.ask(records.history, hit)
_console.table(
    [
        {
            _("When"): _console.when(entry.event.occurred_at),
            _("What"): _console.label(entry.event.kind),
            _("Who"): entry.event.actor,
            _("Changes"): "; ".join(
                f"{c.column}: {c.before or '—'} → {c.after or '—'}" for c in entry.changes[:8]
            ),
            "seq": entry.event.seq,
        }
        for entry in entries
    ]
)
