"""The SQL of people and enterprises."""

from engine.registration.store.accounts import (
    UNLOGGED,
    codes_since,
    device,
    session,
)
from engine.registration.store.enterprises import (
    administrators,
    claims_of,
    enterprise_by_uscc,
    enterprises_like,
    enterprises_of,
    membership,
    newest_rejected_claim,
)
from engine.registration.store.proofs import (
    newest_proof,
    open_proof,
)

__all__ = [
    "UNLOGGED",
    "administrators",
    "claims_of",
    "codes_since",
    "device",
    "enterprise_by_uscc",
    "enterprises_like",
    "enterprises_of",
    "membership",
    "newest_proof",
    "newest_rejected_claim",
    "open_proof",
    "session",
]
