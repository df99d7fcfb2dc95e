"""What staff do with staff accounts through a door: roles, sessions, own password (OPS-7).

Signing in has pages of its own, because its cookies are; setting up a second factor is done in the console.
"""

from __future__ import annotations

from engine.http.routing import Route, asks, does
from engine.staffing import actions as staffing
from engine.staffing import queries as colleagues

ROUTES: tuple[Route, ...] = (
    asks("staff", colleagues.my_profile, "The signed-in member of staff"),
    asks("staff", colleagues.my_sessions, "Where one is signed in"),
    asks("staff", colleagues.sessions_of, "Where somebody is signed in"),
    asks("staff", colleagues.history, "What was done to an account, with old and new value"),
    asks("staff", colleagues.links, "The outside accounts that open a staff account"),
    does("staff", staffing.create_staff, "Make a staff account with its roles"),
    does("staff", staffing.change_staff, "Change somebody's name and own numbers"),
    does("staff", staffing.grant_role, "Grant a role within a scope"),
    does("staff", staffing.revoke_role, "Take a role back"),
    does("staff", staffing.disable_staff, "Let somebody in no more"),
    does("staff", staffing.enable_staff, "Let somebody in again"),
    does("staff", staffing.reset_staff_password, "Give somebody a password for one sign-in"),
    does("staff", staffing.reset_totp, "Take a lost second factor away"),
    does("staff", staffing.link_oidc, "Let an outside account open a staff account"),
    does("staff", staffing.unlink_oidc, "Take a link to an outside account away"),
    does("staff", staffing.step_up, "Prove the second factor once more"),
    does("staff", staffing.change_my_password, "Change one's own password"),
    does("staff", staffing.end_session, "End one session"),
    does("staff", staffing.end_sessions, "End all sessions of somebody"),
    does("staff", staffing.end_my_other_sessions, "End one's own other sessions"),
    asks("staff", colleagues.toured, "Whether one was shown around the console"),
    does("staff", staffing.end_tour, "Note that one was shown around the console"),
)
