"""The items of a bulk act: what was foreseen of each, what came of it, by result, and as a file."""

from __future__ import annotations

import csv
import io
from typing import Any

import streamlit as st

from engine.bulk import model, queries
from pages import _bulk_words, _console
from pages._console import _

_PAGE = 50
# How an item ended, or will: which of them are listed.
_SHOWN = ("all", "done", "refused", "otherwise", "open")


def items(told: queries.Shown) -> None:
    """A page of them, narrowed by how they ended or will end; all of it stands in the address."""
    found, progress = told.bulk, told.progress
    names = {
        "all": _("All"),
        "done": _("done") if found.started_at else _("would go through"),
        "refused": _("refused") if found.started_at else _("would be refused"),
        "otherwise": _("otherwise than foreseen"),
        "open": _("still open"),
    }
    offered = _SHOWN if found.started_at else _SHOWN[:3]
    st.markdown(f"**{_('Item by item')}**")
    given = st.query_params.get("shown", "all")
    shown = st.segmented_control(
        _("Which of them"), offered, default=given if given in offered else "all",
        format_func=names.__getitem__, key="bulk-shown", label_visibility="collapsed",
    ) or "all"  # fmt: skip
    if shown != given:
        st.query_params.pop("after", None)
    st.query_params["shown"] = shown
    codes = _codes(progress, shown, found.started_at is not None)
    reason = ""
    if codes:
        reason = st.selectbox(
            _("Why refused"), ["", *codes], key="bulk-reason",
            format_func=lambda code: _bulk_words.outcome(code) if code else _("Any reason"),
        ) or ""  # fmt: skip
    narrowed = _narrowed(shown, reason, found.started_at is not None)
    after = _place()
    part = _console.ask(queries.items, bulk_id=found.id, after=after, limit=_PAGE, **narrowed)
    _listing(part)
    _pages(after, part.following)
    st.download_button(
        _("All items as CSV"),
        lambda: _csv(found.id).encode("utf-8-sig"),
        file_name=f"{found.id}.csv",
        mime="text/csv",
        icon=":material/download:",
        key="bulk-csv",
    )


def _codes(progress: model.Progress, shown: str, ran: bool) -> list[str]:
    counts = progress.outcomes if ran else progress.foreseen
    return sorted(code for code in counts if code != model.DONE) if shown == "refused" else []


def _narrowed(shown: str, reason: str, ran: bool) -> dict[str, Any]:
    column = "outcome" if ran else "foreseen"
    ends: dict[str, dict[str, Any]] = {
        "all": {},
        "done": {column: model.DONE},
        "refused": {column: reason or queries.REFUSED},
        "otherwise": {"otherwise": True},
        "open": {"outcome": queries.OPEN},
    }
    return ends[shown]


def _place() -> int:
    given = st.query_params.get("after", "")
    return int(given) if given.isdigit() else -1


def _listing(part: queries.Items) -> None:
    if not part.items:
        _console.empty(_("Nothing ended so."))
        return
    _console.table(
        [
            {
                "#": one.position + 1,
                _("Called"): part.titles.get(one.item_id, ""),
                _("Id"): one.item_id,
                _("Dry run"): _bulk_words.outcome(one.foreseen),
                _("In the run"): _bulk_words.outcome(one.outcome),
                _("Ended"): _console.when(one.done_at),
            }
            for one in part.items
        ]
    )


def _turn(after: int) -> None:
    st.query_params.pop("after", None)
    if after >= 0:
        st.query_params["after"] = str(after)


def _pages(after: int, following: int) -> None:
    with st.container(horizontal=True):
        if after >= 0:
            st.button(_("First page"), key="items-first", on_click=_turn, args=(-1,))
        if following >= 0:
            st.button(_("Next page"), key="items-next", on_click=_turn, args=(following,))


def _csv(bulk_id: str) -> str:
    """Every item: ids and codes alone, no name of anybody."""
    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(["position", "id", "foreseen", "outcome", "done_at_ms"])
    after = -1
    while True:
        part = _console.ask(queries.items, bulk_id=bulk_id, after=after, limit=500)
        for one in part.items:
            lines.writerow(
                [one.position + 1, one.item_id, one.foreseen, one.outcome or "", one.done_at or ""]
            )
        after = part.following
        if after < 0:
            return text.getvalue()
