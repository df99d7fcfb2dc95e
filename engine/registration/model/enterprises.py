"""Enterprises, their claims and members."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


class ClaimStatus(enum.StrEnum):
    """Where an enterprise claim stands."""

    IN_REVIEW = "in_review"  # a reviewer moves next
    APPROVED = "approved"
    REJECTED = "rejected"  # the claimant may claim again with corrected papers


CLAIM = Workflow(
    "enterprise claim",
    ClaimStatus.IN_REVIEW,
    {
        ClaimStatus.IN_REVIEW: {
            "approve": ClaimStatus.APPROVED,
            "reject": ClaimStatus.REJECTED,
        },
        ClaimStatus.APPROVED: {},
        ClaimStatus.REJECTED: {},
    },
)


class MemberRole(enum.StrEnum):
    """What a member may do for an enterprise."""

    ADMINISTRATOR = "administrator"
    HANDLER = "handler"
    SEAL_USER = "seal_user"


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """An enterprise or other organization on the platform."""

    id: str
    subject_id: str
    name: str
    uscc: str
    entity_class: str
    status: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """A claim of an enterprise by a person, with its papers. The representative is a ciphertext."""

    id: str
    account_id: str
    subject_id: str
    name: str
    uscc: str
    legal_representative: bytes
    licence_blob_id: str
    authorization_blob_id: str | None
    status: ClaimStatus
    enterprise_id: str | None
    reasons: tuple[str, ...]
    created_at: int
    decided_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A person's part in an enterprise."""

    id: str
    enterprise_id: str
    account_id: str
    role: MemberRole
    status: str
    created_at: int
