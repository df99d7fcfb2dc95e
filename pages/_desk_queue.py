"""The left of the desk: which cases, and the list of them."""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Callable, Mapping
from typing import Any, cast

import streamlit as st

from engine.http import app_files
from engine.kernel import clock
from engine.kernel.catalog import Text
from engine.reviewing import model
from pages import _console, _desk_views
from pages._console import _
from pages._desk_keys import Keys
from pages._desk_reading import Choices

_JS = f'const desk = import(location.origin + "{app_files.address("desk/queue.js")}");'
_JS += """
export default function({ parentElement, data, setTriggerValue }) {
  desk.then((queue) => queue.list(parentElement, data, (id) => setTriggerValue("open", id)));
}
"""
_list = st.components.v2.component("yinxin_desk_queue", js=_JS, isolate_styles=False)


def due(row: model.QueueRow) -> tuple[str, str]:
    """When a case is due in a word, and how it stands: late, warning, paused or fine."""
    clocks = row.clocks
    if clocks.paused:
        return _("on hold"), "paused"
    if clocks.overdue:
        return _("overdue"), "late"
    return _console.when(clocks.decision_due)[5:], "warning" if clocks.warning else "fine"


def _flags(row: model.QueueRow) -> list[str]:
    """What is particular about a case, in a word each."""
    case = row.case
    told = [
        (case.urged_count, _("urged {n}", n=case.urged_count)),
        (case.corrects, _("corrected")),
        (case.sample_of, _("second look")),
        (case.approved_by, _("approved by {n}", n=len(case.approved_by))),
        (row.clocks.level == "lead", _("before the lead")),
        (row.clocks.level == "administrator", _("before the administrator")),
    ]
    return [text for holds, text in told if holds]


def _row(row: model.QueueRow, kinds: Mapping[str, Text]) -> dict[str, Any]:
    case = row.case
    text, tone = due(row)
    who = ""
    if "approve" in row.possible:
        who = _("yours")
    elif case.status is model.CaseStatus.CLAIMED and "claim" not in row.possible:
        who = _("with a colleague")
    kind = _console.told(kinds[case.kind]) if case.kind in kinds else case.kind
    return {
        "id": case.id,
        "kind": kind,
        "title": case.title,
        "due": text,
        "tone": tone,
        "who": who,
        "flags": _flags(row),
        "hint": f"{kind} · {case.title} · {_console.when(case.opened_at)}",
    }


def _first_page() -> None:
    """Other words are another list; a view that is shown stays."""
    for name in ("after", "case"):
        st.query_params.pop(name, None)


def picked(name: str, options: Mapping[str, Text], nothing: str, **more: Any) -> str:
    """One of these or any, kept in the address under its name."""
    return str(
        st.selectbox(
            nothing,
            ["", *options],
            format_func=lambda code: _console.told(options[code]) if code else nothing,
            key=name,
            bind="query-params",
            label_visibility="collapsed",
            on_change=_desk_views.from_the_beginning,
            **more,
        )
        or ""
    )


def filters(choices: Choices, keys: Keys, drawn: str) -> model.Wanted:
    """What the list is narrowed by; all of it stands in the address, so that a link shows the same."""
    view = _desk_views.views(choices)
    text = st.text_input(
        _("Search the queue"), key="q", bind="query-params", label_visibility="collapsed",
        placeholder=_("Enterprise or title (/)"), on_change=_first_page,
    )  # fmt: skip
    keys.field("find", "q")
    text = (text or "").strip()
    if view is not None:
        if view.mine:
            _desk_views.own(view, drawn)
        return dataclasses.replace(view.wanted, text=text or view.wanted.text)
    wanted = dataclasses.replace(narrowed(choices), text=text)
    with st.popover(_("More filters"), width="stretch"):
        wanted = narrowed_more(choices, wanted)
        _desk_views.keeping(wanted, drawn)
    edited = next((one for one in choices.views if one.id == st.query_params.get("editing")), None)
    if edited is not None and edited.mine:
        _desk_views.editing(edited, wanted, drawn)
    return wanted


def narrowed(choices: Choices) -> model.Wanted:
    """The queue by kind and state."""
    left, right = st.columns([5, 4], gap="small")
    with left:
        kind = picked("kind", choices.kinds, _("All kinds"))
    with right:
        states = {one: _console.label(f"queue.{one}") for one in model.STATES if one != "all"}
        state = st.selectbox(
            _("State"), ["", *states], format_func=lambda s: states[s] if s else _("All open"),
            key="state", bind="query-params", label_visibility="collapsed",
            on_change=_desk_views.from_the_beginning,
        )  # fmt: skip
    return model.Wanted(kinds=(kind,) if kind else (), state=cast(model.QueueState, state or "all"))


def narrowed_more(choices: Choices, wanted: model.Wanted) -> model.Wanted:
    """And by everything else."""
    platform = picked("platform", choices.platforms, _("All platforms"))
    agency = picked("agency", choices.agencies, _("All authorities"))
    box: dict[str, Any] = {"bind": "query-params", "on_change": _desk_views.from_the_beginning}
    corrected = st.checkbox(_("Corrected submissions only"), key="corrected", **box)
    urged = st.checkbox(_("Urged only"), key="urged", **box)
    opened = st.checkbox(_("Oldest submission first"), key="oldest", **box)
    first = st.date_input(_("Submitted from"), value=None, key="from", **box)
    last = st.date_input(_("Submitted until"), value=None, key="until", **box)
    return dataclasses.replace(
        wanted,
        platforms=(platform,) if platform else (),
        agencies=(agency,) if agency else (),
        corrected=corrected,
        urged=urged,
        opened_from=clock.start_of(first) if first else None,
        opened_to=clock.start_of(last + datetime.timedelta(days=1)) if last else None,
        sort="opened" if opened else "due",
    )


def _turn(after: str) -> None:
    _first_page()
    if after:
        st.query_params["after"] = after


def filtered(wanted: model.Wanted, choices: Choices) -> dict[str, str]:
    """A filter as the address of bulk acts says it, as far as it names one of each.

    A choice stands in an address as it is shown, as Streamlit binds it.
    """

    def shown(codes: tuple[str, ...], options: Mapping[str, Text]) -> str:
        return next((_console.told(options[one]) for one in codes if one in options), "")

    found = {
        "kind": shown(wanted.kinds, choices.kinds),
        "platform": shown(wanted.platforms, choices.platforms),
        "agency": shown(wanted.agencies, choices.agencies),
        "state": "" if wanted.state == "all" else _console.label(f"queue.{wanted.state}"),
        "q": wanted.text,
        "corrected": "true" if wanted.corrected else "",
        "urged": "true" if wanted.urged else "",
        "from": _day(wanted.opened_from),
        # An instant that is exclusive is said as the day before it.
        "until": _day(None if wanted.opened_to is None else wanted.opened_to - 1),
    }
    return {name: value for name, value in found.items() if value}


def _day(at_ms: int | None) -> str:
    if at_ms is None:
        return ""
    return clock.to_datetime(at_ms).astimezone(clock.SHANGHAI).date().isoformat()


def pages(page: model.Page, wanted: model.Wanted, choices: Choices) -> None:
    """How many there are, the way to the next part of the list, and to doing something to all of it."""
    count = _("{n} cases", n=f"{page.total}+" if page.more else page.total)
    with st.container(horizontal=True, vertical_alignment="center", key="desk-pages"):
        st.caption(count)
        if st.query_params.get("after"):
            st.button(_("First page"), key="page-first", on_click=_turn, args=("",))
        if page.rows:
            st.page_link(
                "bulk.py", label=_("All of them at once"), query_params=filtered(wanted, choices)
            )
        if page.following:
            st.button(_("Next page"), key="page-next", on_click=_turn, args=(page.following,))


def listing(
    page: model.Page, kinds: Mapping[str, Text], current: str, choose: Callable[[str], None]
) -> None:
    """The rows; a click on one brings it up without claiming it."""

    def chosen() -> None:
        choose(str(st.session_state["desk-list"].open))

    _list(
        key="desk-list",
        data={
            "rows": [_row(row, kinds) for row in page.rows],
            "current": current,
            "label": _("Cases"),
        },
        on_open_change=chosen,
    )
