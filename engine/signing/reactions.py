"""What follows for a contract from its review, and from the end of a certificate."""

from __future__ import annotations

from engine.kernel import events
from engine.kernel.operation import Operation
from engine.mall import queries as mall
from engine.messaging import actions as messaging
from engine.reviewing.model import Decision
from engine.signing import model, signatures, store


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
    for mall_account_id in (found.purchaser_id, found.supplier_id):
        messaging.notify(
            op,
            account_id=mall.mall_account(op, mall_account_id).account_id,
            kind=f"contract.{status}",
            params={"number": found.number},
            subject=found.id,
            todo=not decision.approved and mall_account_id == found.purchaser_id,
        )


def certificate_revoked(op: Operation, event: events.Event) -> None:
    """What was to be signed with a certificate that has ended is asked for anew with another one.

    Emits: signature.failed.
    """
    for one in store.unsigned_with(op, event.subject):
        signatures.fail(op, one, "certificate_revoked")
