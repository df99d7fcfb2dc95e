"""Own SQL: a question to the copy of the reports, its answer drawn, saved and exported (RPT-5)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from engine.asking import actions, model
from engine.asking import queries as asked
from engine.kernel import errors, ids
from engine.reports import own_sql, snapshot
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console, _own_drawing, _process_pieces
from pages._console import _

_SQL, _TOLD, _QUESTION = "own-sql", "own-sql-told", "own-sql-question"
# A draft stands in the address, so that a refresh loses nothing; longer ones are saved.
_LONGEST_ADDRESS = 3_000
_BEHIND = ("made_as", "watermark", "calendar_day")


def _ask(path: Path, rules: Any) -> None:
    """Ask what stands in the field; that it was asked goes on record."""
    sql = st.session_state.get(_SQL, "")
    st.session_state.pop(_TOLD, None)
    allowance = own_sql.Allowance(
        seconds=rules.seconds, memory_mb=rules.memory_mb, rows=rules.most_rows
    )
    refusal, told = "", None

    def ask() -> own_sql.Told:
        nonlocal refusal
        try:
            return own_sql.ask(path, sql, allowance)
        except errors.EngineError as refused:
            refusal = refused.code
            raise

    told = _console.attempt(ask)
    if told is not None:
        st.session_state[_TOLD] = told
    shown = st.session_state.get("refusal")
    given = {"sql": sql, "rows": len(told.answer.rows) if told else 0, "refusal": refusal}
    _console.perform(actions.note_asked, given, key=ids.token(ids.system_entropy, 12))
    if shown:
        st.session_state["refusal"] = shown


def _take(question: model.Question | None) -> None:
    """Put a saved question into the field."""
    st.session_state[_QUESTION] = question
    st.session_state.pop(_TOLD, None)
    if question is not None:
        st.session_state[_SQL] = question.sql
        st.query_params["question"] = question.id


def _saved(questions: list[model.Question]) -> model.Question | None:
    """The saved questions; the one that is chosen stands in the address."""
    known = {one.id: one for one in questions}
    given = st.query_params.get("question", "")
    if _SQL not in st.session_state:
        st.session_state[_SQL] = st.query_params.get("sql", "")
        if given in known:
            _take(known[given])
    chosen = st.selectbox(
        _("Saved questions"),
        list(known),
        index=list(known).index(given) if given in known else None,
        format_func=lambda one: _own_drawing.name_of_owner(known[one]),
        placeholder=_("Choose one, or write your own below"),
        key="saved-question",
        on_change=lambda: _take(known.get(st.session_state["saved-question"])),
    )
    if chosen is None:
        st.query_params.pop("question", None)
    return known.get(str(chosen)) if chosen else None


def _schema(path: Path) -> None:
    """The copy's tables beside the question."""
    with snapshot.open_copy(path) as copy:
        tables = own_sql.tables(copy)
    st.markdown(f"**{_('Tables of the copy')}**")
    wanted = st.text_input(
        _("Find a table or column"), key="find-table", placeholder=_("Find a table or column"),
        label_visibility="collapsed",
    )  # fmt: skip
    wanted = (wanted or "").strip().lower()
    for table in sorted(tables, key=lambda name: (name in _BEHIND, name)):
        columns = tables[table]
        if wanted and wanted not in table and not any(wanted in c.name for c in columns):
            continue
        with st.expander(table, expanded=bool(wanted)):
            st.dataframe(
                pd.DataFrame([{_("Column"): c.name, _("Type"): c.type} for c in columns]),
                hide_index=True,
                width="stretch",
                height=min(38 + 35 * len(columns), 300),
            )


def _save(chosen: model.Question | None, drawing: model.Drawing) -> None:
    """Keep the question: as a new one, or, of one's own, as it is now."""
    with st.popover(_("Save"), icon=":material/bookmark:"):
        name = st.text_input(
            _("Name of the question"),
            value=chosen.name if chosen else "",
            max_chars=model.LONGEST_NAME,
        )
        shared = st.toggle(
            _("Colleagues who may ask in SQL see it"), value=chosen.shared if chosen else False
        )
        given = {"name": name, "sql": st.session_state[_SQL], "drawing": drawing, "shared": shared}

        def kept(question: model.Question) -> None:
            st.session_state["told"] = _("“{name}” is saved.", name=question.name)
            st.query_params["question"] = question.id
            st.session_state.pop("saved-question", None)

        with st.container(horizontal=True):
            if st.button(_("Save as a new question"), key="save-new"):
                key = ids.token(ids.system_entropy, 12)
                _console.perform(actions.save_question, given, key=key, then=kept)
                st.rerun()
            if chosen is not None and chosen.mine:
                if st.button(_("Change this question"), key="save-changed"):
                    more = {**given, "question_id": chosen.id}
                    key = ids.token(ids.system_entropy, 12)
                    _console.perform(actions.change_question, more, key=key, then=kept)
                    st.rerun()
                if st.button(_("Delete this question"), key="delete-question"):
                    more = {"question_id": chosen.id}
                    key = ids.token(ids.system_entropy, 12)
                    _console.perform(actions.delete_question, more, key=key)
                    st.query_params.pop("question", None)
                    st.session_state.pop("saved-question", None)
                    st.rerun()


def _answer(told: own_sql.Told, chosen: model.Question | None) -> model.Drawing:
    """The answer: how much it is, drawn, as a table, and as files."""
    rows = len(told.answer.rows)
    text = (
        _("The first {n} rows; there are more.", n=f"{rows:,}")
        if told.more
        else _("{n} rows", n=f"{rows:,}")
    )
    st.caption(f"{text} · {told.took_ms:,} ms")
    drawing = _own_drawing.controls(
        told.answer.columns, chosen.drawing if chosen else model.Drawing()
    )
    frame = _own_drawing.frame_of(told.answer.columns, told.answer.rows)
    _own_drawing.draw(frame, drawing)
    st.dataframe(frame, hide_index=True, width="stretch", placeholder="—")
    _own_drawing.money_note(told.answer.columns)
    _process_pieces.files(told.answer, "own-sql")
    return drawing


def _field() -> str:
    """Where the question is written; a draft stands in the address."""
    st.text_area(_("Question in SQL (DuckDB)"), key=_SQL, height=220, max_chars=own_sql.LONGEST)
    sql = str(st.session_state[_SQL])
    if sql and len(sql) <= _LONGEST_ADDRESS:
        st.query_params["sql"] = sql
    else:
        st.query_params.pop("sql", None)
    return sql


def _page() -> None:
    staff = _console.require(Right.OWN_SQL)
    _console.title(
        _("Own SQL"),
        _("Ask the copy that the reports are made of. It can be read and nothing else."),
    )
    if not staffing.has(staff, Right.OWN_SQL):
        st.error(_("The copy is of every platform and CA: your role has to cover all of them."))
        return
    rules = _console.ask(asked.rules)
    try:
        path, fresh = _process_pieces.newest()
    except errors.EngineError as refusal:
        st.error(_console.say(refusal))
        return
    _process_pieces.freshness(fresh, _("as the question says"))
    left, right = st.columns([7, 3], gap="medium")
    with right:
        _schema(path)
    with left:
        chosen = _saved(_console.ask(asked.questions))
        sql = _field()
        told = st.session_state.get(_TOLD)
        with st.container(horizontal=True, vertical_alignment="center"):
            st.button(
                _("Ask"), type="primary", key="ask", on_click=_ask, args=(path, rules),
                disabled=not sql.strip(),
            )  # fmt: skip
            place = st.container(width="content")
            st.caption(
                _(
                    "At most {seconds} s, {memory} MB and {rows} rows.",
                    seconds=rules.seconds,
                    memory=rules.memory_mb,
                    rows=f"{rules.most_rows:,}",
                )
            )
        if not sql.strip():
            _examples()
        drawing = chosen.drawing if chosen else model.Drawing()
        if told is not None:
            drawing = _answer(told, chosen)
        if sql.strip():
            with place:
                _save(chosen, drawing)


def _examples() -> None:
    st.caption(_("To begin with"))
    with st.container(horizontal=True):
        for one in own_sql.examples():
            st.button(
                one.name.in_language(_console.language()),
                key=f"example-{one.name.en}",
                on_click=lambda sql=one.sql.strip(): st.session_state.update({_SQL: sql}),
            )


_page()
