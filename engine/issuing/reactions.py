"""What follows for certificates from the end of an account, and from a change of their enterprise."""

from __future__ import annotations

from engine.issuing import actions, model, queries, store
from engine.kernel import events
from engine.kernel.operation import Operation
from engine.registration import queries as people
from engine.registration.model import AccountStatus


def account_cancelled(op: Operation, event: events.Event) -> None:
    """The person's certificates end with their account; one that the CA is signing, when it comes.

    Emits: certificate.revoked, order.certificate_ended.
    """
    for one in queries.living(op, event.subject):
        if model.CERTIFICATE.allows(one.status, "revoke"):
            actions.end(op, one, "cessationOfOperation")


def certificate_issued(op: Operation, event: events.Event) -> None:
    """A certificate whose person's account has ended in the meantime is revoked at once.

    Emits: certificate.revoked, order.certificate_ended.
    """
    found = op.get(model.Certificate, "certificate", event.subject)
    ended = people.account(op, found.account_id).status is AccountStatus.CANCELLED
    if ended and model.CERTIFICATE.allows(found.status, "revoke"):
        actions.end(op, found, "cessationOfOperation")


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
