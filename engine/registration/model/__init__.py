"""Accounts, devices, proofs of a real name, enterprises, claims and members.

An account is a natural person's, one to a phone number, and never moves to somebody else (ACC-1,
ACC-8). Who is under 18 is refused once the resident ID number is known. Phone, name and number are kept
under the person's own key and are found by exact match only. A real-name proof is asked of an
outside provider: requested → matched | mismatched. An enterprise is claimed with its papers, decided
by somebody other than the claimant, and the claimant becomes its administrator (ENT-1).
"""

from engine.registration.model.accounts import (
    Account,
    AccountStatus,
    CodePurpose,
    CodeRequested,
    Device,
    HandsetSession,
    Me,
)
from engine.registration.model.enterprises import (
    CLAIM,
    Claim,
    ClaimStatus,
    Enterprise,
    MemberRole,
    Membership,
)
from engine.registration.model.proofs import (
    PROOF,
    Proof,
    ProofGiven,
    ProofStatus,
)

__all__ = [
    "CLAIM",
    "PROOF",
    "Account",
    "AccountStatus",
    "Claim",
    "ClaimStatus",
    "CodePurpose",
    "CodeRequested",
    "Device",
    "Enterprise",
    "HandsetSession",
    "Me",
    "MemberRole",
    "Membership",
    "Proof",
    "ProofGiven",
    "ProofStatus",
]
