"""Saved views of the queue: shown as chips, kept, changed and deleted."""

from __future__ import annotations

from typing import Any

import streamlit as st

from engine.kernel import clock
from engine.reviewing import actions as reviewing
from engine.reviewing import model
from engine.reviewing.model.desk import View
from pages import _console
from pages._console import _
from pages._desk_reading import Choices


def from_the_beginning(*beside: str) -> None:
    """Another filter is another list: its first page, and the case that comes first there."""
    for name in ("after", "case", "view", *beside):
        st.query_params.pop(name, None)


def _show_view(view_id: str) -> None:
    from_the_beginning("editing")
    if view_id:
        st.query_params["view"] = view_id


def views(choices: Choices) -> View | None:
    """Saved views as chips with their counts; answers the one that the address names."""
    named = st.query_params.get("view", "")
    chosen = next((view for view in choices.views if view.id == named), None)
    if not choices.views:
        return None
    with st.container(key="desk-views", horizontal=True):
        st.button(
            _("All open"), key="view-all", on_click=_show_view, args=("",),
            type="tertiary" if chosen else "secondary",
        )  # fmt: skip
        for view in choices.views:
            count = "…" if view.count is None else f"{view.count}{'+' if view.more else ''}"
            told = [_("counted {when}", when=_console.when(view.counted_at)[11:])]
            st.button(
                f"{view.name} {count}", key=f"view-{view.id}", on_click=_show_view, args=(view.id,),
                type="secondary" if view is chosen else "tertiary",
                help=" · ".join(told if view.mine else [view.owner, *told]),
            )  # fmt: skip
    if chosen is not None and chosen.gone:
        gone = ", ".join(chosen.gone)
        st.warning(_("This view names what no longer exists: {gone}", gone=gone))
    return chosen


def _save_view(wanted: model.Wanted, drawn: str) -> None:
    given = {
        "name": str(st.session_state.get("view-name") or ""),
        "wanted": wanted,
        "shared": bool(st.session_state.get("view-shared")),
    }
    saved = _console.perform(reviewing.save_view, given, key=f"view/{drawn}")
    if saved is not None:
        _show_view(saved["id"] if isinstance(saved, dict) else saved.id)


def _delete_view(view_id: str) -> None:
    _console.perform(reviewing.delete_view, {"view_id": view_id}, key=f"delete/{view_id}")
    from_the_beginning()


def _change_view(view_id: str, wanted: model.Wanted, drawn: str) -> None:
    given = {
        "view_id": view_id,
        "name": str(st.session_state.get(f"name-{view_id}") or ""),
        "wanted": wanted,
        "shared": bool(st.session_state.get(f"shared-{view_id}")),
    }
    if _console.perform(reviewing.change_view, given, key=f"change/{view_id}/{drawn}") is not None:
        _show_view(view_id)


def _begin_editing(view: View) -> None:
    """Put what a view shows into the filters, where it can be changed and looked at before it is kept."""
    _show_view("")
    for name, value in _in_filters(view.wanted).items():
        st.session_state[name] = value
    st.query_params["editing"] = view.id


def _stop_editing(view: View) -> None:
    for name, value in _in_filters(model.Wanted()).items():
        st.session_state[name] = value
    _show_view(view.id)


def _in_filters(wanted: model.Wanted) -> dict[str, Any]:
    """What each filter on the page says for a view."""
    until = None if wanted.opened_to is None else wanted.opened_to - 1
    return {
        "q": wanted.text,
        "kind": next(iter(wanted.kinds), ""),
        "state": "" if wanted.state == "all" else wanted.state,
        "platform": next(iter(wanted.platforms), ""),
        "agency": next(iter(wanted.agencies), ""),
        "corrected": wanted.corrected,
        "urged": wanted.urged,
        "oldest": wanted.sort == "opened",
        "from": None if wanted.opened_from is None else clock.civil_date(wanted.opened_from),
        "until": None if until is None else clock.civil_date(until),
    }


def _fits_filters(wanted: model.Wanted) -> bool:
    """Whether the page's filters, which take one of each, can say all that a view does."""
    return max(map(len, (wanted.kinds, wanted.platforms, wanted.agencies))) <= 1


def editing(view: View, wanted: model.Wanted, drawn: str) -> None:
    """A view of one's own under change: its name, who sees it, and what it shows."""
    with st.form(f"change-{view.id}", border=True):
        st.text_input(_("Its name"), value=view.name, key=f"name-{view.id}", max_chars=40)
        st.checkbox(_("Colleagues see it too"), value=view.shared, key=f"shared-{view.id}")
        label = _("Change the view “{name}”", name=view.name)
        st.form_submit_button(label, on_click=_change_view, args=(view.id, wanted, drawn))
    st.button(
        _("Leave it as it was"), key="view-leave", on_click=_stop_editing, args=(view,),
        type="tertiary",
    )  # fmt: skip


def own(view: View, drawn: str) -> None:
    """What its owner can do with the view that is shown."""
    with st.container(horizontal=True, key="desk-view-acts"):
        if _fits_filters(view.wanted):
            st.button(
                _("Change this view"), key="view-change", on_click=_begin_editing, args=(view,),
                type="tertiary",
            )  # fmt: skip
        st.button(
            _("Delete this view"), key="view-delete", on_click=_delete_view, args=(view.id,),
            type="tertiary",
        )  # fmt: skip
    if not _fits_filters(view.wanted):
        with st.popover(_("Change this view")):
            editing(view, view.wanted, drawn)


def keeping(wanted: model.Wanted, drawn: str) -> None:
    """Keep what the filters show under a name."""
    with st.form("view-form", border=False):
        st.text_input(_("Keep these filters as a view"), key="view-name", max_chars=40)
        st.checkbox(_("Colleagues see it too"), key="view-shared")
        st.form_submit_button(_("Keep"), on_click=_save_view, args=(wanted, drawn))
