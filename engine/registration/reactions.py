"""What follows in this stage from a reviewer's decision."""

from __future__ import annotations

from engine.kernel import identifiers
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import model
from engine.reviewing.model import Decision


def decide_enterprise_claim(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """An approved claim makes the enterprise, with the claimant as administrator (ENT-1).

    Emits: claim.approved, claim.rejected, enterprise.approved.
    """
    claim = op.get(model.Claim, "enterprise_claim", subject_id)
    status = model.CLAIM.advance(claim.status, "approve" if decision.approved else "reject")
    changes: dict[str, object] = {
        "status": status,
        "reasons": decision.reasons,
        "decided_at": op.now,
    }
    enterprise = None
    if decision.approved:
        enterprise = model.Enterprise(
            id=op.new_id("ent"),
            subject_id=claim.subject_id,
            name=claim.name,
            uscc=claim.uscc,
            entity_class=identifiers.entity_class(claim.uscc),
            status="active",
            created_at=op.now,
        )
        op.insert("enterprise", enterprise)
        changes["enterprise_id"] = enterprise.id
    op.update("enterprise_claim", claim.id, changes, was={"status": claim.status})
    op.record(f"claim.{status}", claim.id, decided_by=decision.decided_by)
    if enterprise is not None:
        _welcome(op, claim, enterprise)
    messaging.notify(
        op,
        account_id=claim.account_id,
        kind=f"claim.{status}",
        params={"name": claim.name},
        subject=claim.id,
        todo=not decision.approved,
    )


def _welcome(op: Operation, claim: model.Claim, enterprise: model.Enterprise) -> None:
    op.insert(
        "membership",
        model.Membership(
            id=op.new_id("mem"),
            enterprise_id=enterprise.id,
            account_id=claim.account_id,
            role=model.MemberRole.ADMINISTRATOR,
            status="active",
            created_at=op.now,
        ),
    )
    op.record("enterprise.approved", enterprise.id, claim_id=claim.id)
