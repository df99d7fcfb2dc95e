"""Completing a bank card's proof with the code from the phone that the bank has (IDV-3).

Somebody who is signed in does it for their own proof; somebody who is not quotes the code request that
the proof was begun with.
"""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.registration import model, queries
from engine.registration.actions import codes, proof_codes, proofs


class ProofExpired(errors.PolicyRefused):
    """This verification was for its day only. Start it again."""


def complete_proof(op: Operation, *, proof_id: str, code: str) -> model.ShownProof:
    """Complete one's own proof with the code (guide 7.2.3).

    Emits: proof.matched, code.refused. Raises: codes.CodeWrong (committed), codes.CodeExpired,
    ProofExpired, NotPossibleNow, NotFound.
    """
    return _complete(op, _own(op, proof_id), code)


def complete_begun_proof(
    op: Operation, *, proof_id: str, request_id: str, code: str
) -> model.ShownProof:
    """The same for somebody who is not signed in (ACC-5, ACC-6).

    Emits and raises: what `complete_proof` does.
    """
    return _complete(op, _begun(op, proof_id, request_id), code)


def resend_proof_code(op: Operation, *, proof_id: str) -> model.CodeRequested:
    """Send another code for one's own proof.

    Emits: code.requested, proof.code_sent. Raises: the limits of `codes.send`, ProofExpired,
    NotPossibleNow, NotFound.
    """
    return _resend(op, _own(op, proof_id))


def resend_begun_proof_code(
    op: Operation, *, proof_id: str, request_id: str
) -> model.CodeRequested:
    """The same for somebody who is not signed in.

    Emits and raises: what `resend_proof_code` does.
    """
    return _resend(op, _begun(op, proof_id, request_id))


def _own(op: Operation, proof_id: str) -> model.Proof:
    proof = op.get(model.Proof, "real_name_proof", proof_id)
    if proof.account_id != queries.person(op).account_id:
        raise errors.NotFound(what="real name proof")
    return proof


def _begun(op: Operation, proof_id: str, request_id: str) -> model.Proof:
    proof = op.get(model.Proof, "real_name_proof", proof_id)
    if not op.same_secret(proof.begun_with.encode(), request_id.encode()) or not request_id:
        raise errors.NotFound(what="real name proof")
    return proof


def _require_open(op: Operation, proof: model.Proof) -> None:
    model.PROOF.advance(proof.status, "complete")
    if op.now >= proof.expires_at:
        raise ProofExpired()


def _complete(op: Operation, proof: model.Proof, code: str) -> model.ShownProof:
    _require_open(op, proof)
    if proof.code_request_id is None:
        raise codes.CodeExpired(field="code")
    codes.check(
        op,
        request_id=proof.code_request_id,
        number=queries.proven(op, proof, "reserved_phone"),
        code=code,
        purpose=model.CodePurpose.BANK_CARD,
    )
    return queries.shown_proof(op, proofs.settle(op, proof, "complete"))


def _resend(op: Operation, proof: model.Proof) -> model.CodeRequested:
    _require_open(op, proof)
    return proof_codes.send(op, proof)
