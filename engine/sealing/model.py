"""A seal and its application (SEA-1, SEA-4; GB/T 38540).

A seal is a signed object, not a picture: the seal agency signs image, size, owner, validity and the list of
certificates that may use it. An application is reviewed by one person and made by another. The first
three seals (company seal, legal representative's seal, their handwritten signature) are ordered by the
enterprise's approval itself; other kinds are applied for by its administrator with a stamped form. A
seal names the certificates it may be used with by digest, and names one at least: an ordered seal waits
in `making` for its enterprise's first certificate, and is signed anew when there is another; picture,
code and validity stay.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow
from engine.registration.model import ReasonTold


class SealKind(enum.StrEnum):
    """The kinds of seal (GB/T 33481 and the guide)."""

    COMPANY = "company"
    REPRESENTATIVE = "representative"
    SIGNATURE = "signature"
    CONTRACT = "contract"


LABELS = {
    SealKind.COMPANY: "企业公章",
    SealKind.REPRESENTATIVE: "企业法人印鉴",
    SealKind.SIGNATURE: "企业法人手写签名",
    SealKind.CONTRACT: "合同专用章",
}
# What stands below the star of a round seal, by kind.
LINES = {SealKind.COMPANY: "", SealKind.CONTRACT: "合同专用章"}
# These come with the enterprise's approval, in this order; others are applied for.
FIRST = (SealKind.COMPANY, SealKind.REPRESENTATIVE, SealKind.SIGNATURE)
APPLIED_FOR = (SealKind.CONTRACT,)
# Which change of the enterprise's particulars ends a seal of a kind and has it made anew.
MADE_ANEW_AFTER = {
    SealKind.COMPANY: "name",
    SealKind.CONTRACT: "name",
    SealKind.REPRESENTATIVE: "legal_representative",
    SealKind.SIGNATURE: "legal_representative",
}


PERSONAL = (SealKind.REPRESENTATIVE, SealKind.SIGNATURE)


def name_of(kind: SealKind, enterprise: str) -> str:
    """What a seal is called: a personal one by its kind, never by its person's name."""
    return LABELS[kind] if kind in PERSONAL else enterprise


class ApplicationStatus(enum.StrEnum):
    """Where an application stands."""

    IN_REVIEW = "in_review"  # the seal reviewer decides
    IN_MAKING = "in_making"  # the seal maker checks and makes
    MADE = "made"
    REJECTED = "rejected"


_A = ApplicationStatus
APPLICATION = Workflow(
    "seal application",
    _A.IN_REVIEW,
    {
        _A.IN_REVIEW: {"approve": _A.IN_MAKING, "reject": _A.REJECTED},
        _A.IN_MAKING: {"make": _A.MADE, "reject": _A.REJECTED},
        _A.MADE: {},
        _A.REJECTED: {},
    },
)


class SealStatus(enum.StrEnum):
    """Where a seal stands."""

    MAKING = "making"  # the seal agency signs next, once there is a certificate
    ACTIVE = "active"
    SUSPENDED = "suspended"
    DELETED = "deleted"


_S = SealStatus
SEAL = Workflow(
    "seal",
    _S.MAKING,
    {
        _S.MAKING: {"finish": _S.ACTIVE, "delete": _S.DELETED},
        _S.ACTIVE: {"remake": _S.ACTIVE, "suspend": _S.SUSPENDED, "delete": _S.DELETED},
        _S.SUSPENDED: {"resume": _S.ACTIVE, "delete": _S.DELETED},
        _S.DELETED: {},
    },
)


# A suspended seal is signed anew when it is taken up again, a deleted one never.
MAKEABLE = (_S.MAKING, _S.ACTIVE)


class Fate(enum.StrEnum):
    """What a change of the enterprise's particulars does to a seal."""

    MADE_ANEW = "made_anew"  # the seal ends, and another one is ordered
    CARRIED_OVER = "carried_over"  # it is not made yet: it will be made with the new particulars
    ORDERED = "ordered"  # there is none: one is ordered


@dataclass(frozen=True, slots=True, kw_only=True)
class Follow:
    """One thing that follows for the seals: of which kind, and which seal or application it is about."""

    kind: SealKind
    fate: Fate
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SealApplication:
    """An application for a seal, with its stamped form where one was asked for."""

    id: str
    enterprise_id: str
    account_id: str
    kind: SealKind
    name: str
    agency_id: str
    status: ApplicationStatus
    form_blob_id: str | None
    reviewed_by: str | None
    reasons: tuple[str, ...]
    created_at: int
    ended_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationDetail:
    """An application as its enterprise sees it, and why it was rejected."""

    application: SealApplication
    reasons: tuple[ReasonTold, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A seal. `certificates` are SHA-256 digests (hex) of who may use it; sizes in millimetres."""

    id: str
    application_id: str
    enterprise_id: str
    account_id: str
    kind: SealKind
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

    def usable(self, now: int) -> bool:
        """Active and within its time."""
        return self.status is _S.ACTIVE and self.valid_from <= now < self.valid_to
