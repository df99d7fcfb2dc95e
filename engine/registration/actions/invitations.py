"""How people come to an enterprise: invited by number or QR, or by applying themselves (ENT-2)."""

from __future__ import annotations

from engine.kernel import clock, errors, identifiers, ids
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.registration import model, queries, store
from engine.registration.actions import members
from engine.scanning import model as scanning

_ADMINISTRATOR = (model.MemberRole.ADMINISTRATOR,)
_LONGEST_NOTE = 200


class AdministratorNotInvited(errors.InvalidInput):
    """Nobody becomes administrator by an invitation. Invite them as handler, then change the role."""


class InvitedAlready(errors.Conflict):
    """This number has an open invitation already. Wait for the answer, or take it back first."""


class InvitationsUsedUp(errors.PolicyRefused):
    """{count} invitations were sent for this enterprise today. Go on tomorrow."""

    http_status = 429
    wait_s = 3600


class InvitationLapsed(errors.PolicyRefused):
    """This invitation no longer holds: its time is over or it was used. Ask for a new one."""


class AppliedAlready(errors.Conflict):
    """You have applied to join this enterprise already. Wait for its administrator's answer."""


class NoteTooLong(errors.InvalidInput):
    """A note has at most {most} characters."""


def _offered(role: model.MemberRole) -> model.MemberRole:
    if role in _ADMINISTRATOR:
        raise AdministratorNotInvited(field="role")
    return role


def _invitation(
    op: Operation, enterprise_id: str, way: model.InvitationWay, role: model.MemberRole, hours: int
) -> dict[str, object]:
    return {
        "id": op.new_id("ivt"),
        "enterprise_id": enterprise_id,
        "way": way,
        "role": role,
        "status": model.INVITATION.initial,
        "invited_by": None,
        "account_id": None,
        "phone": "",
        "token_hash": None,
        "note": None,
        "created_at": op.now,
        "expires_at": op.now + hours * clock.HOUR,
        "ended_at": None,
    }


def _keep(op: Operation, values: dict[str, object]) -> model.Invitation:
    op.insert("invitation", values)
    return op.get(model.Invitation, "invitation", str(values["id"]))


def invite_by_phone(
    op: Operation, *, enterprise_id: str, phone: str, role: model.MemberRole
) -> model.InvitationShown:
    """Invite whoever has a number: a to-do for an account, an SMS to everybody else.

    The answer is the same for both, so that nobody learns who has an account.
    Emits: invitation.sent. Raises: NotAMember, identifiers.PhoneInvalid, AdministratorNotInvited,
    AlreadyMember, InvitedAlready, InvitationsUsedUp.
    """
    mine = queries.require_member(op, enterprise_id, _ADMINISTRATOR)
    number, rule = identifiers.phone(phone), op.policy(policies.MembershipRules)
    _offered(role)
    known = op.find("account.phone", number)
    if known and store.membership(op, enterprise_id, known[0]) is not None:
        raise members.AlreadyMember(field="phone")
    for earlier in store.invitations_of(op, enterprise_id):
        same = earlier.id in op.find("invitation.phone", number)
        if same and op.now < earlier.expires_at:
            raise InvitedAlready(field="phone")
    if store.invited_since(op, enterprise_id, op.now - clock.DAY) >= rule.invitations_per_day:
        raise InvitationsUsedUp(count=rule.invitations_per_day)
    values = _invitation(op, enterprise_id, model.InvitationWay.PHONE, role, rule.invitation_hours)
    found = _keep(
        op,
        {
            **values,
            "invited_by": mine.account_id,
            "account_id": known[0] if known else None,
            "phone": identifiers.masked_phone(number),
        },
    )
    op.index("invitation.phone", number, found.id)
    op.record("invitation.sent", found.id, enterprise_id=enterprise_id, way=found.way, role=role)
    name = queries.enterprise(op, enterprise_id).name
    if known:
        messaging.notify(
            op,
            account_id=known[0],
            kind="member.invited",
            params={"name": name},
            subject=found.id,
            todo=True,
        )
    else:
        text = f"【印信】{name}邀请您加入企业，请下载标证通 APP，用本手机号登录并实名后查看邀请。"
        op.enqueue("send_sms", found.id, {"phone": number, "text": text})
    return queries.shown(op, found)


def open_invitation(
    op: Operation, *, enterprise_id: str, role: model.MemberRole
) -> model.OpenedInvitation:
    """A QR that lets one person join; shown once, and dead after a day or its first use.

    Emits: invitation.sent. Raises: NotAMember, AdministratorNotInvited.
    """
    mine = queries.require_member(op, enterprise_id, _ADMINISTRATOR)
    _offered(role)
    token = ids.token(op.entropy, 16)
    hours = op.policy(policies.MembershipRules).qr_hours
    values = _invitation(op, enterprise_id, model.InvitationWay.QR, role, hours)
    made = {**values, "invited_by": mine.account_id, "token_hash": ids.token_hash(token)}
    found = _keep(op, made)
    op.record("invitation.sent", found.id, enterprise_id=enterprise_id, way=found.way, role=role)
    text = scanning.qr_text(op.parts.keyring, op.parts.world_id, "join", token)
    return model.OpenedInvitation(invitation=queries.shown(op, found), qr_text=text)


def end(op: Operation, found: model.Invitation, verb: str, account_id: str | None) -> None:
    """An invitation or application is over. Composed here, and where an enterprise ends.

    Emits: invitation.accepted, invitation.declined or invitation.cancelled.
    """
    status = model.INVITATION.advance(found.status, verb)
    changes = {"status": status, "account_id": account_id, "ended_at": op.now}
    op.update("invitation", found.id, changes, was={"status": found.status})
    op.record(
        f"invitation.{status}",
        found.id,
        enterprise_id=found.enterprise_id,
        account_id=account_id,
        way=found.way,
    )


def _require_valid(op: Operation, found: model.Invitation) -> None:
    """It is open and in time, and who sent it still administers the enterprise.

    Raises: InvitationLapsed.
    """
    sender = found.invited_by in store.administrators(op, found.enterprise_id)
    if found.status is not model.INVITATION.initial or op.now >= found.expires_at or not sender:
        raise InvitationLapsed()


def _accept(op: Operation, found: model.Invitation) -> model.Membership:
    account = queries.real_named(op)
    _require_valid(op, found)
    end(op, found, "accept", account.id)
    joined = members.join(op, found.enterprise_id, account.id, found.role)
    members.tell_administrators(op, found.enterprise_id, "member.has_joined")
    return joined


def _mine(op: Operation, invitation_id: str) -> model.Invitation:
    found = op.get(model.Invitation, "invitation", invitation_id)
    if not queries.is_for(op, found, queries.person(op).account_id):
        raise errors.NotFound(what="invitation")
    return found


def accept_invitation(op: Operation, *, invitation_id: str) -> model.Membership:
    """Take an invitation that was sent to oneself.

    Emits: invitation.accepted, member.joined. Raises: queries.NotRealNamed, InvitationLapsed,
    AlreadyMember, NotFound for somebody else's.
    """
    return _accept(op, _mine(op, invitation_id))


def accept_invitation_by_qr(op: Operation, *, qr_text: str) -> model.Membership:
    """Take the invitation whose QR was scanned; the first one to do so uses it up.

    Emits: invitation.accepted, member.joined. Raises: queries.NotRealNamed, InvitationLapsed,
    AlreadyMember, InvitationUnknown.
    """
    return _accept(op, queries.by_qr(op, qr_text))


def decline_invitation(op: Operation, *, invitation_id: str) -> None:
    """Say no to an invitation.

    Emits: invitation.declined. Raises: InvitationLapsed, NotFound for somebody else's.
    """
    found = _mine(op, invitation_id)
    _require_valid(op, found)
    end(op, found, "decline", queries.person(op).account_id)
    if found.invited_by is not None:
        members.tell(op, found.enterprise_id, found.invited_by, "member.invitation_declined")


def cancel_invitation(op: Operation, *, invitation_id: str) -> None:
    """Take back an invitation, as an administrator, or one's own application.

    Emits: invitation.cancelled. Raises: NotAMember, NotFound, NotPossibleNow.
    """
    found = op.get(model.Invitation, "invitation", invitation_id)
    me = queries.person(op).account_id
    if found.way is model.InvitationWay.HAND:
        if found.account_id != me:
            raise errors.NotFound(what="invitation")
    else:
        queries.require_member(op, found.enterprise_id, _ADMINISTRATOR)
    end(op, found, "cancel", found.account_id or me)


# -- by hand ---------------------------------------------------------------------------------------


def apply_to_join(op: Operation, *, enterprise_id: str, note: str) -> model.InvitationShown:
    """Ask an enterprise's administrators to be let in, with a note that says who one is.

    Emits: invitation.applied. Raises: queries.NotRealNamed, AlreadyMember, AppliedAlready, NoteTooLong.
    """
    account = queries.real_named(op)
    enterprise = queries.enterprise(op, enterprise_id)
    if store.membership(op, enterprise.id, account.id) is not None:
        raise members.AlreadyMember()
    if len(note.strip()) > _LONGEST_NOTE:
        raise NoteTooLong(field="note", most=_LONGEST_NOTE)
    for earlier in store.invitations_for(op, account.id):
        hand = earlier.way is model.InvitationWay.HAND
        if hand and earlier.enterprise_id == enterprise.id and op.now < earlier.expires_at:
            raise AppliedAlready()
    rule = op.policy(policies.MembershipRules)
    role = model.MemberRole.HANDLER
    values = _invitation(op, enterprise.id, model.InvitationWay.HAND, role, rule.application_hours)
    place = f"invitation|note|{values['id']}"
    sealed = op.seal(account.subject_id, place, note.strip()) if note.strip() else None
    found = _keep(op, {**values, "account_id": account.id, "note": sealed})
    op.record("invitation.applied", found.id, enterprise_id=enterprise.id, account_id=account.id)
    for administrator in store.administrators(op, enterprise.id):
        messaging.notify(
            op,
            account_id=administrator,
            kind="member.applied",
            params={"name": enterprise.name},
            subject=found.id,
            todo=True,
        )
    return queries.shown(op, found)


def decide_join(
    op: Operation, *, invitation_id: str, accept: bool, role: model.MemberRole
) -> model.InvitationShown:
    """Answer somebody's application to join, as an administrator.

    Emits: invitation.accepted, invitation.declined, member.joined.
    Raises: NotAMember, AdministratorNotInvited, InvitationLapsed, AlreadyMember.
    """
    found = op.get(model.Invitation, "invitation", invitation_id)
    queries.require_member(op, found.enterprise_id, _ADMINISTRATOR)
    if found.way is not model.InvitationWay.HAND or found.account_id is None:
        raise errors.NotFound(what="application")
    if op.now >= found.expires_at or found.status is not model.INVITATION.initial:
        raise InvitationLapsed()
    end(op, found, "accept" if accept else "decline", found.account_id)
    if accept:
        members.join(op, found.enterprise_id, found.account_id, _offered(role))
    kind = "member.application_accepted" if accept else "member.application_declined"
    members.tell(op, found.enterprise_id, found.account_id, kind)
    return queries.shown(op, op.get(model.Invitation, "invitation", invitation_id))
