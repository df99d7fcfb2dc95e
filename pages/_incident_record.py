"""The record of an incident: state, what is known, timeline, action items, and what can be done next."""

from __future__ import annotations

import datetime
from typing import Any

import streamlit as st

from engine.incidents import actions, model, queries
from engine.kernel import clock
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console, _incident_items
from pages._console import _

S = model.IncidentStatus


def status_word(status: model.IncidentStatus) -> str:
    """A state in words."""
    return {S.OPEN: _("Going on"), S.CONTAINED: _("Contained"), S.CLOSED: _("Closed")}[status]


def new() -> None:
    """Opening an incident, about a record where the address names one."""
    about = st.query_params.get("about", "")
    with st.expander(_("Open an incident"), expanded=bool(about)):
        kinds = _console.ask(queries.kinds)
        kind = st.selectbox(
            _("Kind"),
            list(kinds),
            format_func=lambda one: _console.told(kinds[one].text),
            key="kind",
        )
        title = st.text_input(
            _("What happened, in one line"), key="incident-title", max_chars=model.LONGEST_TITLE
        )
        with st.container(horizontal=True):
            day = st.date_input(_("Began on"), value=None, key="incident-day")
            hour = st.time_input(_("At"), value=None, key="incident-hour")
        record = st.text_input(_("About which record (its id)"), value=about, key="incident-about")
        st.caption(
            _("To be contained within {n} hours of being opened.", n=kinds[kind].contain_hours)
            if kind in kinds
            else ""
        )
        given = {"kind": kind, "title": title, "began_at": _began(day, hour), "subject_id": record}
        _console.act_button(
            _("Open it"), actions.open_incident, given, name="open-incident", then=_opened
        )


def _began(day: Any, hour: Any) -> int:
    if day is None:
        return 0
    at = datetime.datetime.combine(day, hour or datetime.time(), tzinfo=clock.SHANGHAI)
    return int(at.timestamp() * 1000)


def _opened(made: model.Incident) -> None:
    st.query_params.pop("about", None)
    st.query_params["incident"] = made.id
    st.session_state["incident"] = made.id
    _incident_items.say(_("Incident {number} is open.", number=made.number))


def about(record_id: str) -> None:
    """On a record's page: the incidents about it, and opening one for who handles them."""
    found = _console.ask(queries.about, record_id)
    handles = staffing.has(_console.me(), Right.HANDLE_INCIDENTS, anywhere=True)
    if not found and not handles:
        return
    st.markdown(f"**{_('Incidents')}**")
    with st.container(horizontal=True):
        for one in found:
            st.page_link(
                "incidents.py",
                label=f"{one.number} · {one.title} · {status_word(one.status)}",
                query_params={
                    "incident": one.id,
                    "view": "closed" if one.status is S.CLOSED else "open",
                },
            )
        if handles:
            st.page_link(
                "incidents.py",
                label=_("Open an incident about this record"),
                query_params={"about": record_id},
            )


def show(incident_id: str, handles: bool) -> None:
    """The whole record."""
    found = _console.ask(queries.incident, incident_id)
    one = found.incident
    st.subheader(f"{one.number} · {one.title} · {status_word(one.status)}")
    st.caption(
        " · ".join(
            (
                _("Began {time}", time=_console.when(one.began_at)),
                _(
                    "Opened {time} by {who}",
                    time=_console.when(one.opened_at),
                    who=_incident_items.who(one.opened_by),
                ),
                _("To be contained by {time}", time=_console.when(one.contain_by)),
            )
        )
    )
    st.graphviz_chart(_diagram(one), width="content")
    _known(one, handles)
    _moves(found, handles)
    _timeline(found, handles)
    _incident_items.show(found, handles)


def _diagram(one: model.Incident) -> str:
    """The states from the table itself, with the present one lit."""
    lines = [
        "digraph { rankdir=LR; node [shape=box, style=rounded, fontsize=11]; edge [fontsize=9];"
    ]
    for status, verbs in model.INCIDENT.transitions.items():
        lit = ', style="rounded,filled", fillcolor="#f6dede"' if status is one.status else ""
        lines.append(f'"{status}" [label="{status_word(status)}"{lit}];')
        lines += [f'"{status}" -> "{to}" [label="{_verb(verb)}"];' for verb, to in verbs.items()]
    return "\n".join([*lines, "}"])


def _verb(verb: str) -> str:
    return {"contain": _("Contain"), "close": _("Close"), "reopen": _("Reopen")}[verb]


def _known(one: model.Incident, handles: bool) -> None:
    told = {"summary": one.summary, "cause": one.cause, "lessons": one.lessons}
    words = {
        "summary": _("What happened, in full"),
        "cause": _("Why it happened"),
        "lessons": _("What was learnt"),
    }
    if not handles or one.status is S.CLOSED:
        for name, text in told.items():
            st.markdown(f"**{words[name]}**")
            st.text(text or "—")
        return
    with st.container(border=True):
        given = {
            name: st.text_area(
                words[name], value=text, key=f"{name}-{one.id}", max_chars=model.LONGEST_TEXT
            )
            for name, text in told.items()
        }
        _console.act_button(
            _("Keep what is written"),
            actions.describe_incident,
            {"incident_id": one.id, **given},
            name="describe-incident",
            then=lambda _done: _incident_items.say(_("Kept.")),
        )


def _moves(found: model.Shown, handles: bool) -> None:
    if not handles:
        return
    one = found.incident
    with st.container(horizontal=True, vertical_alignment="bottom"):
        for verb, action in (
            ("contain", actions.contain_incident),
            ("close", actions.close_incident),
        ):
            if verb in found.verbs:
                _console.act_button(
                    _verb(verb),
                    action,
                    {"incident_id": one.id},
                    name=f"{verb}-incident",
                    then=lambda done: _incident_items.say(status_word(done.status)),
                )
        if "reopen" in found.verbs:
            why = st.text_input(_("Why it is taken up again"), key="reopen-why")
            _console.act_button(
                _verb("reopen"),
                actions.reopen_incident,
                {"incident_id": one.id, "text": why},
                name="reopen-incident",
                then=lambda done: _incident_items.say(status_word(done.status)),
            )


def _timeline(found: model.Shown, handles: bool) -> None:
    st.markdown(f"**{_('Timeline')}**")
    names = _incident_items.names()
    _console.table(
        [
            {
                _("When"): _console.when(one.occurred_at),
                _("What"): one.text or _console.label(one.kind),
                _("Who"): _incident_items.who(one.by, names),
                _("Record"): one.subject,
                "#": one.seq,
            }
            for one in found.timeline
        ],
        **{_("What"): st.column_config.TextColumn(width="large")},
    )
    if not handles or found.incident.status is S.CLOSED:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        text = st.text_input(_("Write into the timeline"), key="note", max_chars=model.LONGEST_TEXT)
        _console.act_button(
            _("Write"),
            actions.note_incident,
            {"incident_id": found.incident.id, "text": text},
            name="note-incident",
            then=lambda _done: st.session_state.pop("note", None),
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        record = st.text_input(_("About which record (its id)"), key="subject")
        _console.act_button(
            _("Follow this record"),
            actions.name_subject,
            {"incident_id": found.incident.id, "subject_id": record.strip()},
            name="name-subject",
            then=lambda _done: st.session_state.pop("subject", None),
        )
