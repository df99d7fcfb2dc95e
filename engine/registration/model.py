"""Accounts, devices, proofs of a real name, enterprises, claims and members.

An account is a natural person's, one to a phone number, and never moves to somebody else (ACC-1,
ACC-8). Who is under 18 is refused once the resident ID number is known. Phone, name and number are kept
under the person's own key and are found by exact match only. A real-name proof is asked of an
outside provider: requested → matched | mismatched. An enterprise is claimed with its papers, decided
by somebody other than the claimant, and the claimant becomes its administrator (ENT-1).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


class AccountStatus(enum.StrEnum):
    """Where an account stands."""

    ACTIVE = "active"
    FROZEN = "frozen"  # its person moves next, by a fresh real-name proof
    CANCELLED = "cancelled"


class CodePurpose(enum.StrEnum):
    """What a one-time code opens; one made for one purpose serves no other."""

    SIGN_IN = "sign_in"


class ProofStatus(enum.StrEnum):
    """Where a real-name proof stands."""

    REQUESTED = "requested"  # the provider moves next
    MATCHED = "matched"
    MISMATCHED = "mismatched"  # the person may try again


PROOF = Workflow(
    "real-name proof",
    ProofStatus.REQUESTED,
    {
        ProofStatus.REQUESTED: {
            "match": ProofStatus.MATCHED,
            "mismatch": ProofStatus.MISMATCHED,
        },
        ProofStatus.MATCHED: {},
        ProofStatus.MISMATCHED: {},
    },
)


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
class Account:
    """A person's account. `phone`, `name` and `resident_id` are ciphertexts."""

    id: str
    subject_id: str
    status: AccountStatus
    phone: bytes
    name: bytes | None
    resident_id: bytes | None
    terms_version: str
    terms_digest: bytes
    real_name_at: int | None
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A phone that an account signed in on, by the device's own public key (SEC1 point)."""

    id: str
    account_id: str
    public_key: bytes
    label: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One try at proving a real name. `name` and `resident_id` are ciphertexts."""

    id: str
    account_id: str
    way: str
    status: ProofStatus
    name: bytes
    resident_id: bytes
    face_blob_id: str | None
    reason: str
    mismatched: tuple[str, ...]
    reference: str
    created_at: int
    decided_at: int | None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeRequested:
    """A code is on its way: what the phone quotes when it is entered."""

    request_id: str
    expires_at: int
    next_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HandsetSession:
    """A signed-in handset. The token is kept only as its hash; `qr_key` recognizes our QR codes."""

    token: str
    account_id: str
    device_id: str
    new_account: bool
    qr_key: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """What a person sees of their own account."""

    account_id: str
    phone: str
    name: str
    real_named: bool
    status: AccountStatus
    enterprises: tuple[Enterprise, ...]
