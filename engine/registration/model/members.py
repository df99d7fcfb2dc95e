"""Members of enterprises: invited by phone or QR, joining by hand, their roles and its transfer (ENT-2)."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow
from engine.registration.model.enterprises import Enterprise


class MemberRole(enum.StrEnum):
    """What a member may do for an enterprise."""

    ADMINISTRATOR = "administrator"
    HANDLER = "handler"
    SEAL_USER = "seal_user"


class MemberStatus(enum.StrEnum):
    """Where a membership stands. Who comes back keeps the row."""

    ACTIVE = "active"
    LEFT = "left"


MEMBERSHIP = Workflow(
    "membership",
    MemberStatus.ACTIVE,
    {
        MemberStatus.ACTIVE: {"leave": MemberStatus.LEFT, "remove": MemberStatus.LEFT},
        MemberStatus.LEFT: {"rejoin": MemberStatus.ACTIVE},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person's part in an enterprise."""

    id: str
    enterprise_id: str
    account_id: str
    role: MemberRole
    status: MemberStatus
    created_at: int
    ended_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mine:
    """An enterprise that the reader belongs to, and as what."""

    enterprise: Enterprise
    role: MemberRole
    membership_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A member as colleagues see them: name and phone masked."""

    membership_id: str
    account_id: str
    name: str
    phone: str
    role: MemberRole
    me: bool
    created_at: int


class InvitationWay(enum.StrEnum):
    """How somebody comes to an enterprise."""

    PHONE = "phone"
    QR = "qr"
    HAND = "hand"  # they applied themselves; an administrator answers


class InvitationStatus(enum.StrEnum):
    """Where an invitation or an application stands; that its time is over is derived."""

    OPEN = "open"  # the invited person moves next, or for an application an administrator
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"


_I = InvitationStatus
INVITATION = Workflow(
    "invitation",
    _I.OPEN,
    {
        _I.OPEN: {"accept": _I.ACCEPTED, "decline": _I.DECLINED, "cancel": _I.CANCELLED},
        _I.ACCEPTED: {},
        _I.DECLINED: {},
        _I.CANCELLED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation, or an application to join. A number is kept masked and findable, a token as hash.

    `account_id` is who was invited, once known, or who applied; `note` is a ciphertext of the applicant's.
    """

    id: str
    enterprise_id: str
    way: InvitationWay
    role: MemberRole
    status: InvitationStatus
    invited_by: str | None
    account_id: str | None
    phone: str
    token_hash: bytes | None
    note: bytes | None
    created_at: int
    expires_at: int
    ended_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationShown:
    """An invitation as its sender or receiver sees it: never whether a number has an account.

    `status` is also `expired`, derived at the moment of reading.
    """

    id: str
    enterprise_id: str
    enterprise: str
    way: InvitationWay
    role: MemberRole
    status: str
    phone: str
    created_at: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedInvitation:
    """A new QR invitation and the text of its QR, which is shown once and not kept."""

    invitation: InvitationShown
    qr_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinRequest:
    """Somebody's application to join, as an administrator sees it."""

    invitation_id: str
    name: str
    phone: str
    note: str
    created_at: int
    expires_at: int


class TransferStatus(enum.StrEnum):
    """Where an offer of the administrator's role stands; that its time is over is derived."""

    OFFERED = "offered"  # the member to whom it was offered moves next
    ACCEPTED = "accepted"
    DECLINED = "declined"
    CANCELLED = "cancelled"  # offered to somebody else instead


_T = TransferStatus
TRANSFER = Workflow(
    "transfer of the administrator's role",
    _T.OFFERED,
    {
        _T.OFFERED: {"accept": _T.ACCEPTED, "decline": _T.DECLINED, "cancel": _T.CANCELLED},
        _T.ACCEPTED: {},
        _T.DECLINED: {},
        _T.CANCELLED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """The administrator's role, offered by one member to another."""

    id: str
    enterprise_id: str
    from_membership_id: str
    to_membership_id: str
    status: TransferStatus
    created_at: int
    expires_at: int
    ended_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferShown:
    """An open offer as the member sees it to whom it was made (`incoming`) or who made it."""

    transfer_id: str
    enterprise_id: str
    enterprise: str
    other: str
    incoming: bool
    created_at: int
    expires_at: int
