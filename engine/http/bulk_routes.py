"""Doing one thing to many over HTTP: freezing, trying, agreeing, running, and the results (OPS-4)."""

from __future__ import annotations

from engine.bulk import actions as bulk
from engine.bulk import queries as bulks
from engine.http.routing import Route, asks, does

ROUTES: tuple[Route, ...] = (
    asks("staff", bulks.offered, "What one may do to many"),
    asks("staff", bulks.listed, "The bulk acts that one sees"),
    asks("staff", bulks.one, "A bulk act with how far it is"),
    asks("staff", bulks.items, "The items of a bulk act with their results"),
    does("staff", bulk.freeze_cases, "Freeze the cases that match, and try an act upon each"),
    does("staff", bulk.freeze_certificates, "Freeze the certificates that match, and try an act"),
    does("staff", bulk.freeze_jobs, "Freeze the stuck jobs that match, and try an act"),
    does("staff", bulk.freeze_refused, "Make a new list of what a bulk act refused"),
    does("staff", bulk.rehearse_again, "Try a frozen list once more"),
    does("staff", bulk.approve, "Agree to somebody's list and dry run"),
    does("staff", bulk.start, "Run a list that was tried"),
    does("staff", bulk.pause, "Let a bulk act rest"),
    does("staff", bulk.go_on, "Go on with a bulk act"),
    does("staff", bulk.stop, "Stop a bulk act for good"),
    does("staff", bulk.drop, "Put a list away that was never run"),
)
