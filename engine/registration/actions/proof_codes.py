"""The code to the phone number that a bank has: sent once the bank has matched (IDV-3).

It goes to the number that was stated and matched, never to the account's own, and it alone completes
the proof. It shares the number's limits with every other code (`codes`); what they delay is sent later.
"""

from __future__ import annotations

from engine.kernel import clock
from engine.kernel.operation import Operation
from engine.registration import model, queries
from engine.registration.actions import codes


def send(op: Operation, proof: model.Proof) -> model.CodeRequested:
    """Send a code for a proof that waits for one; the newest alone counts. Composed by actions.

    Emits: code.requested, proof.code_sent. Raises: the limits of `codes.send`.
    """
    number = queries.proven(op, proof, "reserved_phone")
    sent = codes.send(op, number, model.CodePurpose.BANK_CARD)
    op.update(
        "real_name_proof",
        proof.id,
        {"code_request_id": sent.request_id},
        was={"status": proof.status},
    )
    op.record("proof.code_sent", proof.id, request_id=sent.request_id)
    return sent


def send_or_wait(op: Operation, proof: model.Proof) -> None:
    """Send the first code, or stage it for when the number may have one.

    A number that has used up its day stays without: the person hears that when asking for a code.
    Emits: what `send` emits.
    """
    try:
        send(op, proof)
    except codes.CodeTooSoon as soon:
        due_at = op.now + int(soon.params["seconds"]) * clock.SECOND
        op.enqueue("send_proof_code", proof.id, due_at=due_at)
    except codes.CODES_REFUSED:
        return


def send_due_code(op: Operation, *, proof_id: str) -> None:
    """Send the code that had to wait, if it is still wanted. Performed by the worker.

    Emits: what `send` emits.
    """
    proof = op.get(model.Proof, "real_name_proof", proof_id)
    wanted = proof.status is model.ProofStatus.AWAITING_CODE and op.now < proof.expires_at
    if wanted and proof.code_request_id is None:
        send_or_wait(op, proof)
