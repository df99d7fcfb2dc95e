"""The page of definitions: what counts as submitted, waiting, overdue, first pass, refunded, invoiced."""

from __future__ import annotations

import streamlit as st

from engine.reports import catalog, definitions
from engine.staffing.model import Right
from pages import _console
from pages._console import _

_console.require(Right.REPORT)
_console.title(
    _("Definitions"),
    _(
        "What the figures of the reports count. Each report says beside its figures which of them it uses."
    ),
)
language = _console.language()
uses = {name: catalog.load(name) for name in catalog.NAMES}
for term, found in definitions.all_of_them().items():
    with st.container(border=True):
        st.markdown(f"#### {found.term.in_language(language)}")
        st.markdown(found.counts.in_language(language))
        told = [one.text("title", language) for one in uses.values() if term in one.terms]
        st.caption(
            _("Source: {source}.", source=found.source)
            + (_(" Used by: {reports}.", reports=_(", ").join(told)) if told else "")
        )
st.header(_("What each report counts"))
for report in uses.values():
    st.markdown(
        f"**{report.text('title', language)}** ({report.text('unit', language)}): "
        f"{report.text('definition', language)}"
    )
