"""Whose session it is, and which sessions there are."""

from __future__ import annotations

import dataclasses

from engine.kernel import actors, clock
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.staffing import model
from engine.staffing.queries import rights
from engine.staffing.store import sessions as store


def _idle_ms(q: Reader) -> int:
    return q.policy(policies.Sessions).staff_idle_minutes * clock.MINUTE


def staff_by_token(q: Reader, token: str) -> actors.Staff | None:
    """Whose living session a cookie's token stands for; looked up on every request.

    A sign-in that still lacks a step is nobody.
    """
    found = store.living(q, token, _idle_ms(q))
    if found is None or found.step:
        return None
    staff = rights.actor(q, found.staff_id)
    if staff is None:
        return None
    return dataclasses.replace(staff, session_id=found.id, second_factor_at=found.second_factor_at)


def pending(q: Reader, token: str) -> model.Session | None:
    """A sign-in that still lacks a step, while it may be gone on with."""
    found = store.living(q, token, _idle_ms(q))
    return found if found is not None and found.step else None


def my_session(q: Reader) -> model.Session | None:
    """The session that asks."""
    actor = q.actor
    return store.by_id(q, actor.session_id) if isinstance(actor, actors.Staff) else None


def my_sessions(q: Reader) -> list[model.Session]:
    """The living sessions of the signed-in member of staff, newest first.

    Raises: MayNot.
    """
    if not isinstance(q.actor, actors.Staff):
        raise rights.MayNot(right=model.Right.LOOK_UP.value)
    return store.of_staff(q, q.actor.staff_id, _idle_ms(q))


def sessions_of(q: Reader, staff_id: str) -> list[model.Session]:
    """Anybody's living sessions, for administrators; one's own for everybody.

    Raises: MayNot.
    """
    if not isinstance(q.actor, actors.Staff) or q.actor.staff_id != staff_id:
        rights.require(q, model.Right.MANAGE_STAFF)
    return store.of_staff(q, staff_id, _idle_ms(q))
