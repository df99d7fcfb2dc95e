"""Incidents: what goes wrong now, what is stopped for it, and the record of each (OPS-6)."""

from __future__ import annotations

import streamlit as st

from engine.incidents import model, queries
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from pages import _console, _incident_items, _incident_record, _incident_stops
from pages._console import _

staff = _console.require()
HANDLES = staffing.has(staff, Right.HANDLE_INCIDENTS, anywhere=True)


def _late(one: model.Incident, now: int) -> str:
    if one.status is not model.IncidentStatus.OPEN:
        return ""
    left = one.contain_by - now
    if left <= 0:
        return _("{time} late", time=_console.span(-left))
    return _("{time} left", time=_console.span(left))


def _list(found: list[model.Incident], now: int) -> None:
    kinds = _console.ask(queries.kinds)
    _console.table(
        [
            {
                _("Number"): one.number,
                _("Status"): _incident_record.status_word(one.status),
                _("Kind"): _console.told(kinds[one.kind].text) if one.kind in kinds else one.kind,
                _("Title"): one.title,
                _("Began"): _console.when(one.began_at),
                _("To be contained"): _late(one, now),
            }
            for one in found
        ]
    )
    by_id = {one.id: one for one in found}
    given = st.query_params.get("incident", "")
    chosen = st.selectbox(
        _("Look at an incident"),
        list(by_id),
        index=list(by_id).index(given) if given in by_id else None,
        format_func=lambda one: f"{by_id[one].number} · {by_id[one].title}",
        key="incident",
        placeholder=_("Choose an incident"),
    )
    if chosen in by_id:
        st.query_params["incident"] = str(chosen)


def _due() -> None:
    """Action items that are still to be done, over all incidents."""
    found = _console.ask(queries.items_to_do)
    if not found:
        _console.empty(_("No action item is open. They are added in the record of an incident."))
        return
    _incident_items.table(found)


_console.title(
    _("Incidents"),
    _(
        "What went wrong, what is done about it, and whether the authorities issue certificates now."
    ),
)
_incident_stops.state()
at = _console.view(
    {
        "open": _("Going on"),
        "closed": _("Closed"),
        "items": _("Action items"),
        "stops": _("Stops of issuing"),
    }
)
if at == "items":
    _due()
elif at == "stops":
    _incident_stops.panel(HANDLES)
else:
    incidents = _console.ask(queries.incidents, closed=at == "closed")
    if HANDLES and at == "open":
        _incident_record.new()
    if incidents:
        _list(incidents, _console.world().engine.now())
    elif at == "open":
        st.success(_("Nothing is wrong that anybody has written down."))
    else:
        _console.empty(_("No incident has been closed yet."))
    asked = st.query_params.get("incident", "")
    if asked in {one.id for one in incidents}:
        _incident_record.show(asked, HANDLES)
