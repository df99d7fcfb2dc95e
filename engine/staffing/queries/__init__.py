"""Who is signed in, what they may do, and what is known of them."""

from __future__ import annotations

from engine.staffing.queries.people import (
    are_one_person,
    everyone,
    history,
    is_enrolled,
    links,
    listed,
    my_profile,
    name_of,
    own_accounts,
    profile,
    recovery_codes_left,
    require_no_conflict,
    rights_to_be,
    same_person,
    toured,
)
from engine.staffing.queries.rights import MayNot, actor, has, holders, require, within
from engine.staffing.queries.sessions import (
    my_session,
    my_sessions,
    pending,
    sessions_of,
    staff_by_token,
)

__all__ = [
    "MayNot",
    "actor",
    "are_one_person",
    "everyone",
    "has",
    "history",
    "holders",
    "is_enrolled",
    "links",
    "listed",
    "my_profile",
    "my_session",
    "my_sessions",
    "name_of",
    "own_accounts",
    "pending",
    "profile",
    "recovery_codes_left",
    "require",
    "require_no_conflict",
    "rights_to_be",
    "same_person",
    "sessions_of",
    "staff_by_token",
    "toured",
    "within",
]
