"""Whether the authorities issue, and stopping and lifting it."""

from __future__ import annotations

import streamlit as st

from engine.incidents import actions, model, queries
from pages import _blast, _console
from pages._console import _
from pages._incident_items import who

S = model.StopStatus


def agencies() -> dict[str, str]:
    """The certification authorities by id, as they are called here."""
    return {name: _console.told(label) for name, label in _console.ask(queries.agencies).items()}


def name_of(agency_id: str, known: dict[str, str]) -> str:
    """What a stop holds for."""
    return _("All authorities") if agency_id == model.ALL else known.get(agency_id, agency_id)


def state() -> None:
    """The head of the page: does everybody issue, or who does not, since when and why."""
    found, known = _console.ask(queries.stops), agencies()
    if not found:
        st.success(
            _("Every authority issues certificates: {list}", list=_console.listed(known.values()))
        )
    for one in found:
        told = _(
            "{who}: issuing is stopped since {time}. {why}",
            who=name_of(one.agency_id, known),
            time=_console.when(one.stopped_at),
            why=one.reason,
        )
        st.error(told)


def call() -> None:
    """On the overview: who is stopped from issuing, how many incidents go on; nothing where all is well."""
    going_on = _console.ask(queries.incidents)
    if _console.ask(queries.stops):
        state()
    elif not going_on:
        return
    st.page_link(
        "incidents.py",
        label=_("Incidents that go on: {n}", n=len(going_on)),
        icon=":material/error:",
    )


def _told(text: str) -> None:
    st.session_state["told"] = text


def panel(handles: bool) -> None:
    """Stops that hold, each with what can be done; a new one; those of the past."""
    known = agencies()
    for one in _console.ask(queries.stops):
        _stop(one, known, handles)
    if handles:
        _new(known)
    past = _console.ask(queries.past_stops)
    if past:
        st.subheader(_("Lifted"))
        _console.table(
            [
                {
                    _("Authority"): name_of(one.agency_id, known),
                    _("From"): _console.when(one.stopped_at),
                    _("Until"): _console.when(one.lifted_at),
                    _("Why it was stopped"): one.reason,
                    _("Why it was lifted"): one.lift_reason,
                    _("Stopped by"): who(one.stopped_by),
                    _("Asked for lifting"): who(one.asked_by),
                    _("Agreed"): who(one.lifted_by),
                }
                for one in past
            ]
        )


def _stop(one: model.Stop, known: dict[str, str], handles: bool) -> None:
    with st.container(border=True, key=f"stop-{one.id}"):
        st.markdown(f"**{name_of(one.agency_id, known)}** · {one.reason}")
        st.caption(
            _(
                "Stopped {time} by {who}",
                time=_console.when(one.stopped_at),
                who=who(one.stopped_by),
            )
        )
        if one.status is S.LIFTING:
            st.warning(
                _(
                    "{who} asks for it to be lifted: {why}. Somebody else agrees or refuses.",
                    who=who(one.asked_by),
                    why=one.lift_reason,
                )
            )
        if not handles:
            return
        with st.container(horizontal=True, vertical_alignment="bottom"):
            if one.status is S.IN_FORCE:
                why = st.text_input(
                    _("Why it can be lifted"), key=f"why-{one.id}", max_chars=model.LONGEST_TEXT
                )
                _console.act_button(
                    _("Ask for it to be lifted"),
                    actions.ask_to_lift,
                    {"stop_id": one.id, "reason": why},
                    name=f"ask-{one.id}",
                    then=lambda _done: _told(_("Somebody else has to agree now.")),
                )
                return
            given = {"stop_id": one.id}
            if one.asked_by != _console.me().text:
                _console.act_button(
                    _("Agree: issue again"),
                    actions.lift_stop,
                    given,
                    name=f"lift-{one.id}",
                    then=lambda _done: _told(_("Lifted. What waited is issued now.")),
                )
            _console.act_button(
                _("Refuse") if one.asked_by != _console.me().text else _("Take back"),
                actions.refuse_lift,
                given,
                name=f"refuse-{one.id}",
                then=lambda _done: _told(_("It goes on as it was.")),
            )


def _new(known: dict[str, str]) -> None:
    st.subheader(_("Stop issuing"))
    st.caption(
        _(
            "At once, by you alone. What was asked for waits; what was issued is revoked, held and"
            " told of as ever. To lift it takes two."
        )
    )
    stopped = {one.agency_id for one in _console.ask(queries.stops)}
    choices = [one for one in (*known, model.ALL) if one not in stopped]
    if not choices:
        return
    going_on = {one.id: one for one in _console.ask(queries.incidents)}
    agency = st.selectbox(
        _("Authority"), choices, format_func=lambda one: name_of(one, known), key="stop-agency"
    )
    incident = st.selectbox(
        _("Incident"),
        ["", *going_on],
        format_func=lambda one: f"{going_on[one].number} · {going_on[one].title}" if one else "—",
        key="stop-incident",
    )
    why = st.text_input(_("Why it is stopped"), key="stop-why", max_chars=model.LONGEST_TEXT)
    if not why.strip():
        st.caption(_("Say why, and you are shown what would stop."))
        return
    _lifters(str(agency))
    given = {"agency_id": agency, "reason": why, "incident_id": incident}
    _blast.guarded(
        "agency.stop",
        str(agency),
        name="stop-issuing",
        action=actions.stop_issuing,
        arguments=given,
        then=lambda _done: _told(_("Issuing is stopped.")),
    )


def _lifters(agency_id: str) -> None:
    """Before a stop is made: who could help to lift it, for nobody does that alone."""
    able = _console.ask(queries.lifters, agency_id)
    if able:
        told = _console.listed(able.values())
        st.caption(_("Who could lift it with you: {n} ({list})", n=len(able), list=told))
        return
    st.warning(
        _(
            "Nobody else may handle incidents here: you can stop it, and nobody can lift it until an"
            " administrator gives somebody else that right."
        )
    )
