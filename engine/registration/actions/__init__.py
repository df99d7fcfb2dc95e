"""What people do: sign in, prove their name, claim an enterprise."""

from engine.registration.actions.accounts import (
    request_code,
    sign_in_by_code,
    sign_out,
)
from engine.registration.actions.enterprises import claim_enterprise
from engine.registration.actions.proofs import prove_name, record_proof

__all__ = [
    "claim_enterprise",
    "prove_name",
    "record_proof",
    "request_code",
    "sign_in_by_code",
    "sign_out",
]
