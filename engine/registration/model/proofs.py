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
            "lapse": ProofStatus.MISMATCHED,
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
PERSON_KNOWN, NOT_PASSED = "person_known", "not_passed"
# Reasons that tell which field differs: a provider of the STANDARD grade only says no (domain-rules 2).
TELL_FIELDS = frozenset({"name_differs", "card_differs", "phone_differs"})


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


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProof:
    """A proof as its person sees it. `reserved_phone` is masked, and empty where no bank was asked."""

    id: str
    purpose: str
    way: str
    status: ProofStatus
    reason: str
    mismatched: tuple[str, ...]
    reserved_phone: str
    created_at: int
    expires_at: int
    decided_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceLook:
    """What a look at a face picture found: good, or the problem."""

    ok: bool
    problem: str


# The refusal that a look at a face ends with → how `check_face` names it.
FACE_PROBLEMS = {
    "uploads.face_too_dark": "too_dark",
    "uploads.face_too_small": "too_small",
    "uploads.face_blurred": "blurred",
    "uploads.no_frontal_face": "no_frontal_face",
    "uploads.several_faces": "several_faces",
}
