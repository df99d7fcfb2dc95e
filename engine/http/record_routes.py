"""What staff ask and do about records of every kind through a door (OPS-6, SEC-1)."""

from __future__ import annotations

from engine.http.routing import Route, asks, does
from engine.records import actions, queries

ROUTES: tuple[Route, ...] = (
    asks("staff", queries.find, "Records by a number, a name, a phone, a code"),
    asks("staff", queries.record, "One record: facts, states, papers, what is linked"),
    asks("staff", queries.history, "A record's history, with old and new values"),
    asks("staff", queries.listed, "A part of the records of a kind, filtered"),
    asks("staff", queries.filters, "What the records of a kind can be filtered by"),
    asks("staff", queries.views, "The saved lists of records"),
    does("staff", actions.save_view, "Keep a list of records under a name"),
    does("staff", actions.delete_view, "Delete a list of one's own"),
    asks("staff", queries.held, "What is kept sealed of a record or a colleague, masked"),
    does("staff", actions.reveal, "Show one protected value in full, on a ground"),
    asks("staff", queries.reveals, "Who looked behind a record's masks"),
)
