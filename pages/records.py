"""Lists of records by kind: filters and page in the address, kept under a name, exported masked (OPS-6)."""

from __future__ import annotations

import streamlit as st

from engine.kernel import ids
from engine.records import model, queries, wording
from engine.staffing.model import Right
from pages import _console, _record_lists, _record_words
from pages._console import _

_PAGE = 50

_console.require(Right.LOOK_UP)
_console.title(_("Records"), _("Newest first. Choose a row to open its record."))
drawn = ids.token(ids.system_entropy, 9)
_record_lists.views()
kind = _record_lists.kind()
wanted = _console.attempt(lambda: wording.wanted_of(kind, dict(st.query_params)))
page = None
if wanted is not None:
    narrowed: model.Wanted = wanted
    _record_lists.filters(narrowed)
    after = st.query_params.get("after", "")
    page = _console.attempt(
        lambda: _console.ask(queries.listed, narrowed, after=after, limit=_PAGE)
    )
_console.show_refusal()
if wanted is None or page is None:
    st.stop()
if page.rows:
    _record_lists.table(page)
    _record_lists.turning(page)
    _record_lists.exports(wanted)
else:
    _console.empty(
        _("No {kind} fits these filters.", kind=_record_words.kind(kind))
        if len(wording.address_of(wanted)) > 1
        else _("There is no {kind} yet.", kind=_record_words.kind(kind))
    )
_record_lists.keeping(wanted, drawn)
