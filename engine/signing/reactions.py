"""What follows for a contract from its review, and from the end of a certificate."""

from __future__ import annotations

from engine.kernel import events
from engine.kernel.operation import Operation
from engine.reviewing.model import Decision
from engine.signing import model, parties, signatures, store


def decide_contract(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """Passed, or returned with reasons: then the purchaser makes a new version.

    Emits: contract.passed or contract.returned, message.sent.
    """
    found = op.get(model.Contract, "contract", subject_id)
    status = model.CONTRACT.advance(found.status, "pass" if decision.approved else "return")
    op.update(
        "contract",
        found.id,
        {
            "status": status,
            "reasons": decision.reasons,
            "ended_at": op.now if decision.approved else None,
        },
        was={"status": found.status},
    )
    op.record(f"contract.{status}", found.id, decided_by=decision.decided_by)
    for party in parties.of_version(op, found):
        mine = party.role == parties.PURCHASER
        todo = not decision.approved and mine
        parties.tell(op, found, party, f"contract.{status}", todo=todo, subject=found.id)


def certificate_revoked(op: Operation, event: events.Event) -> None:
    """What was to be signed with a certificate that has ended is asked for anew with another one.

    Emits: signature.failed.
    """
    for one in store.unsigned_with(op, event.subject):
        signatures.fail(op, one, "certificate_revoked")
