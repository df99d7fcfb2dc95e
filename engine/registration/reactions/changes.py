"""A decided change of particulars; what follows elsewhere is in `boot`'s table (ENT-4)."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import model, queries, store
from engine.registration.reactions import claims
from engine.reviewing import queries as cases
from engine.reviewing.model import Decision


def decide_enterprise_change(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """An approved change is carried out at once, with what was listed; a rejected one goes back.

    Emits: change.approved, change.rejected, enterprise.changed. Raises: claims.VerificationMissing.
    """
    change = op.get(model.EnterpriseChange, "enterprise_change", subject_id)
    check = store.register_check(op, change.id)
    unconfirmed = check is None or check.status is not model.CheckStatus.MATCHED
    if decision.approved and unconfirmed:
        raise claims.VerificationMissing(what="register's confirmation")
    status = model.CHANGE.advance(change.status, "approve" if decision.approved else "reject")
    changes = {"status": status, "reasons": decision.reasons, "decided_at": op.now}
    op.update("enterprise_change", change.id, changes, was={"status": change.status})
    op.record(f"change.{status}", change.id, decided_by=decision.decided_by)
    enterprise = queries.enterprise(op, change.enterprise_id)
    if decision.approved:
        _carry_out(op, change, enterprise, decision)
        for account_id in dict.fromkeys(one.account_id for one in store.members(op, enterprise.id)):
            _tell(op, account_id, "enterprise.was_changed", change.name, enterprise.id)
    else:
        messaging.notify(
            op,
            account_id=change.account_id,
            kind="change.was_rejected",
            params={"name": enterprise.name, **cases.first_field(op, decision.reasons)},
            subject=change.id,
            todo=True,
        )


def _carry_out(
    op: Operation, change: model.EnterpriseChange, before: model.Enterprise, decision: Decision
) -> None:
    name, number = queries.representative_of_change(op, change)
    kept = {paper.code: paper for paper in queries.particulars(op, before.id).papers}
    kept |= {paper.code: paper for paper in change.papers}
    claims.keep_particulars(op, before, name, number, tuple(kept.values()))
    if change.name != before.name:
        op.update("enterprise", before.id, {"name": change.name}, was={"name": before.name})
        store.index_name(op, before.id, change.name)
    op.record(
        "enterprise.changed",
        before.id,
        change_id=change.id,
        changed=list(change.changed),
        account_id=change.account_id,
        approved_by=[decision.decided_by],
    )


def _tell(op: Operation, account_id: str, kind: str, name: str, subject: str) -> None:
    messaging.notify(op, account_id=account_id, kind=kind, params={"name": name}, subject=subject)
