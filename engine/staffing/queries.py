"""Who is signed in and what they may do."""

from __future__ import annotations

from engine.kernel import actors, clock, errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.staffing import model, store


class MayNot(errors.NotPermitted):
    """Your role does not allow this: it needs the right “{right}” here."""


def staff_by_token(q: Reader, token: str) -> actors.Staff | None:
    """Whose living session a cookie's token stands for; looked up on every request."""
    idle_ms = q.policy(policies.Sessions).staff_idle_minutes * clock.MINUTE
    staff_id = store.live_session(q, token, idle_ms)
    return None if staff_id is None else actor(q, staff_id)


def actor(q: Reader, staff_id: str) -> actors.Staff | None:
    """A member of staff as an actor, with the grants in force; None when disabled."""
    staff = q.first(model.Staff, "SELECT * FROM staff WHERE id = ?", (staff_id,))
    if staff is None or staff.status != "active":
        return None
    grants = tuple(
        actors.Grant(role=grant.role, scope_kind=grant.scope_kind, scope_id=grant.scope_id)
        for grant in store.grants(q, staff_id)
    )
    return actors.Staff(staff_id=staff_id, grants=grants)


def has(
    staff: actors.Actor,
    right: model.Right,
    *,
    platform_id: str | None = None,
    agency_id: str | None = None,
    anywhere: bool = False,
) -> bool:
    """Whether an actor holds a right for a platform and agency (or `anywhere` at all)."""
    if not isinstance(staff, actors.Staff):
        return False
    return any(
        right in model.RIGHTS[model.Role(grant.role)]
        and (anywhere or grant.covers(platform_id=platform_id, agency_id=agency_id))
        for grant in staff.grants
    )


def require(
    q: Reader,
    right: model.Right,
    *,
    platform_id: str | None = None,
    agency_id: str | None = None,
    anywhere: bool = False,
) -> actors.Staff:
    """The actor, who must hold a right here.

    Raises: MayNot.
    """
    staff = q.actor
    held = has(staff, right, platform_id=platform_id, agency_id=agency_id, anywhere=anywhere)
    if not isinstance(staff, actors.Staff) or not held:
        raise MayNot(right=right.value)
    return staff


def profile(q: Reader, staff_id: str) -> model.Profile:
    """A member of staff as the console shows them.

    Raises: NotFound.
    """
    staff = q.get(model.Staff, "staff", staff_id)
    roles = tuple(grant.role for grant in store.grants(q, staff_id))
    return model.Profile(id=staff.id, login=staff.login, name=staff.name, roles=roles)


def everyone(q: Reader) -> list[model.Profile]:
    """All staff, by login."""
    return [profile(q, staff.id) for staff in store.everyone(q)]
