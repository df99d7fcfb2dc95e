"""What follows for seals from approvals, certificates and memberships."""

from __future__ import annotations

from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel import events
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.registration import queries as people
from engine.reviewing import actions as reviewing
from engine.reviewing import queries as cases
from engine.reviewing.model import Decision
from engine.sealing import actions, applications, model, queries, store
from engine.sealing.applications import Wanted
from engine.sealing.queries import offers


def enterprise_approved(op: Operation, event: events.Event) -> None:
    """A new enterprise's first three seals go to the makers without being asked for (ENT-1).

    Emits: seal.applied_for, case.opened.
    """
    approved_by = tuple(event.facts["approved_by"])
    for kind in model.FIRST:
        _order_first(op, event.subject, event.facts["account_id"], kind, approved_by)


def _order_first(
    op: Operation, enterprise_id: str, account_id: str, kind: str, approved_by: tuple[str, ...]
) -> None:
    wanted = Wanted(enterprise_id=enterprise_id, account_id=account_id, kind=kind, name="")
    applications.open_making(op, applications.checked(op, wanted), approved_by=approved_by)


def enterprise_closed(op: Operation, event: events.Event) -> None:
    """An enterprise that nobody belongs to any more has no seals: they end, and so do applications.

    Emits: seal.deleted, seal.rejected, case.withdrawn.
    """
    for asked in store.open_of(op, event.subject):
        _end(op, asked, ())
        reviewing.close_open(op, subject_id=asked.id)
    for found in store.living(op, event.subject):
        if op.get(model.Seal, "seal", found.id).status in model.LIVING:
            actions.end(op, found)


def account_cancelled(op: Operation, event: events.Event) -> None:
    """A person who has left for good has no seals of their own, and applies for none.

    Emits: seal.deleted, seal.withdrawn, case.withdrawn.
    """
    for asked in store.open_applications(op, event.subject):
        if asked.enterprise_id is None:
            actions.withdraw(op, asked)
    for found in store.living_of_person(op, event.subject):
        if op.get(model.Seal, "seal", found.id).status in model.LIVING:
            actions.end(op, found)


def enterprise_changed(op: Operation, event: events.Event) -> None:
    """What was listed for the seals before the change is carried out: ended, ordered, or renamed (ENT-4).

    Emits: seal.deleted, seal.applied_for, case.opened, seal.carried_over.
    """
    enterprise = people.enterprise(op, event.subject)
    approved_by = tuple(event.facts["approved_by"])
    account_id = event.facts["account_id"]
    for one in queries.follows(op, enterprise.id, frozenset(event.facts["changed"])):
        if one.fate is model.Fate.CARRIED_OVER:
            actions.carry_over(op, one, enterprise)
        elif one.fate is model.Fate.ORDERED:
            _order_first(op, enterprise.id, account_id, one.kind, approved_by)
        else:
            found = op.get(model.Seal, "seal", one.subject)
            actions.end(op, found)
            wanted = Wanted(
                enterprise_id=enterprise.id,
                account_id=account_id,
                kind=one.kind,
                name=found.name,
                size=found.size,
                colour=found.colour,
            )
            applications.open_making(op, applications.checked(op, wanted), approved_by=approved_by)


def certificate_activated(op: Operation, event: events.Event) -> None:
    """A new certificate may use its owner's seals: they are signed, or signed anew, with it.

    Emits: nothing yet; the agency's answer is recorded.
    """
    enterprise_id = event.facts["enterprise_id"]
    if enterprise_id:
        found = store.of_enterprise(op, enterprise_id)
    else:
        held = op.get(issuing.Certificate, "certificate", event.subject)
        found = store.of_person(op, held.account_id)
    for seal in found:
        if seal.status in model.MAKEABLE:
            op.enqueue("make_seal", seal.id)


def certificate_revoked(op: Operation, event: events.Event) -> None:
    """Who has no certificate of the enterprise left has nothing to use an entrusted seal with (ENT-3).

    Emits: seal_delegation.ended, message.sent.
    """
    held = op.get(issuing.Certificate, "certificate", event.subject)
    if held.enterprise_id is None:
        return
    left = [
        one
        for one in certificates.living(op, held.account_id)
        if one.enterprise_id == held.enterprise_id and one.id != held.id
    ]
    if not left:
        found = store.active_within(op, held.enterprise_id, held.account_id)
        actions.end_all(op, found, "certificate_ended")


def member_left(op: Operation, event: events.Event) -> None:
    """What a member was entrusted with ends with their membership (ENT-3).

    Emits: seal_delegation.ended, message.sent.
    """
    found = store.active_within(op, event.facts["enterprise_id"], event.facts["account_id"])
    actions.end_all(op, found, "member_left")


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
    title = found.name if found.enterprise_id else offers.label(op, found.kind)
    applications.open_making_case(op, found, excluded=(decision.decided_by,), title=title)


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
