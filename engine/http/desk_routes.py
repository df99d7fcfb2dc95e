"""What the console's other screens ask and do: a case's sheet, settings, jobs that are stuck, drills."""

from __future__ import annotations

from engine.boot import reviews
from engine.calls import queries as callers
from engine.http.routing import Route, asks, does
from engine.invoicing import queries as invoices
from engine.operating import actions as operating
from engine.operating import queries as jobs
from engine.policies import actions as settings
from engine.policies import checking as proposals
from engine.policies import queries as versions
from engine.rehearsing import actions as rehearsing
from engine.rehearsing import queries as troubles
from engine.reviewing import queries as cases
from engine.sealing import previews as seal_pictures
from engine.staffing import queries as colleagues

ROUTES: tuple[Route, ...] = (
    asks("staff", reviews.sheet_of, "What a reviewer sees of a case"),
    asks("staff", reviews.corrections_of, "What a case changes about the one it corrects"),
    asks("staff", cases.kinds_seen, "The kinds of case that one may decide"),
    asks("staff", cases.colleagues, "Who else works at the desk"),
    asks("staff", cases.office_open, "Whether it is office hours"),
    asks("staff", seal_pictures.as_it_will_look, "The seal that an application asks for"),
    asks("staff", invoices.document, "An invoice as its PDF"),
    asks("staff", callers.my_calls, "The calls that one answered"),
    asks("staff", callers.my_open_call, "The call that one is answering"),
    asks("staff", colleagues.listed, "The staff accounts with their roles"),
    asks("staff", colleagues.my_session, "The session that asks"),
    does("staff", settings.propose, "Propose a new version of a setting"),
    does("staff", settings.approve, "Approve a proposed version"),
    does("staff", settings.withdraw, "Take one's own proposal back"),
    does("staff", settings.reject, "Reject a proposed version"),
    asks("staff", proposals.preview, "What a proposal would change, and why it cannot be made"),
    asks("staff", versions.history, "Every version of a setting, who proposed and approved it"),
    asks("staff", proposals.pending, "The proposals that wait for a second person"),
    asks("staff", jobs.unfinished, "The jobs that are stuck or are tried again"),
    does("staff", operating.take_up, "Have stuck jobs done again"),
    does("staff", operating.take_up_kind, "Have every stuck job of a kind done again"),
    asks("staff", troubles.in_force, "The trouble of outside parties that is rehearsed"),
    does("staff", rehearsing.begin, "Have an outside party be in trouble"),
    does("staff", rehearsing.end, "Put an end to rehearsed trouble"),
)
