"""Members, invitations, applications and transfers, each as those concerned may see them (ENT-2)."""

from __future__ import annotations

from engine.kernel import errors, identifiers
from engine.kernel.reader import Reader
from engine.registration import model, store
from engine.registration.queries.accounts import person, person_name, person_phone
from engine.registration.queries.enterprises import enterprise, require_member
from engine.scanning import model as scanning
from engine.scanning import queries as scanning_queries

ADMINISTRATOR = (model.MemberRole.ADMINISTRATOR,)
JOIN = "join"


class InvitationUnknown(errors.NotFound):
    """This is not an invitation of this platform. Ask your administrator for a new one."""


def my_enterprises(q: Reader) -> list[model.Mine]:
    """The enterprises that the signed-in person belongs to, and as what."""
    return [
        model.Mine(enterprise=enterprise(q, one.enterprise_id), role=one.role, membership_id=one.id)
        for one in store.memberships_of(q, person(q).account_id)
    ]


def fellow_members(q: Reader, account_ids: frozenset[str]) -> frozenset[str]:
    """Who belongs to an enterprise that one of these accounts belongs to, themselves among them; as actors.

    Staff neither see nor decide the cases of their own enterprise's people (`security.md` 3.4).
    """
    return frozenset(f"person:{one}" for one in store.fellow_members(q, account_ids))


def members(q: Reader, enterprise_id: str) -> list[model.Member]:
    """An enterprise's members, for its members; names and phones masked.

    Raises: NotAMember.
    """
    mine = require_member(q, enterprise_id)
    return [
        model.Member(
            membership_id=one.id,
            account_id=one.account_id,
            name=identifiers.masked_name(person_name(q, one.account_id)),
            phone=identifiers.masked_phone(person_phone(q, one.account_id)),
            role=one.role,
            me=one.id == mine.id,
            created_at=one.created_at,
        )
        for one in store.members(q, enterprise_id)
    ]


def shown(q: Reader, found: model.Invitation) -> model.InvitationShown:
    """An invitation as it is shown, with what time made of it."""
    lapsed = found.status is model.INVITATION.initial and q.now >= found.expires_at
    return model.InvitationShown(
        id=found.id,
        enterprise_id=found.enterprise_id,
        enterprise=enterprise(q, found.enterprise_id).name,
        way=found.way,
        role=found.role,
        status="expired" if lapsed else found.status.value,
        phone=found.phone,
        created_at=found.created_at,
        expires_at=found.expires_at,
    )


def by_qr(q: Reader, qr_text: str) -> model.Invitation:
    """The invitation that a QR stands for.

    Raises: InvitationUnknown.
    """
    read = scanning.read_qr(qr_text, scanning_queries.public_key(q))
    if read is None or read[:2] != (q.parts.world_id, JOIN):
        raise InvitationUnknown(what="invitation")
    found = store.invitation_by_token(q, read[2])
    if found is None:
        raise InvitationUnknown(what="invitation")
    return found


def invitation(q: Reader, qr_text: str) -> model.InvitationShown:
    """What a scanned invitation asks: to join which enterprise, as what, until when.

    Raises: InvitationUnknown.
    """
    person(q)
    return shown(q, by_qr(q, qr_text))


def is_for(q: Reader, found: model.Invitation, account_id: str) -> bool:
    """Whether an invitation was made for an account: by itself, or by its present number."""
    if found.account_id is not None:
        return found.account_id == account_id and found.way is not model.InvitationWay.HAND
    number = person_phone(q, account_id)
    return found.id in q.find("invitation.phone", number)


def my_invitations(q: Reader) -> list[model.InvitationShown]:
    """The open invitations to the signed-in person, by account or by number, newest first."""
    me = person(q).account_id
    found = {one.id: one for one in store.invitations_for(q, me)}
    for invitation_id in q.find("invitation.phone", person_phone(q, me)):
        found[invitation_id] = q.get(model.Invitation, "invitation", invitation_id)
    living = [
        one
        for one in found.values()
        if one.status is model.INVITATION.initial and q.now < one.expires_at and is_for(q, one, me)
    ]
    living.sort(key=lambda one: (one.created_at, one.id), reverse=True)
    return [shown(q, one) for one in living]


def my_applications(q: Reader) -> list[model.InvitationShown]:
    """The signed-in person's own open applications to join, newest first."""
    found = store.invitations_for(q, person(q).account_id)
    return [shown(q, one) for one in found if one.way is model.InvitationWay.HAND]


def invitations(q: Reader, enterprise_id: str) -> list[model.InvitationShown]:
    """An enterprise's open invitations, for its administrators.

    Raises: NotAMember.
    """
    require_member(q, enterprise_id, ADMINISTRATOR)
    found = store.invitations_of(q, enterprise_id)
    return [shown(q, one) for one in found if one.way is not model.InvitationWay.HAND]


def join_requests(q: Reader, enterprise_id: str) -> list[model.JoinRequest]:
    """Who has applied to join, for the enterprise's administrators.

    Raises: NotAMember.
    """
    require_member(q, enterprise_id, ADMINISTRATOR)
    return [
        _request(q, one, one.account_id)
        for one in store.invitations_of(q, enterprise_id)
        if one.way is model.InvitationWay.HAND and one.account_id and q.now < one.expires_at
    ]


def _request(q: Reader, found: model.Invitation, account_id: str) -> model.JoinRequest:
    subject_id = q.get(model.Account, "account", account_id).subject_id
    note = q.open(subject_id, f"invitation|note|{found.id}", found.note) if found.note else ""
    return model.JoinRequest(
        invitation_id=found.id,
        name=identifiers.masked_name(person_name(q, account_id)),
        phone=identifiers.masked_phone(person_phone(q, account_id)),
        note=note,
        created_at=found.created_at,
        expires_at=found.expires_at,
    )


def my_transfers(q: Reader) -> list[model.TransferShown]:
    """Open offers of an administrator's role to or from the signed-in person."""
    told = []
    for mine in store.memberships_of(q, person(q).account_id):
        for one in store.transfers_of(q, mine.id):
            incoming = one.to_membership_id == mine.id
            other_id = one.from_membership_id if incoming else one.to_membership_id
            other = q.get(model.Membership, "membership", other_id)
            if q.now < one.expires_at:
                told.append(
                    model.TransferShown(
                        transfer_id=one.id,
                        enterprise_id=one.enterprise_id,
                        enterprise=enterprise(q, one.enterprise_id).name,
                        other=identifiers.masked_name(person_name(q, other.account_id)),
                        incoming=incoming,
                        created_at=one.created_at,
                        expires_at=one.expires_at,
                    )
                )
    return told
