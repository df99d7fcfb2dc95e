"""Proofs of a real name."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


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
