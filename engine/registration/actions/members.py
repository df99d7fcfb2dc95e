"""Members of an enterprise: their roles, how they leave, and the transfer of a role (ENT-2)."""

from __future__ import annotations

from engine.kernel import clock, errors
from engine.kernel.engine import second_factor
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import model, queries, store

_ADMINISTRATOR = (model.MemberRole.ADMINISTRATOR,)


class LastAdministrator(errors.PolicyRefused):
    """An enterprise needs an administrator, and this is the last one. Transfer the role first."""


class AlreadyMember(errors.Conflict):
    """This person belongs to the enterprise already."""


class RoleUnchanged(errors.PolicyRefused):
    """This member has that role already."""


class NotThisMember(errors.PolicyRefused):
    """The role can only be offered to another member who isn't an administrator yet."""


class OfferLapsed(errors.PolicyRefused):
    """This offer no longer holds: its time is over, or one of you has left or changed roles."""


def join(
    op: Operation, enterprise_id: str, account_id: str, role: model.MemberRole
) -> model.Membership:
    """Make a person a member, or again one. Composed by invitations, applications and approvals.

    Emits: member.joined. Raises: AlreadyMember.
    """
    known = store.ever_member(op, enterprise_id, account_id)
    if known is None:
        found = model.Membership(
            id=op.new_id("mem"),
            enterprise_id=enterprise_id,
            account_id=account_id,
            role=role,
            status=model.MEMBERSHIP.initial,
            created_at=op.now,
        )
        op.insert("membership", found)
    else:
        if known.status is model.MemberStatus.ACTIVE:
            raise AlreadyMember()
        status = model.MEMBERSHIP.advance(known.status, "rejoin")
        changes = {"status": status, "role": role, "created_at": op.now, "ended_at": None}
        op.update("membership", known.id, changes, was={"status": known.status})
        found = op.get(model.Membership, "membership", known.id)
    op.record(
        "member.joined", found.id, enterprise_id=enterprise_id, account_id=account_id, role=role
    )
    return found


def end_membership(
    op: Operation, found: model.Membership, verb: str, *, last_too: bool = False
) -> None:
    """End a membership, and the offers that hang on it. Composed by leaving, removing and closing.

    `last_too` when an account has ended: then even the last administrator is gone.
    Emits: member.left, transfer.cancelled. Raises: LastAdministrator.
    """
    if not last_too:
        _keeps_an_administrator(op, found)
    status = model.MEMBERSHIP.advance(found.status, verb)
    op.update(
        "membership", found.id, {"status": status, "ended_at": op.now}, was={"status": found.status}
    )
    op.record(
        "member.left",
        found.id,
        enterprise_id=found.enterprise_id,
        account_id=found.account_id,
        how=verb,
    )
    for offer in store.transfers_of(op, found.id):
        _end_offer(op, offer, "cancel")


def _keeps_an_administrator(op: Operation, found: model.Membership) -> None:
    """Refuse what would leave an enterprise without an administrator.

    Raises: LastAdministrator.
    """
    if found.role in _ADMINISTRATOR:
        others = [a for a in store.administrators(op, found.enterprise_id) if a != found.account_id]
        if not others:
            raise LastAdministrator()


def _living(op: Operation, membership_id: str) -> model.Membership:
    """A living membership of an enterprise that the actor administers.

    Raises: NotFound, NotAMember, NotPossibleNow.
    """
    found = op.get(model.Membership, "membership", membership_id)
    queries.require_member(op, found.enterprise_id, _ADMINISTRATOR)
    model.MEMBERSHIP.advance(found.status, "leave")
    return found


def tell(
    op: Operation, enterprise_id: str, account_id: str, kind: str, *, todo: bool = False
) -> None:
    """A message about an enterprise to one of the people concerned. Composed here and by invitations.

    Emits: message.sent.
    """
    name = queries.enterprise(op, enterprise_id).name
    messaging.notify(
        op,
        account_id=account_id,
        kind=kind,
        params={"name": name},
        subject=enterprise_id,
        todo=todo,
    )


def tell_administrators(
    op: Operation, enterprise_id: str, kind: str, *, todo: bool = False
) -> None:
    """A message to every administrator but the one who acts.

    Emits: message.sent.
    """
    for account_id in store.administrators(op, enterprise_id):
        if op.actor.text != f"person:{account_id}":
            tell(op, enterprise_id, account_id, kind, todo=todo)


def change_role(op: Operation, *, membership_id: str, role: model.MemberRole) -> model.Membership:
    """Give a member another role; the last administrator keeps theirs.

    Emits: member.role_changed. Raises: NotAMember, RoleUnchanged, LastAdministrator.
    """
    found = _living(op, membership_id)
    if found.role is role:
        raise RoleUnchanged(field="role")
    _keeps_an_administrator(op, found)
    op.update("membership", found.id, {"role": role}, was={"role": found.role})
    op.record(
        "member.role_changed",
        found.id,
        enterprise_id=found.enterprise_id,
        role=role,
        was=found.role,
    )
    for offer in store.transfers_of(op, found.id):
        _end_offer(op, offer, "cancel")
    tell(op, found.enterprise_id, found.account_id, "member.role_changed")
    return op.get(model.Membership, "membership", membership_id)


@second_factor
def remove_member(op: Operation, *, membership_id: str) -> None:
    """Take a member out of the enterprise.

    Emits: member.left. Raises: NotAMember, LastAdministrator, NotPossibleNow.
    """
    found = _living(op, membership_id)
    end_membership(op, found, "remove")
    tell(op, found.enterprise_id, found.account_id, "member.removed")


def leave_enterprise(op: Operation, *, enterprise_id: str) -> None:
    """Leave an enterprise oneself; the last administrator cannot.

    Emits: member.left. Raises: NotAMember, LastAdministrator.
    """
    found = queries.require_member(op, enterprise_id)
    end_membership(op, found, "leave")
    tell_administrators(op, enterprise_id, "member.has_left")


# -- the administrator's role ----------------------------------------------------------------------


@second_factor
def offer_transfer(op: Operation, *, enterprise_id: str, membership_id: str) -> model.Transfer:
    """Offer one's own administrator's role to another member; an earlier open offer is taken back.

    Emits: transfer.offered, transfer.cancelled. Raises: NotAMember, NotThisMember, NotPossibleNow.
    """
    mine = queries.require_member(op, enterprise_id, _ADMINISTRATOR)
    other = _living(op, membership_id)
    if other.enterprise_id != enterprise_id or other.role in _ADMINISTRATOR:
        raise NotThisMember(field="membership_id")
    for earlier in store.transfers_of(op, mine.id):
        _end_offer(op, earlier, "cancel")
    hours = op.policy(policies.MembershipRules).transfer_hours
    offer = model.Transfer(
        id=op.new_id("trf"),
        enterprise_id=enterprise_id,
        from_membership_id=mine.id,
        to_membership_id=other.id,
        status=model.TRANSFER.initial,
        created_at=op.now,
        expires_at=op.now + hours * clock.HOUR,
        ended_at=None,
    )
    op.insert("administrator_transfer", offer)
    op.record("transfer.offered", offer.id, enterprise_id=enterprise_id)
    tell(op, enterprise_id, other.account_id, "member.transfer_offered", todo=True)
    return offer


def _end_offer(op: Operation, offer: model.Transfer, verb: str) -> None:
    status = model.TRANSFER.advance(offer.status, verb)
    changes = {"status": status, "ended_at": op.now}
    op.update("administrator_transfer", offer.id, changes, was={"status": offer.status})
    target = op.get(model.Membership, "membership", offer.to_membership_id)
    op.record(
        f"transfer.{status}",
        offer.id,
        enterprise_id=offer.enterprise_id,
        account_id=target.account_id,
    )


@second_factor
def answer_transfer(op: Operation, *, transfer_id: str, accept: bool) -> model.Transfer:
    """Take the administrator's role over, or decline it; both roles switch at once.

    Emits: transfer.accepted, transfer.declined, member.role_changed.
    Raises: NotFound for others, OfferLapsed, NotPossibleNow.
    """
    offer = op.get(model.Transfer, "administrator_transfer", transfer_id)
    target = op.get(model.Membership, "membership", offer.to_membership_id)
    giver = op.get(model.Membership, "membership", offer.from_membership_id)
    if target.account_id != queries.person(op).account_id:
        raise errors.NotFound(what="offer")
    living = target.status is giver.status is model.MemberStatus.ACTIVE
    if op.now >= offer.expires_at or not living or giver.role not in _ADMINISTRATOR:
        raise OfferLapsed()
    _end_offer(op, offer, "accept" if accept else "decline")
    if accept:
        queries.real_named(op)
        for found, role in (
            (target, model.MemberRole.ADMINISTRATOR),
            (giver, model.MemberRole.HANDLER),
        ):
            op.update("membership", found.id, {"role": role}, was={"role": found.role})
            op.record(
                "member.role_changed",
                found.id,
                enterprise_id=offer.enterprise_id,
                role=role,
                was=found.role,
            )
    kind = "member.transfer_accepted" if accept else "member.transfer_declined"
    tell(op, offer.enterprise_id, giver.account_id, kind)
    return op.get(model.Transfer, "administrator_transfer", transfer_id)
