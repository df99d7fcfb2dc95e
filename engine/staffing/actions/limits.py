"""What nobody may do to whom: not to oneself, and not to the last administrator."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.operation import Operation
from engine.staffing import model, queries
from engine.staffing.store import people


class OwnAccount(errors.NotPermitted):
    """Nobody does this to their own account. Ask another administrator."""


class LastAdministrator(errors.PolicyRefused):
    """Nobody would be left who manages staff. Make somebody else administrator first."""


class MachineAccount(errors.NotPermitted):
    """This is a machine's account. It is changed where machines are registered; nobody signs in by it."""


def somebody_else(op: Operation, staff_id: str) -> model.Staff:
    """A member of staff other than who acts, and a person.

    Raises: OwnAccount, MachineAccount, NotFound.
    """
    if isinstance(op.actor, actors.Staff) and op.actor.staff_id == staff_id:
        raise OwnAccount()
    found = op.get(model.Staff, "staff", staff_id)
    if found.kind == "service":
        raise MachineAccount()
    return found


def require_administrator_left(op: Operation) -> None:
    """Refuse what would leave nobody to manage staff.

    Raises: LastAdministrator.
    """
    for staff in people.everyone(op):
        found = queries.actor(op, staff.id)
        if found is not None and queries.has(found, model.Right.MANAGE_STAFF):
            return
    raise LastAdministrator()
