"""Bulk: one thing done to many, from a frozen list through a dry run to a result for each (OPS-4)."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from engine.bulk import queries
from engine.kernel import paging
from pages import _bulk_choosing, _bulk_one, _bulk_words, _console, _sections
from pages._console import _

_LOOK = Path(__file__).resolve().parent / "apps" / "bulk" / "bulk.css"

_console.require(*_sections.BULK)
st.html(_LOOK)


def _listed() -> None:
    """The bulk acts that the reader sees, the newest first."""
    st.subheader(_("Bulk acts so far"), anchor=False)
    before = str(st.query_params.get("before", ""))
    window = paging.Window(limit=queries.PAGE, after=(before,) if before else None)
    found = _console.ask(queries.listed, window=window)
    if not found:
        _console.empty(
            _("No bulk act yet. Choose above what is done, and to which of all that match.")
        )
        return
    for one in found:
        progress = one.progress
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_bulk_words.act(one.bulk.act)}** · {_bulk_words.state(one.bulk)}")
            told = [
                f"{one.maker} · {_console.when(one.bulk.made_at)}",
                _("{n} items", n=f"{one.bulk.size:,}"),
            ]
            if one.bulk.started_at:
                told += [f"{_('done')} {progress.done:,}", f"{_('refused')} {progress.refused:,}"]
            elif progress.rehearsed:
                told.append(f"{_('would go through')} {progress.would:,}")
            st.caption(" · ".join(told))
            if "approve" in one.possible:
                st.badge(_("waits for you to agree"), color="orange")
            st.button(
                _("Open"), key=f"open-{one.bulk.id}", on_click=_bulk_one.go, args=(one.bulk.id,)
            )
    if len(found) == queries.PAGE:
        last = found[-1].bulk.id
        st.button(_("Older"), key="older", on_click=lambda: st.query_params.update(before=last))


_console.title(
    _("Bulk"),
    _(
        "One thing done to all that match: the list is frozen, tried, agreed to where it takes two, run."
    ),
)
chosen = str(st.query_params.get("id", ""))
if chosen:
    st.button(_("All bulk acts"), key="back", type="tertiary", on_click=_bulk_one.go, args=("",))
    _bulk_one.show(chosen)
else:
    _bulk_choosing.form()
    _listed()
