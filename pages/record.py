"""One record, by its id in the address: what it is, where it stands, what happened to it (OPS-6)."""

from __future__ import annotations

import streamlit as st

from engine.staffing.model import Right
from pages import _console, _record
from pages._console import _

_console.require(Right.LOOK_UP)
record_id = st.query_params.get("id", "")
if record_id:
    _record.show(record_id, _console.title)
else:
    _console.title(_("Record"))
    _console.empty(_("Search for a record, or choose one from the lists."))
    st.page_link("search.py", label=_("Search"))
    st.page_link("records.py", label=_("Records"))
