"""The reviews of a claim: the last approval makes the enterprise (ENT-1)."""

from __future__ import annotations

from engine.kernel import errors, identifiers
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import model, queries, store
from engine.registration.actions import members
from engine.reviewing import queries as cases
from engine.reviewing.model import Decision


class VerificationMissing(errors.PolicyRefused):
    """This cannot be approved yet: the {what} is missing. Hold the case, or reject it."""


def claim_approved_in_part(op: Operation, *, subject_id: str, approver: str) -> None:
    """One of several reviewers has approved: somebody else reviews the claim again.

    Emits: claim.in_second_review.
    """
    claim = op.get(model.Claim, "enterprise_claim", subject_id)
    status = model.CLAIM.advance(claim.status, "approve_in_part")
    changes = {"status": status, "first_approved_by": claim.first_approved_by or approver}
    op.update("enterprise_claim", claim.id, changes, was={"status": claim.status})
    op.record("claim.in_second_review", claim.id, approved_by=approver)


def claim_approvals_fell(op: Operation, *, subject_id: str) -> None:
    """No approval stands any more, because what was approved has changed: the claim begins again.

    Emits: claim.in_first_review.
    """
    claim = op.get(model.Claim, "enterprise_claim", subject_id)
    status = model.CLAIM.advance(claim.status, "approvals_fell")
    changes = {"status": status, "first_approved_by": None}
    op.update("enterprise_claim", claim.id, changes, was={"status": claim.status})
    op.record("claim.in_first_review", claim.id)


def decide_enterprise_claim(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """The last of the reviewers has decided: the enterprise is there, its claimant as administrator.

    Emits: claim.approved, claim.rejected, enterprise.approved, member.joined.
    Raises: VerificationMissing.
    """
    claim = op.get(model.Claim, "enterprise_claim", subject_id)
    if not decision.approved:
        _reject(op, claim, decision)
        return
    require_verified(op, claim)
    status = model.CLAIM.advance(claim.status, "approve")
    enterprise = _make(op, claim)
    op.update(
        "enterprise_claim",
        claim.id,
        {"status": status, "enterprise_id": enterprise.id, "decided_at": op.now},
        was={"status": claim.status},
    )
    op.record("claim.approved", claim.id, decided_by=decision.decided_by)
    members.join(op, enterprise.id, claim.account_id, model.MemberRole.ADMINISTRATOR)
    op.record(
        "enterprise.approved",
        enterprise.id,
        claim_id=claim.id,
        account_id=claim.account_id,
        approved_by=list(decision.approved_by),
    )
    _tell(op, claim, status, todo=False)


def require_verified(op: Operation, claim: model.Claim) -> None:
    """The register has confirmed the enterprise, and the claimant's authority is shown (IDV-6).

    Raises: VerificationMissing.
    """
    found = queries.verification(op, claim)
    if found.register != model.CheckStatus.MATCHED:
        raise VerificationMissing(what="register's confirmation")
    if found.authority == "missing":
        raise VerificationMissing(what="claimant's authority")


def _make(op: Operation, claim: model.Claim) -> model.Enterprise:
    """The enterprise and its particulars; the caller records the facts."""
    known = store.enterprise_by_uscc(op, claim.uscc)
    enterprise = _new(op, claim) if known is None else _reopened(op, known, claim)
    name, number = queries.representative_of(op, claim)
    keep_particulars(op, enterprise, name, number, claim.papers)
    return enterprise


def _reopened(op: Operation, known: model.Enterprise, claim: model.Claim) -> model.Enterprise:
    """One that ended here is the same again, under the name that it has now."""
    changes = {"status": model.ENTERPRISE.advance(known.status, "reopen"), "name": claim.name}
    op.update("enterprise", known.id, changes, was={"status": known.status})
    store.index_name(op, known.id, claim.name)
    return queries.enterprise(op, known.id)


def _new(op: Operation, claim: model.Claim) -> model.Enterprise:
    enterprise = model.Enterprise(
        id=op.new_id("ent"),
        subject_id=claim.subject_id,
        name=claim.name,
        uscc=claim.uscc,
        entity_class=identifiers.entity_class(claim.uscc),
        status=model.ENTERPRISE.initial,
        created_at=op.now,
    )
    op.insert("enterprise", enterprise)
    store.index_name(op, enterprise.id, enterprise.name)
    return enterprise


def keep_particulars(
    op: Operation,
    enterprise: model.Enterprise,
    name: str,
    number: str,
    papers: tuple[model.Paper, ...],
) -> None:
    """What is kept of an enterprise beside its name and code; the caller records the fact."""
    known = store.particulars(op, enterprise.id)
    particulars_id = known.id if known else op.new_id("par")

    def sealed(column: str, text: str) -> bytes:
        place = f"enterprise_particulars|{column}|{particulars_id}"
        return op.seal(enterprise.subject_id, place, text)

    values = {
        "legal_representative": sealed("legal_representative", name),
        "legal_representative_id": sealed("legal_representative_id", number) if number else None,
        "papers": papers,
        "changed_at": op.now,
    }
    if known is None:
        row = {"id": particulars_id, "enterprise_id": enterprise.id, **values}
        op.insert("enterprise_particulars", row)
    else:
        was = {"changed_at": known.changed_at}
        op.update("enterprise_particulars", particulars_id, values, was=was)


def _reject(op: Operation, claim: model.Claim, decision: Decision) -> None:
    status = model.CLAIM.advance(claim.status, "reject")
    changes = {"status": status, "reasons": decision.reasons, "decided_at": op.now}
    op.update("enterprise_claim", claim.id, changes, was={"status": claim.status})
    op.record(f"claim.{status}", claim.id, decided_by=decision.decided_by)
    _tell(op, claim, status, todo=True, reasons=decision.reasons)


def _tell(
    op: Operation,
    claim: model.Claim,
    status: model.ClaimStatus,
    *,
    todo: bool,
    reasons: tuple[str, ...] = (),
) -> None:
    messaging.notify(
        op,
        account_id=claim.account_id,
        kind=f"claim.{status}",
        params={"name": claim.name, **cases.first_field(op, reasons)},
        subject=claim.id,
        todo=todo,
    )
