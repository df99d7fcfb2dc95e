"""Find an account, enterprise, order, certificate, seal, contract, invoice or file by what it is called."""

from __future__ import annotations

import streamlit as st

from engine.records import model, queries
from engine.staffing.model import Right
from pages import _console, _record, _record_words
from pages._console import _

WAYS = (
    "A person: the whole mobile number, resident ID number, or name.",
    "An enterprise: its credit code, or a part of its name.",
    "An order, payment, contract or invoice: its whole number.",
    "A certificate: its serial number. A seal: its code of 13 digits.",
    "A parcel: its tracking number. A file: the SHA-256 digest of the encrypted file.",
    "Anything: its id, with its prefix.",
)
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
hits = _console.attempt(lambda: _console.ask(queries.find, text))
_console.show_refusal()
if not hits:
    if hits is not None:
        _console.empty(_("Nothing is called “{text}”.", text=text))
        st.markdown(f"**{_('What can be found, and how')}**")
        st.markdown("\n".join(f"- {_(way)}" for way in WAYS))
    st.stop()
if len(hits) == 1 and hits[0].kind != "case":
    _record.show(hits[0].id)
else:
    more = len(hits) == model.MOST_FOUND
    st.caption(
        _("The first {n} are shown. Enter more to find fewer.", n=len(hits))
        if more
        else _("Found: {n}", n=len(hits))
    )
    _record_words.style()
    _record_words.hits(hits)
