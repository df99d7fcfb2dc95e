"""The record of an incident: state, what is known, timeline, action items, and what can be done next."""

from __future__ import annotations

import datetime
from typing import Any

import streamlit as st

from engine.incidents import actions, model, queries
from engine.kernel import clock
from pages import _console
from pages._console import _

S, P = model.IncidentStatus, model.Purpose


def status_word(status: model.IncidentStatus) -> str:
    """A state in words."""
    return {S.OPEN: _("Going on"), S.CONTAINED: _("Contained"), S.CLOSED: _("Closed")}[status]


def _purpose_word(purpose: model.Purpose) -> str:
    return {
        P.MITIGATE: _("Does less harm"),
        P.DETECT: _("Is seen sooner"),
        P.PREVENT: _("Does not come again"),
    }[purpose]


def _item_word(status: model.ItemStatus) -> str:
    return {
        model.ItemStatus.TO_DO: _("To do"),
        model.ItemStatus.DONE: _("Done"),
        model.ItemStatus.DROPPED: _("Dropped"),
    }[status]


def _names() -> dict[str, str]:
    return _console.ask(queries.owners)


def who(actor: str | None, names: dict[str, str] | None = None) -> str:
    """An actor of the log by name, where it is a member of staff that is let in."""
    known = _names() if names is None else names
    return known.get((actor or "").partition(":")[2], actor or "")


def items_table(found: list[model.Item] | tuple[model.Item, ...]) -> None:
    """Action items with owner and day; what is late says so."""
    names, today = _names(), clock.civil_date(_console.world().engine.now()).isoformat()
    _console.table(
        [
            {
                _("Until"): one.due_on,
                _("Status"): _("Late")
                if one.status is model.ItemStatus.TO_DO and one.due_on < today
                else _item_word(one.status),
                _("What is to be done"): one.what,
                _("So that it"): _purpose_word(one.purpose),
                _("Who"): names.get(one.owner, one.owner),
                _("What came of it"): one.result,
            }
            for one in found
        ]
    )


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
    _say(_("Incident {number} is open.", number=made.number))


def _say(text: str) -> None:
    st.session_state["told"] = text


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
                    who=who(one.opened_by),
                ),
                _("To be contained by {time}", time=_console.when(one.contain_by)),
            )
        )
    )
    st.graphviz_chart(_diagram(one), width="content")
    _known(one, handles)
    _moves(found, handles)
    _timeline(found, handles)
    _items(found, handles)


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
            then=lambda _done: _say(_("Kept.")),
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
                    then=lambda done: _say(status_word(done.status)),
                )
        if "reopen" in found.verbs:
            why = st.text_input(_("Why it is taken up again"), key="reopen-why")
            _console.act_button(
                _verb("reopen"),
                actions.reopen_incident,
                {"incident_id": one.id, "text": why},
                name="reopen-incident",
                then=lambda done: _say(status_word(done.status)),
            )


def _timeline(found: model.Shown, handles: bool) -> None:
    st.markdown(f"**{_('Timeline')}**")
    names = _names()
    _console.table(
        [
            {
                _("When"): _console.when(one.occurred_at),
                _("What"): one.text or _console.label(one.kind),
                _("Who"): who(one.by, names),
                _("Record"): one.subject,
                "seq": one.seq,
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


def _items(found: model.Shown, handles: bool) -> None:
    st.markdown(f"**{_('Action items')}**")
    if found.items:
        items_table(found.items)
    mine = _console.me().staff_id
    for one in found.items:
        if one.status is model.ItemStatus.TO_DO and (handles or one.owner == mine):
            _ending(one, handles)
    if handles and found.incident.status is not S.CLOSED:
        _add(found.incident.id)


def _ending(one: model.Item, handles: bool) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        result = st.text_input(_("What came of it: {what}", what=one.what), key=f"result-{one.id}")
        given = {"item_id": one.id, "result": result}
        for label, action, may in (
            (_("Done"), actions.do_item, True),
            (_("Drop it"), actions.drop_item, handles),
        ):
            if may:
                _console.act_button(
                    label,
                    action,
                    given,
                    name=f"{action.__name__}-{one.id}",
                    then=lambda done: _say(_item_word(done.status)),
                )


def _add(incident_id: str) -> None:
    with st.expander(_("Add an action item")):
        what = st.text_input(_("What is to be done"), key="item-what", max_chars=model.LONGEST_TEXT)
        purpose = st.selectbox(
            _("So that it"), list(P), format_func=_purpose_word, key="item-purpose"
        )
        names = _names()
        owner = st.selectbox(_("Who"), list(names), format_func=names.__getitem__, key="item-owner")
        day = st.date_input(_("Until"), value=None, key="item-day")
        given = {
            "incident_id": incident_id,
            "purpose": purpose,
            "what": what,
            "owner": owner,
            "due_on": day.isoformat() if day else "",
        }
        _console.act_button(
            _("Add"),
            actions.add_item,
            given,
            name="add-item",
            then=lambda _done: _say(_("Added.")),
        )
