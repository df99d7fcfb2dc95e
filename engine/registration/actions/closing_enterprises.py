"""An enterprise ends here when nobody is left to act for it, and may be claimed anew (ENT-1, ENT-2)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.registration import model, queries, store
from engine.registration.actions import invitations, members
from engine.reviewing import actions as reviewing


class OthersAreMembers(errors.PolicyRefused):
    """Others still belong to this enterprise. Transfer the administrator's role, or remove them first."""


@second_factor
def close_enterprise(op: Operation, *, enterprise_id: str) -> model.Enterprise:
    """Leave an enterprise as the only one who belongs to it: it ends here, and so does what it holds.

    Its certificates are revoked, its seals deleted, its accounts at platforms closed; what was signed stays
    as it is. It can be claimed again. Emits: member.left, enterprise.closed, and what stages above record.
    Raises: NotAMember, OthersAreMembers.
    """
    found = queries.require_member(op, enterprise_id, (model.MemberRole.ADMINISTRATOR,))
    if len(store.members(op, enterprise_id)) > 1:
        raise OthersAreMembers()
    leave(op, found)
    return queries.enterprise(op, enterprise_id)


def leave(op: Operation, membership: model.Membership) -> None:
    """End a membership, were it the last administrator's, and the enterprise with the last one.

    Composed by the end of an account. Emits: member.left, enterprise.closed, invitation.cancelled,
    change.rejected, case.withdrawn.
    """
    members.end_membership(op, membership, "leave", last_too=True)
    if not store.members(op, membership.enterprise_id):
        _end(op, membership.enterprise_id)


def _end(op: Operation, enterprise_id: str) -> None:
    found = queries.enterprise(op, enterprise_id)
    status = model.ENTERPRISE.advance(found.status, "close")
    op.update("enterprise", found.id, {"status": status}, was={"status": found.status})
    op.record("enterprise.closed", found.id)
    for one in store.invitations_of(op, enterprise_id):
        invitations.end(op, one, "cancel", one.account_id)
    for change in store.changes_of(op, enterprise_id):
        if model.CHANGE.allows(change.status, "reject"):
            given_up = model.CHANGE.advance(change.status, "reject")
            changes = {"status": given_up, "decided_at": op.now}
            op.update("enterprise_change", change.id, changes, was={"status": change.status})
            op.record("change.rejected", change.id, decided_by=op.actor.text)
            reviewing.close_open(op, subject_id=change.id)
