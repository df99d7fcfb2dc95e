"""What a member of staff may do."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import actors, errors
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.staffing import model
from engine.staffing.store import people as store

_NOT_A_MACHINES = frozenset(right.value for right in policies.PEOPLE_ONLY)


class MayNot(errors.NotPermitted):
    """Your role does not allow this: it needs the right “{right}” here."""


def actor(q: Reader, staff_id: str) -> actors.Staff | None:
    """A member of staff as an actor, with the grants and their rights in force; None when disabled."""
    staff = store.by_id(q, staff_id)
    if staff is None or staff.status != "active":
        return None
    is_machine = staff.kind == "service"
    granted = store.grants(q, staff_id)
    roles = q.policies(policies.Role) if granted else {}
    grants = tuple(
        actors.Grant(
            role=grant.role,
            rights=_rights(roles.get(grant.role))
            - (_NOT_A_MACHINES if is_machine else frozenset()),
            scope_kind=grant.scope_kind,
            scope_id=grant.scope_id,
        )
        for grant in granted
    )
    return actors.Staff(staff_id=staff_id, grants=grants, machine=is_machine)


def _rights(role: policies.Role | None) -> frozenset[str]:
    return frozenset() if role is None else frozenset(right.value for right in role.rights)


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
    for grant in staff.grants:
        if right in grant.rights and (
            anywhere or grant.covers(platform_id=platform_id, agency_id=agency_id)
        ):
            return True
    return False


def within(
    actor: actors.Actor, right: model.Right, columns: Sequence[str] = ("platform_id", "agency_id")
) -> tuple[str, tuple[str, ...]]:
    """What SQL asks, behind another condition, of rows where an actor holds a right; its parameters.

    `columns` are those of a row's platform and agency that its table has. As `has` says of one row.
    """
    held = [one for one in getattr(actor, "grants", ()) if right in one.rights]
    if any(one.scope_kind == "all" for one in held):
        return "", ()
    owned = ("platform_id" if one.scope_kind == "platform" else "agency_id" for one in held)
    found = [
        (column, one.scope_id) for column, one in zip(owned, held, strict=True) if column in columns
    ]
    if not found:
        return " AND 1 = 0", ()
    either = " OR ".join(f"{column} = ?" for column, _ in found)
    return f" AND ({either})", tuple(scope_id for _, scope_id in found)


def holders(
    q: Reader,
    right: model.Right,
    *,
    platform_id: str | None = None,
    agency_id: str | None = None,
) -> dict[str, str]:
    """Who is let in and holds a right for a platform and agency: their names, by id."""
    found = {}
    for staff in store.everyone(q):
        one = actor(q, staff.id)
        if one is not None and has(one, right, platform_id=platform_id, agency_id=agency_id):
            found[staff.id] = staff.name
    return found


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
