"""The left of the desk: which cases, and the list of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from engine.reviewing import model
from engine.reviewing import queries as cases
from pages import _console
from pages._console import _
from pages._desk_reading import Desk

_JS = """
const desk = import(location.origin + "/apps/desk/queue.js");
export default function({ parentElement, data, setTriggerValue }) {
  desk.then((queue) => queue.list(parentElement, data, (id) => setTriggerValue("open", id)));
}
"""
_list = st.components.v2.component("yinxin_desk_queue", js=_JS, isolate_styles=False)


def due(row: cases.QueueRow) -> tuple[str, str]:
    """When a case is due in a word, and how it stands: late, warning, paused or fine."""
    clocks = row.clocks
    if clocks.paused:
        return _("on hold"), "paused"
    if clocks.overdue:
        return _("overdue"), "late"
    return _console.when(clocks.decision_due)[5:], "fine"


def _row(desk: Desk, row: cases.QueueRow) -> dict[str, Any]:
    case = row.case
    text, tone = due(row)
    who = ""
    if "approve" in row.possible:
        who = _("yours")
    elif case.status is model.CaseStatus.CLAIMED and "claim" not in row.possible:
        who = _("with a colleague")
    flags = []
    if case.corrects:
        flags.append(_("corrected"))
    if case.urged_count:
        flags.append(_("urged {n}", n=case.urged_count))
    if case.sample_of:
        flags.append(_("second look"))
    kind = desk.rules[case.kind].label.in_language(_console.language())
    return {
        "id": case.id,
        "kind": kind,
        "title": case.title,
        "due": text,
        "tone": tone,
        "who": who,
        "flags": flags,
        "hint": f"{kind} · {case.title} · {_console.when(case.opened_at)}",
    }


def filters(desk_kinds: list[str], labels: dict[str, str]) -> None:
    """What the list is narrowed by; it stands in the address."""
    st.selectbox(
        _("Kind"),
        ["", *desk_kinds],
        format_func=lambda kind: labels[kind] if kind else _("All kinds"),
        key="kind",
        bind="query-params",
        label_visibility="collapsed",
    )


def listing(desk: Desk, current: str, choose: Callable[[str], None]) -> None:
    """The rows; a click on one brings it up without claiming it."""

    def chosen() -> None:
        choose(str(st.session_state["desk-list"].open))

    _list(
        key="desk-list",
        data={
            "rows": [_row(desk, row) for row in desk.rows],
            "current": current,
            "label": _("Cases"),
        },
        on_open_change=chosen,
    )
