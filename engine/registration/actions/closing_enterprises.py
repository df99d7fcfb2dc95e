"""An enterprise ends here when nobody is left to act for it, and may be claimed anew (ENT-1, ENT-2)."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.registration import model, queries, store
from engine.registration.actions import members
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
    members.end_membership(op, found, "leave", last_too=True)
    end_if_left(op, enterprise_id)
    return queries.enterprise(op, enterprise_id)


def end_if_left(op: Operation, enterprise_id: str) -> None:
    """End an enterprise that nobody belongs to any more. Composed where a last membership ends.

    Emits: enterprise.closed, invitation.cancelled, change.rejected, case.withdrawn.
    """
    if store.members(op, enterprise_id):
        return
    found = queries.enterprise(op, enterprise_id)
    status = model.ENTERPRISE.advance(found.status, "close")
    op.update("enterprise", found.id, {"status": status}, was={"status": found.status})
    op.record("enterprise.closed", found.id)
    for one in store.invitations_of(op, enterprise_id):
        if model.INVITATION.allows(one.status, "cancel"):
            after = model.INVITATION.advance(one.status, "cancel")
            changes = {"status": after, "ended_at": op.now}
            op.update("invitation", one.id, changes, was={"status": one.status})
            op.record(
                "invitation.cancelled",
                one.id,
                enterprise_id=enterprise_id,
                account_id=one.account_id,
                way=one.way,
            )
    for change in store.changes_of(op, enterprise_id):
        if model.CHANGE.allows(change.status, "reject"):
            given_up = model.CHANGE.advance(change.status, "reject")
            changes = {"status": given_up, "decided_at": op.now}
            op.update("enterprise_change", change.id, changes, was={"status": change.status})
            op.record("change.rejected", change.id, decided_by=op.actor.text)
            reviewing.close_open(op, subject_id=change.id)
