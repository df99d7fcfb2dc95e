"""What staff do about incidents and stops of issuing through a door."""

from __future__ import annotations

from engine.http.routing import Route, asks, does
from engine.impact import actions as impact
from engine.incidents import actions, queries

ROUTES: tuple[Route, ...] = (
    asks("staff", queries.incidents, "The incidents that go on, or those that are closed"),
    asks("staff", queries.incident, "An incident with its timeline, action items and stops"),
    asks("staff", queries.about, "The incidents that a record is a subject of"),
    asks("staff", queries.items_to_do, "Every action item that is still to be done"),
    asks("staff", queries.owners, "Who an action item can belong to"),
    asks("staff", queries.agencies, "What the certification authorities are called"),
    asks("staff", queries.kinds, "The kinds of incident"),
    asks("staff", queries.lifters, "Who else could agree that a stop is lifted"),
    asks("staff", queries.stops, "The stops of issuing that hold"),
    asks("staff", queries.past_stops, "The newest stops of issuing that were lifted"),
    does("staff", impact.would_stop, "What an act would stop, told before it is done"),
    does("staff", actions.open_incident, "Open an incident"),
    does("staff", actions.note_incident, "Write a note into an incident's timeline"),
    does("staff", actions.name_subject, "Say that an incident is about a record"),
    does("staff", actions.describe_incident, "Write what happened, why, and what was learnt"),
    does("staff", actions.contain_incident, "Say that an incident does no more harm"),
    does("staff", actions.close_incident, "Close an incident whose record is whole"),
    does("staff", actions.reopen_incident, "Take an incident up again"),
    does("staff", actions.add_item, "Add an action item to an incident"),
    does("staff", actions.do_item, "Say that an action item is done"),
    does("staff", actions.drop_item, "Drop an action item"),
    does("staff", actions.stop_issuing, "Stop a CA, or all of them, from issuing"),
    does("staff", actions.ask_to_lift, "Ask for a stop of issuing to be lifted"),
    does("staff", actions.refuse_lift, "Refuse to lift a stop of issuing"),
    does("staff", actions.lift_stop, "Agree that a stop of issuing is lifted"),
)
