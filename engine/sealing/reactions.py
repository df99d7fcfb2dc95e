"""What follows for seals from approvals and certificates."""

from __future__ import annotations

from engine.kernel import events
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.reviewing.model import Decision
from engine.sealing import actions, applications, model, queries, store


def enterprise_approved(op: Operation, event: events.Event) -> None:
    """A new enterprise's first three seals go to the makers without being asked for (ENT-1).

    Emits: seal.applied_for, case.opened.
    """
    enterprise = people.enterprise(op, event.subject)
    approved_by = tuple(event.facts["approved_by"])
    for kind in model.FIRST:
        applications.open_making(
            op, enterprise, event.facts["account_id"], kind, approved_by=approved_by
        )


def enterprise_closed(op: Operation, event: events.Event) -> None:
    """An enterprise that nobody belongs to any more has no seals: they end, and so do applications.

    Emits: seal.deleted, seal.rejected, case.withdrawn.
    """
    for found in store.of_enterprise(op, event.subject):
        if model.SEAL.allows(found.status, "delete"):
            actions.end(op, found)
    for asked in store.applications_of(op, event.subject):
        if model.APPLICATION.allows(asked.status, "reject"):
            _end(op, asked, ())
            reviewing.close_open(op, subject_id=asked.id)


def enterprise_changed(op: Operation, event: events.Event) -> None:
    """What was listed for the seals before the change is carried out: ended, ordered, or renamed (ENT-4).

    Emits: seal.deleted, seal.applied_for, case.opened, seal.carried_over.
    """
    enterprise = people.enterprise(op, event.subject)
    approved_by = tuple(event.facts["approved_by"])
    for one in queries.follows(op, enterprise.id, frozenset(event.facts["changed"])):
        if one.fate is model.Fate.CARRIED_OVER:
            actions.carry_over(op, one.kind, enterprise)
            continue
        if one.fate is model.Fate.MADE_ANEW:
            actions.end(op, op.get(model.Seal, "seal", one.subject))
        applications.open_making(
            op, enterprise, event.facts["account_id"], one.kind, approved_by=approved_by
        )


def certificate_activated(op: Operation, event: events.Event) -> None:
    """A new certificate may use its enterprise's seals: they are signed, or signed anew, with it.

    Emits: nothing yet; the agency's answer is recorded.
    """
    for seal in store.of_enterprise(op, event.facts["enterprise_id"]):
        if seal.status in model.MAKEABLE:
            op.enqueue("make_seal", seal.id)


def decide_seal(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """The reviewer has decided: somebody else makes the seal, or the application ends.

    Emits: seal.approved, seal.rejected, case.opened.
    """
    found = op.get(model.SealApplication, "seal_application", subject_id)
    if not decision.approved:
        _reject(op, found, decision)
        return
    status = model.APPLICATION.advance(found.status, "approve")
    op.update(
        "seal_application",
        found.id,
        {"status": status, "reviewed_by": decision.decided_by},
        was={"status": found.status},
    )
    op.record("seal.approved", found.id, approved_by=decision.decided_by)
    applications.open_making_case(op, found, excluded=(decision.decided_by,), title=found.name)


def decide_seal_making(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """The maker has checked the application: the seal is ordered, or the application ends.

    Emits: seal.checked, seal.ordered, seal.rejected.
    """
    found = op.get(model.SealApplication, "seal_application", subject_id)
    if not decision.approved:
        _reject(op, found, decision)
        return
    status = model.APPLICATION.advance(found.status, "make")
    op.update(
        "seal_application",
        found.id,
        {"status": status, "ended_at": op.now},
        was={"status": found.status},
    )
    op.record("seal.checked", found.id, checked_by=decision.decided_by)
    actions.order_seal(op, found)


def _end(op: Operation, found: model.SealApplication, reasons: tuple[str, ...]) -> None:
    status = model.APPLICATION.advance(found.status, "reject")
    op.update(
        "seal_application",
        found.id,
        {"status": status, "reasons": reasons, "ended_at": op.now},
        was={"status": found.status},
    )
    op.record("seal.rejected", found.id, reasons=list(reasons))


def _reject(op: Operation, found: model.SealApplication, decision: Decision) -> None:
    _end(op, found, decision.reasons)
    told = cases.first_field(op, decision.reasons)
    messaging.notify(
        op,
        account_id=found.account_id,
        kind="seal.rejected",
        params={"name": found.name, **told},
        subject=found.id,
        todo=True,
    )
