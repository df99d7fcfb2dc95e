"""Granting roles and taking them back. Nobody both grants roles and reviews (`security.md` 3.4)."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.engine import step_up
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.staffing import model, queries
from engine.staffing.actions import limits
from engine.staffing.store import people


class RoleUnknown(errors.InvalidInput):
    """There is no such role. Choose one of those there are."""


class ScopeUnknown(errors.InvalidInput):
    """A role holds everywhere, for one trading platform or for one agency. Choose one there is."""


class GrantedAlready(errors.Conflict):
    """This person holds the role there already."""


def require_scope(op: Operation, scope_kind: str, scope_id: str) -> None:
    """Refuse a scope that there is not.

    Raises: ScopeUnknown.
    """
    known: dict[str, frozenset[str]] = {
        "all": frozenset({""}),
        "platform": frozenset(op.policies(policies.Platform)),
        "agency": frozenset(op.policies(policies.CertificateAgency))
        | frozenset(op.policies(policies.SealAgency)),
    }
    if scope_id not in known.get(scope_kind, frozenset()):
        raise ScopeUnknown(field="scope_id")


def require_role(op: Operation, role: str) -> None:
    """Refuse a role that there is not.

    Raises: RoleUnknown.
    """
    if role not in op.policies(policies.Role):
        raise RoleUnknown(field="role")


def require_granting(op: Operation, scope_kind: str, scope_id: str) -> None:
    """Refuse who may not grant for this scope; the set-up may.

    Raises: queries.MayNot, ScopeUnknown.
    """
    require_scope(op, scope_kind, scope_id)
    if isinstance(op.actor, actors.System):
        return
    queries.require(
        op,
        model.Right.MANAGE_STAFF,
        platform_id=scope_id if scope_kind == "platform" else None,
        agency_id=scope_id if scope_kind == "agency" else None,
    )


def give(
    op: Operation, staff: model.Staff, roles: tuple[str, ...], scope_kind: str, scope_id: str
) -> None:
    """Write the grants of roles within a scope; the caller records the fact.

    Raises: RoleUnknown, GrantedAlready, queries.GrantsAndReviews.
    """
    for role in roles:
        require_role(op, role)
    queries.require_no_conflict(op, staff, more=roles)
    held = {(g.role, g.scope_kind, g.scope_id) for g in people.grants(op, staff.id)}
    for role in dict.fromkeys(str(role) for role in roles):
        if (role, scope_kind, scope_id) in held:
            raise GrantedAlready(field="role")
        op.insert(
            "staff_grant",
            model.StaffGrant(
                id=op.new_id("grt"),
                staff_id=staff.id,
                role=role,
                scope_kind=scope_kind,
                scope_id=scope_id,
                granted_at=op.now,
            ),
        )


@step_up
def grant_role(
    op: Operation, *, staff_id: str, role: str, scope_kind: str = "all", scope_id: str = ""
) -> model.Profile:
    """Grant a role to somebody else.

    Emits: staff.role_granted. Raises: queries.MayNot, OwnAccount, RoleUnknown, ScopeUnknown,
    GrantedAlready, queries.GrantsAndReviews, StepUpNeeded.
    """
    require_granting(op, scope_kind, scope_id)
    staff = limits.somebody_else(op, staff_id)
    was = _told(op, staff.id)
    give(op, staff, (role,), scope_kind, scope_id)
    now = _told(op, staff.id)
    op.record(
        "staff.role_granted",
        staff.id,
        role=role,
        scope=f"{scope_kind}:{scope_id}",
        was=was,
        now=now,
    )
    return queries.profile(op, staff.id)


@step_up
def revoke_role(op: Operation, *, grant_id: str) -> model.Profile:
    """Take a granted role back; it is gone at the holder's next request.

    Emits: staff.role_revoked. Raises: queries.MayNot, OwnAccount, LastAdministrator,
    Conflict, StepUpNeeded.
    """
    if not isinstance(op.actor, actors.System):
        queries.require(op, model.Right.MANAGE_STAFF, anywhere=True)
    grant = op.get(model.StaffGrant, "staff_grant", grant_id)
    require_granting(op, grant.scope_kind, grant.scope_id)
    staff = limits.somebody_else(op, grant.staff_id)
    was = _told(op, staff.id)
    op.update("staff_grant", grant.id, {"revoked_at": op.now}, was={"revoked_at": None})
    limits.require_administrator_left(op)
    scope = f"{grant.scope_kind}:{grant.scope_id}"
    op.record(
        "staff.role_revoked",
        staff.id,
        role=grant.role,
        scope=scope,
        was=was,
        now=_told(op, staff.id),
    )
    return queries.profile(op, staff.id)


def _told(op: Operation, staff_id: str) -> list[str]:
    return [f"{g.role}@{g.scope_kind}:{g.scope_id}" for g in people.grants(op, staff_id)]
