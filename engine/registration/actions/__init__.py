"""What people do: sign in, prove their name, claim an enterprise."""

from engine.registration.actions.accounts import sign_in_by_code, sign_out, step_up
from engine.registration.actions.codes import request_code, request_step_up
from engine.registration.actions.enterprises import claim_enterprise
from engine.registration.actions.proofs import prove_name, record_proof

__all__ = [
    "claim_enterprise",
    "prove_name",
    "record_proof",
    "request_code",
    "request_step_up",
    "sign_in_by_code",
    "sign_out",
    "step_up",
]
