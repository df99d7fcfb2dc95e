"""What follows for certificates from the end of an account, and from a change of their enterprise."""

from __future__ import annotations

from engine.incidents import queries as incidents
from engine.issuing import actions, model, queries, store
from engine.kernel import events
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.ordering import model as ordering
from engine.registration.model import AccountStatus
from engine.reviewing import queries as cases
from engine.reviewing.model import Decision


def account_cancelled(op: Operation, event: events.Event) -> None:
    """The person's certificates end with their account; one that the CA is signing, when it comes.

    Emits: certificate.revoked, order.certificate_ended.
    """
    for one in queries.living(op, event.subject):
        if model.CERTIFICATE.allows(one.status, "revoke"):
            actions.end(op, one, "cessationOfOperation")


def certificate_issued(op: Operation, event: events.Event) -> None:
    """A certificate whose person's account, order or pair has ended in the meantime is revoked at once.

    Emits: certificate.revoked, order.certificate_ended.
    """
    found = op.get(model.Certificate, "certificate", event.subject)
    ended = (
        op.value("account", found.account_id, "status") == AccountStatus.CANCELLED
        or op.value("certificate_order", found.order_id, "status") == ordering.OrderStatus.CANCELLED
    )
    if ended and model.CERTIFICATE.allows(found.status, "revoke"):
        actions.end(op, found, "cessationOfOperation")
        return
    if found.pair_id == found.id:
        return
    signing = op.get(model.Certificate, "certificate", found.pair_id)
    if signing.status is model.CertificateStatus.REVOKED:
        actions.revoke_one(op, found, signing.revocation_reason or "unspecified")


def issuing_stopped(op: Operation, event: events.Event) -> None:
    """Whoever waits is told; by a job, for stopping waits for nobody.

    Emits: nothing.
    """
    op.enqueue("tell_waiting", event.subject)


def issuing_lifted(op: Operation, event: events.Event) -> None:
    """What was asked for while issuing was stopped is asked of its CA now, where no other stop holds.

    Who waited is told. Emits: nothing; what the CA signs is recorded.
    """
    for one in store.requested(op, event.facts["agency_id"]):
        if incidents.stopped(op, one.agency_id) is None:
            op.enqueue("issue_certificate", one.id)
    op.enqueue("tell_waiting", event.subject)


def order_moved(op: Operation, event: events.Event) -> None:
    """An order that comes to a step which a stop holds waits from now on: its person is told.

    Emits: message.sent.
    """
    order = op.get(ordering.Order, "certificate_order", event.subject)
    if incidents.stopped(op, order.agency_id) is not None:
        actions.tell_of_order(op, order)


def order_cancelled(op: Operation, event: events.Event) -> None:
    """A certificate that was made but not taken into use ends with its order (CRT-5).

    Emits: certificate.revoked.
    """
    found = queries.of_order(op, event.subject)
    if found is not None and model.CERTIFICATE.allows(found.status, "revoke"):
        actions.end(op, found, "cessationOfOperation")


def delegations_end(op: Operation, event: events.Event) -> None:
    """What members hold within an enterprise's certificate ends with it, unless another took its place.

    Emits: certificate.revoked, order.certificate_ended. Source: ENT-3.
    """
    if event.facts["reason"] == "superseded":
        return
    for one in store.delegated_within(op, event.subject):
        if model.CERTIFICATE.allows(one.status, "revoke"):
            actions.end(op, one, "privilegeWithdrawn")


def member_ended(op: Operation, event: events.Event) -> None:
    """What a former member held for an enterprise by delegation ends with their membership (ENT-3).

    Emits: certificate.revoked, order.certificate_ended.
    """
    account_id, enterprise_id = event.facts["account_id"], event.facts["enterprise_id"]
    for one in queries.living(op, account_id):
        mine = one.delegated_by is not None and one.enterprise_id == enterprise_id
        if mine and model.CERTIFICATE.allows(one.status, "revoke"):
            actions.end(op, one, "privilegeWithdrawn")


def enterprise_closed(op: Operation, event: events.Event) -> None:
    """An enterprise that nobody belongs to any more signs nothing: what names it is revoked (ENT-2).

    Emits: certificate.revoked, order.certificate_ended.
    """
    for one in queries.of_enterprise(op, event.subject):
        if model.CERTIFICATE.allows(one.status, "revoke") and not one.expired(op.now):
            actions.end(op, one, "cessationOfOperation")


def enterprise_changed(op: Operation, event: events.Event) -> None:
    """Certificates that name the old name are revoked: their holder's affiliation changed (ENT-4).

    Emits: certificate.revoked, order.certificate_ended.
    """
    for one in queries.naming(op, event.subject, frozenset(event.facts["changed"])):
        actions.end(op, one, "affiliationChanged")


def status_changed(op: Operation, event: events.Event) -> None:
    """A certificate was revoked, held or released: what its authority publishes is made anew.

    The change is noted in the same transaction, so that no list is taken for the newest any more.
    Source: domain-rules 4 (a list on each revocation).
    """
    found = op.get(model.Certificate, "certificate", event.subject)
    store.note_change(op, found, event.seq)
    op.enqueue("publish_revocations", found.agency_id)


def decide_key_recovery(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """Two people approved, and the centre is asked; or it stays in its archive.

    Emits: key_recovery.approved, key_recovery.rejected, message.sent.
    """
    recovery = op.get(model.Recovery, "key_recovery", subject_id)
    if decision.approved:
        by = (*decision.approved_by, decision.decided_by)
        actions.move_recovery(
            op, recovery, "approve", "key_recovery.approved", decided_at=op.now, approved_by=by
        )
        op.enqueue("recover_key", recovery.id)
        return
    actions.move_recovery(
        op,
        recovery,
        "reject",
        "key_recovery.rejected",
        decided_at=op.now,
        reasons=decision.reasons,
    )
    messaging.notify(
        op,
        account_id=recovery.account_id,
        kind="key_recovery.was_rejected",
        subject=recovery.certificate_id,
        params=cases.first_field(op, decision.reasons),
    )
