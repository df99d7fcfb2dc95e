"""Proofs of a real name."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


class ProofStatus(enum.StrEnum):
    """Where a real-name proof stands."""

    REQUESTED = "requested"  # the provider moves next
    AWAITING_CODE = "awaiting_code"  # the bank matched; the code on the reserved phone completes it
    MATCHED = "matched"
    MISMATCHED = "mismatched"  # the person may try again, or another way


PROOF = Workflow(
    "real-name proof",
    ProofStatus.REQUESTED,
    {
        ProofStatus.REQUESTED: {
            "match": ProofStatus.MATCHED,
            "await_code": ProofStatus.AWAITING_CODE,
            "mismatch": ProofStatus.MISMATCHED,
        },
        ProofStatus.AWAITING_CODE: {
            "complete": ProofStatus.MATCHED,
            "lapse": ProofStatus.MISMATCHED,
        },
        ProofStatus.MATCHED: {},
        ProofStatus.MISMATCHED: {},
    },
)
# Reasons that are ours and not a provider's.
UNAVAILABLE, CODE_NOT_ENTERED = "provider_unavailable", "code_not_entered"
TAKEN = "person_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofGiven:
    """What somebody states about themselves; `phone` is the number reserved at the bank."""

    way: str
    name: str
    resident_id: str
    bank_card: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One try at proving a real name. `name`, `resident_id` and `reserved_phone` are ciphertexts.

    `purpose` says what a match brings about (`actions.proofs.OUTCOMES`). `begun_with` is the code
    request of somebody who is not signed in. Open until `expires_at`, the end of its business day.
    """

    id: str
    account_id: str
    purpose: str
    way: str
    status: ProofStatus
    name: bytes
    resident_id: bytes
    reserved_phone: bytes | None
    face_blob_id: str | None
    reason: str
    mismatched: tuple[str, ...]
    reference: str
    begun_with: str
    code_request_id: str | None
    reused_proof_id: str | None
    created_at: int
    expires_at: int
    decided_at: int | None
