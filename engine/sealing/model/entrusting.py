"""Who may use a seal beside those who may by their role: delegations, and the log of uses (ENT-3)."""

from __future__ import annotations

import enum
from dataclasses import dataclass
from typing import Literal

from engine.kernel.workflow import Workflow

# What a seal is put to.
SealAct = Literal["contract", "bid", "file"]
ACTS: tuple[SealAct, ...] = ("contract", "bid", "file")


class DelegationStatus(enum.StrEnum):
    """Where a delegation stands; that its time is over is derived."""

    ACTIVE = "active"
    WITHDRAWN = "withdrawn"  # by an administrator
    ENDED = "ended"  # with the membership, the certificate or the seal


_D = DelegationStatus
DELEGATION = Workflow(
    "seal delegation",
    _D.ACTIVE,
    {
        _D.ACTIVE: {"withdraw": _D.WITHDRAWN, "end": _D.ENDED},
        _D.WITHDRAWN: {},
        _D.ENDED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SealDelegation:
    """A member who may use one seal, for these acts, until an instant. `why` says what ended it."""

    id: str
    seal_id: str
    enterprise_id: str
    account_id: str
    granted_by: str
    acts: tuple[str, ...]
    status: DelegationStatus
    valid_to: int
    created_at: int
    ended_at: int | None
    why: str = ""

    def covers(self, act: str, now: int) -> bool:
        """Whether it allows an act now."""
        return self.status is _D.ACTIVE and now < self.valid_to and act in self.acts


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegationShown:
    """A delegation as an administrator or the delegate sees it: names masked, `status` also `expired`."""

    id: str
    seal_id: str
    seal_name: str
    enterprise_id: str
    enterprise: str
    account_id: str
    member: str
    granted_by: str
    acts: tuple[str, ...]
    status: str
    valid_to: int
    created_at: int
    ended_at: int | None
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealUse:
    """One use of a seal: by whom, with which certificate, for what, on which document."""

    id: str
    seal_id: str
    account_id: str
    certificate_id: str | None
    delegation_id: str | None
    act: str
    subject: str
    digest_hex: str
    result: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UseShown:
    """A use as the enterprise and entitled staff see it: the person's name masked."""

    id: str
    member: str
    delegated: bool
    act: str
    subject: str
    digest_hex: str
    result: str
    created_at: int
