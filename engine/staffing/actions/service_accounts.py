"""Accounts that machines act under: they have grants as people have, and no way to sign in.

Who may make one, and who approves it, is decided by the stage that registers machines; so none of these is
offered by a door, and each leaves its fact to its caller.
"""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.staffing import model
from engine.staffing.actions import grants
from engine.staffing.store import people


class NotAMachine(errors.InvalidInput):
    """This account is a person's."""


def make_service_account(op: Operation, *, name: str) -> model.Staff:
    """A new account for a machine: switched off, and without a grant."""
    staff_id = op.new_id("stf")
    made = model.Staff(
        id=staff_id,
        login=f"machine-{staff_id.removeprefix('stf_')}",
        name=name,
        status="disabled",
        created_at=op.now,
        kind="service",
    )
    op.insert("staff", made)
    return made


def let_act(op: Operation, *, staff_id: str, role: str, scope_kind: str, scope_id: str) -> None:
    """Give a machine's account this role within this scope and no other, and switch it on.

    Raises: NotAMachine, RoleUnknown, ScopeUnknown.
    """
    staff = _machine(op, staff_id)
    require_access(op, role=role, scope_kind=scope_kind, scope_id=scope_id)
    wanted = (role, scope_kind, scope_id)
    for held in people.grants(op, staff.id):
        if (held.role, held.scope_kind, held.scope_id) == wanted:
            break
        op.update("staff_grant", held.id, {"revoked_at": op.now}, was={"revoked_at": None})
    else:
        grants.give(op, staff, (role,), scope_kind, scope_id)
    if staff.status != "active":
        op.update("staff", staff.id, {"status": "active"}, was={"status": staff.status})


def let_act_no_more(op: Operation, *, staff_id: str) -> None:
    """Switch a machine's account off, from its next request on.

    Raises: NotAMachine.
    """
    staff = _machine(op, staff_id)
    if staff.status == "active":
        op.update("staff", staff.id, {"status": "disabled"}, was={"status": "active"})


def require_access(op: Operation, *, role: str, scope_kind: str, scope_id: str) -> None:
    """Refuse a role or a scope that there is not.

    Raises: RoleUnknown, ScopeUnknown.
    """
    grants.require_role(op, role)
    grants.require_scope(op, scope_kind, scope_id)


def _machine(op: Operation, staff_id: str) -> model.Staff:
    found = op.get(model.Staff, "staff", staff_id)
    if found.kind != "service":
        raise NotAMachine()
    return found
