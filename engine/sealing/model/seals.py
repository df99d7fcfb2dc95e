"""A seal and its application: rows, states, and what is shown of them."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Literal

from engine.kernel.workflow import Workflow
from engine.registration.model import ReasonTold


class ApplicationStatus(enum.StrEnum):
    """Where an application stands."""

    IN_REVIEW = "in_review"  # the seal reviewer decides
    IN_MAKING = "in_making"  # the seal maker checks and makes
    MADE = "made"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"  # its applicant took it back, or what it was for has ended


_A = ApplicationStatus
APPLICATION = Workflow(
    "seal application",
    _A.IN_REVIEW,
    {
        _A.IN_REVIEW: {
            "approve": _A.IN_MAKING,
            "reject": _A.REJECTED,
            "withdraw": _A.WITHDRAWN,
            # What is written on the pad is looked at by nobody (SEA-2).
            "write": _A.MADE,
        },
        _A.IN_MAKING: {"make": _A.MADE, "reject": _A.REJECTED, "withdraw": _A.WITHDRAWN},
        _A.MADE: {},
        _A.REJECTED: {},
        _A.WITHDRAWN: {},
    },
)


class SealStatus(enum.StrEnum):
    """Where a seal stands."""

    MAKING = "making"  # the seal agency signs next, once there is a certificate
    ACTIVE = "active"
    SUSPENDED = "suspended"
    REPLACED = "replaced"  # the seal that was made in its place is in use
    DELETED = "deleted"


_S = SealStatus
SEAL = Workflow(
    "seal",
    _S.MAKING,
    {
        _S.MAKING: {"finish": _S.ACTIVE, "delete": _S.DELETED},
        _S.ACTIVE: {
            "remake": _S.ACTIVE,
            "suspend": _S.SUSPENDED,
            "replace": _S.REPLACED,
            "delete": _S.DELETED,
        },
        _S.SUSPENDED: {"resume": _S.ACTIVE, "replace": _S.REPLACED, "delete": _S.DELETED},
        _S.REPLACED: {},
        _S.DELETED: {},
    },
)


# A suspended seal is signed anew when it is taken up again, an ended one never.
MAKEABLE = (_S.MAKING, _S.ACTIVE)
LIVING = (_S.MAKING, _S.ACTIVE, _S.SUSPENDED)
# Those that can be changed, made again and delegated: there is something to change.
MADE = (_S.ACTIVE, _S.SUSPENDED)

# new: one more seal. change: another name, size or impression. remake: the same seal, made again.
Purpose = Literal["new", "change", "remake"]
# Where a seal's picture comes from: cut out of the stamped form, or drawn to rule.
Picture = Literal["drawn", "impression"]
# Why a seal is made again in the simplified way (2025 law: key compromise and the like).
RemakeReason = Literal["key_compromise", "worn", "lost", "expiring"]
# After these the old seal is out of use at once; after the others until the new one is there.
STOPS_AT_ONCE: frozenset[RemakeReason] = frozenset({"key_compromise", "lost"})


class Fate(enum.StrEnum):
    """What a change of the enterprise's particulars does to a seal."""

    MADE_ANEW = "made_anew"  # the seal ends, and another one is ordered
    CARRIED_OVER = "carried_over"  # it is not made yet: it will be made with the new particulars
    ORDERED = "ordered"  # there is none: one is ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """One thing that follows for the seals: of which kind, and which seal or application it is about."""

    kind: str
    fate: Fate
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealApplication:
    """An application for a seal, with its stamped form where one was asked for.

    `enterprise_id` is empty for a person's own seal. `impression` are the measures of what was cut out of
    the stamped form, as `engine.sealing.stamped` took them, `before_blob_id` the place as it was;
    `replaces` is the seal that this one takes the place of, `why` the reason for which it is made again.
    """

    id: str
    enterprise_id: str | None
    account_id: str
    kind: str
    name: str
    agency_id: str
    status: ApplicationStatus
    form_blob_id: str | None
    reviewed_by: str | None
    reasons: tuple[str, ...]
    created_at: int
    ended_at: int | None
    purpose: Purpose = "new"
    replaces: str | None = None
    why: str = ""
    size: str = ""
    colour: str = "red"
    picture: Picture = "drawn"
    before_blob_id: str | None = None
    impression_blob_id: str | None = None
    impression: dict[str, object] = field(default_factory=dict)
    strokes_blob_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDetail:
    """An application as its enterprise sees it, and why it was rejected."""

    application: SealApplication
    reasons: tuple[ReasonTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A seal. `certificates` are SHA-256 digests (hex) of who may use it; sizes in millimetres.

    `enterprise_id` is empty for a person's own seal. `filing_number` is the one under which the public
    security register has it, once it has.
    """

    id: str
    application_id: str
    enterprise_id: str | None
    account_id: str
    kind: str
    name: str
    code: str
    platform_id: str | None
    agency_id: str
    status: SealStatus
    ses: bytes | None
    svg_blob_id: str | None
    png_blob_id: str | None
    width_mm: int
    height_mm: int
    certificates: tuple[str, ...]
    valid_from: int
    valid_to: int
    created_at: int
    made_at: int | None
    size: str = ""
    colour: str = "red"
    picture: Picture = "drawn"
    replaces: str | None = None
    filing_number: str = ""
    ended_at: int | None = None

    def usable(self, now: int) -> bool:
        """Active and within its time."""
        return self.status is _S.ACTIVE and self.valid_from <= now < self.valid_to


@dataclass(frozen=True, slots=True, kw_only=True)
class Deletion:
    """What deleting a seal ends, counted before it is confirmed."""

    seal_id: str
    name: str
    uses: int
    delegations: int
    applications: int
    signatures: int
    filing_number: str
