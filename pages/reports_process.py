"""How cases go: the process map, the ways that they take, and how far those come who register (RPT-4)."""

from __future__ import annotations

import dataclasses
from typing import Any

import pandas as pd
import streamlit as st

from engine.kernel import errors
from engine.reports import catalog, mining, offered, scope, snapshot
from engine.reports.filters import Filters
from engine.reports.mining import Move
from engine.staffing.model import Right
from pages import _console, _process_picture, _process_pieces, _process_words, _report_bar
from pages._console import _

_MOST = 500
_HEEDED = frozenset({"platforms", "agencies", "regions"})
VIEWS = {"map": "Process map", "variants": "Variants"}
TIMES = {"move_p50_h": "Half of them within", "move_p90_h": "Nine in ten within"}


def _case_kind(copy: Any) -> str:
    """The kind of case that is shown, kept in the address."""
    kinds = mining.case_kinds(copy)
    known = {kind.name: kind.cases for kind in kinds}
    counts = {name: known[name] for name in mining.KINDS if name in known}
    given = st.query_params.get("case", "")
    chosen = st.segmented_control(
        _("Kind of case"),
        list(counts),
        default=given if given in counts else next(iter(counts)),
        format_func=lambda name: f"{_process_words.kind(name)} ({counts[name]:,})",
        key="case-kind",
        label_visibility="collapsed",
    )
    name = str(chosen or next(iter(counts)))
    st.query_params["case"] = name
    return name


def _view() -> str:
    given = st.query_params.get("view", "")
    chosen = st.segmented_control(
        _("View"),
        list(VIEWS),
        default=given if given in VIEWS else "map",
        format_func=lambda view: _(VIEWS[view]),
        key="process-view",
        label_visibility="collapsed",
    )
    st.query_params["view"] = view = str(chosen or "map")
    return view


def _chosen_move(found: tuple[Move, ...]) -> tuple[str, str] | None:
    """The move that the address names, where there is one."""
    one, mark, two = st.query_params.get("move", "").partition(">")
    known = {(move.from_activity, move.to_activity) for move in found}
    return (one, two) if mark and (one, two) in known else None


def _choose(move: str | None) -> None:
    if move is None:
        st.query_params.pop("move", None)
    else:
        st.query_params["move"] = move
    st.session_state.pop("life", None)


def _controls() -> tuple[int, str]:
    """How rare a move may be to be shown, and which time stands at it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        least = st.slider(
            _("Leave out moves rarer than this share of the most frequent one"),
            0,
            50,
            value=2,
            format="%d%%",
            key="least",
            bind="query-params",
            width=420,
        )
        time = st.segmented_control(
            _("Time at an arrow"),
            list(TIMES),
            default="move_p50_h",
            format_func=lambda one: _(TIMES[one]),
            key="time",
        )
    return int(least), str(time or "move_p50_h")


def _map(copy: Any, filters: Filters) -> None:
    every = mining.moves(copy, filters)
    if not every:
        _console.empty(_("No case has a fact in this span. Widen the filters."))
        return
    least, time = _controls()
    shown = mining.kept(every, least)
    chosen = _chosen_move(every)
    picked = _process_picture.draw(shown, time=time, chosen=chosen)
    if picked is not None and picked != chosen:
        _choose(">".join(picked))
        st.rerun()
    if len(shown) < len(every):
        st.caption(_("{n} of {all} kinds of move are drawn.", n=len(shown), all=len(every)))
    moves = [f"{move.from_activity}>{move.to_activity}" for move in every]
    named = ">".join(chosen) if chosen else None
    key = f"move-{named}"
    st.selectbox(
        _("Open the cases behind a move"),
        moves,
        index=moves.index(named) if named else None,
        placeholder=_("Choose an arrow, or a move here"),
        format_func=lambda one: _process_words.move(*one.split(">")),
        key=key,
        on_change=lambda: _choose(st.session_state[key]),
    )
    if chosen is not None:
        found = mining.move_cases(copy, filters, *chosen, most=_MOST)
        _process_pieces.cases(found, "move", _MOST)
    _moves_table(every)


def _moves_table(every: tuple[Move, ...]) -> None:
    with st.expander(_("All moves as a table")):
        rows = [
            {
                "from_activity": _process_words.activity(move.from_activity)
                if move.from_activity
                else _("Begun"),
                "to_activity": _process_words.activity(move.to_activity)
                if move.to_activity
                else _("Ended here so far"),
                "moves": move.moves,
                "move_p50_h": move.move_p50_h,
                "move_p90_h": move.move_p90_h,
            }
            for move in every
        ]
        frame = pd.DataFrame(rows)
        st.dataframe(
            _process_pieces.headed(frame), hide_index=True, width="stretch", placeholder="—"
        )
        columns = tuple(field.name for field in dataclasses.fields(Move))
        answer = catalog.Answer(
            columns=columns, rows=tuple(dataclasses.astuple(move) for move in every)
        )
        _process_pieces.files(answer, "process_map")


def _variants(copy: Any, filters: Filters) -> None:
    answer = catalog.ask(copy, catalog.load("variants"), filters)
    if not answer.rows:
        _console.empty(_("No case has a fact in this span. Widen the filters."))
        return
    frame = pd.DataFrame(answer.rows, columns=list(answer.columns))
    shown = frame.drop(columns=["case_kind", "example"])
    shown["path"] = [_process_words.path(path) for path in frame["path"]]
    picked = st.dataframe(
        _process_pieces.headed(shown),
        hide_index=True,
        width="stretch",
        placeholder="—",
        on_select="rerun",
        selection_mode="single-row",
        key="variants",
        column_config={
            _console.label("report.share_percent"): st.column_config.ProgressColumn(
                min_value=0, max_value=100, format="%.1f%%"
            )
        },
    )
    _process_pieces.files(answer, "variants")
    rows = picked.selection.rows if picked else []
    if not rows:
        st.caption(_("Choose a row to see its cases."))
        return
    path = str(frame.iloc[rows[0]]["path"])
    st.markdown(_process_words.path(path))
    found = mining.variant_cases(copy, filters, path, most=_MOST)
    _process_pieces.cases(found, "variant", _MOST)


def _logs(copy: Any, filters: Filters) -> None:
    """The log of these cases for other tools."""
    st.subheader(_("These cases for other tools"))
    count = mining.facts(copy, filters)
    too_many = _(
        "These are more than {n} facts: narrow the filters.", n=f"{_process_pieces.MOST_FACTS:,}"
    )
    _process_pieces.logs(st.session_state["process-copy"], filters, count, "cases", too_many)


def _page() -> None:
    staff = _console.require(Right.REPORT)
    language = _console.language()
    report = catalog.load("process_map")
    _console.title(
        _("Process"), _("How cases go, how often and how fast, and where they turn back.")
    )
    try:
        path, fresh = _process_pieces.newest()
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    st.session_state["process-copy"] = path
    with snapshot.open_copy(path) as copy:
        if not {kind.name for kind in mining.case_kinds(copy)} & set(mining.KINDS):
            _console.empty(_("Nothing has happened yet."))
            return
        asked = _report_bar.asked(
            "process", _HEEDED, {"region": offered.regions(copy), "reviewer": ()}
        )
        case_kind, view = _case_kind(copy), _view()
        if view == "variants":
            report = catalog.load("variants")
        try:
            narrowed = scope.narrowed(staff, report, asked)
        except errors.EngineError as refusal:
            st.error(_console.say(refusal))
            return
        filters = dataclasses.replace(narrowed, kinds=(case_kind,))
        st.subheader(report.text("question", language))
        _process_pieces.freshness(fresh, report.text("unit", language))
        _process_pieces.definition(report)
        (_variants if view == "variants" else _map)(copy, filters)
        if "life" in st.session_state:
            _process_pieces.life(copy, *st.session_state["life"])
        _logs(copy, filters)


_page()
