"""Saved questions in SQL through a door (RPT-5); they are asked in the console, beside the copy."""

from __future__ import annotations

from engine.asking import actions as asking
from engine.asking import queries as asked
from engine.http.routing import Route, asks, does

ROUTES: tuple[Route, ...] = (
    asks("staff", asked.rules, "What one question in SQL may take"),
    asks("staff", asked.questions, "The saved questions in SQL"),
    asks("staff", asked.question, "One saved question in SQL"),
    does("staff", asking.save_question, "Save a question in SQL"),
    does("staff", asking.change_question, "Change a question of one's own"),
    does("staff", asking.delete_question, "Delete a question of one's own"),
    does("staff", asking.note_asked, "Write down that a question in SQL was asked"),
)
