"""The items of a bulk act: what was foreseen of each, what came of it, by result, and as a file."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.bulk import model, queries, wording
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
    place = f"/w/{_console.world().id}/bulk/{found.id}"
    with st.container(horizontal=True):
        for ending in ("csv", "xlsx"):
            address = f"{place}.{ending}?lang={_console.language()}"
            st.link_button(ending.upper(), address, icon=":material/download:")


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
    language = _console.language()
    names = wording.headings(language)
    _console.table(
        [
            dict(
                zip(
                    names,
                    wording.cells(one, part.titles.get(one.item_id, ""), language, _console.when),
                    strict=True,
                )
            )
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
