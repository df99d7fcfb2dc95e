"""A seal and its application (SEA-1, SEA-4; GB/T 38540).

A seal is a signed object, not a picture: the seal agency signs image, size, owner, validity and the list of
certificates that may use it. An application is reviewed by one person and made by another. The company
seal is ordered by the enterprise's approval itself; other kinds are applied for by its administrator
with a stamped form. A seal names the certificates it may be used with by digest, and names one at
least: an ordered seal waits in `making` for its enterprise's first certificate, and is signed anew when
there is another; picture, code and validity stay.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


class SealKind(enum.StrEnum):
    """The kinds of seal (GB/T 33481 and the guide)."""

    COMPANY = "company"
    CONTRACT = "contract"


LABELS = {SealKind.COMPANY: "企业公章", SealKind.CONTRACT: "合同专用章"}
# What stands below the star, by kind.
LINES = {SealKind.COMPANY: "", SealKind.CONTRACT: "合同专用章"}
# The company seal comes with the enterprise's approval; these are applied for.
APPLIED_FOR = (SealKind.CONTRACT,)


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
        _S.MAKING: {"finish": _S.ACTIVE},
        _S.ACTIVE: {"remake": _S.ACTIVE, "suspend": _S.SUSPENDED, "delete": _S.DELETED},
        _S.SUSPENDED: {"resume": _S.ACTIVE, "delete": _S.DELETED},
        _S.DELETED: {},
    },
)


# A suspended seal is signed anew when it is taken up again, a deleted one never.
MAKEABLE = (_S.MAKING, _S.ACTIVE)


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
