"""What follows for bindings from certificates, decisions and scans."""

from __future__ import annotations

from engine.binding import entities, model, queries, store
from engine.binding.actions import confirming, ending
from engine.issuing import model as issuing
from engine.kernel import actors, events
from engine.kernel.operation import Operation
from engine.mall import actions as mall
from engine.mall import queries as malls
from engine.messaging import actions as messaging
from engine.ordering import model as ordering
from engine.policies import model as policies
from engine.reviewing import queries as cases
from engine.reviewing.model import Decision
from engine.scanning import actions as scanning
from engine.scanning import model as tickets


def certificate_activated(op: Operation, event: events.Event) -> None:
    """A binding moves to the certificate that replaces its own, where the rule says so (BND-3).

    Emits: binding.unbound, binding.submitted, binding.bound, message.sent.
    """
    new = op.get(issuing.Certificate, "certificate", event.subject)
    if new.replaces is None:
        return
    business = op.get(ordering.Order, "certificate_order", new.order_id).business
    if business not in op.policy(policies.EntityRules).moves_on:
        return
    for old in store.bound_with(op, new.replaces):
        if old.account_id != new.account_id or old.enterprise_id != new.enterprise_id:
            continue
        account = malls.mall_account(op, old.mall_account_id)
        ending.end(op, old)
        made = confirming.submit(op, account, new, entity_id=old.entity_id, moved_from=old.id)
        confirming.bind(op, made, told="binding.moved")


def certificate_revoked(op: Operation, event: events.Event) -> None:
    """Every binding of the certificate ends; where another one has taken its place, it is bound anew.

    Unless that is so, what it confirmed and signed in ends too, in the same transaction (ENT-3).
    Emits: binding.unbound, ticket.cancelled, mall_account.session_ended, message.sent.
    """
    ended = op.get(issuing.Certificate, "certificate", event.subject)
    if ended.replaced_by is None:
        _stopped(op, ended.id)
    for found in store.living_with(op, event.subject):
        ending.end(op, found)
        if ended.replaced_by is not None:
            messaging.notify(
                op,
                account_id=found.account_id,
                kind="binding.rebind",
                params={"login": malls.mall_account(op, found.mall_account_id).login},
                subject=found.mall_account_id,
            )


def certificate_suspended(op: Operation, event: events.Event) -> None:
    """What a certificate confirmed, and the browsers that it signed in, do nothing while it is on hold.

    Emits: ticket.cancelled, mall_account.session_ended.
    """
    _stopped(op, event.subject)


def _stopped(op: Operation, certificate_id: str) -> None:
    scanning.end_of_certificate(op, certificate_id=certificate_id)
    mall.end_sessions_by(op, certificate_id=certificate_id)


def decide_entity(op: Operation, *, subject_id: str, decision: Decision) -> None:
    """Staff have looked at an entity's registration: what waited for it is bound, or fails.

    Emits: entity.registered and binding.bound, or entity.rejected and binding.rejected; message.sent.
    """
    entity = op.get(model.Entity, "entity", subject_id)
    waiting = store.waiting_for(op, entity.id)
    if decision.approved:
        entities.accept(op, entity)
        for one in waiting:
            confirming.bind(op, one)
        return
    entities.reject(op, entity, decision.reasons)
    for one in waiting:
        ending.reject(op, one)
        login = malls.mall_account(op, one.mall_account_id).login
        messaging.notify(
            op,
            account_id=one.account_id,
            kind="binding.rejected",
            params={"login": login} | cases.first_field(op, decision.reasons),
            subject=one.id,
            todo=True,
        )


def ticket_scanned(op: Operation, event: events.Event) -> None:
    """On a browser on which nobody of this person's has signed in before, signing in takes two digits.

    Emits: ticket.stepped_up.
    """
    if event.facts["purpose"] != tickets.Purpose.LOGIN:
        return
    ticket = op.get(tickets.Ticket, "ticket", event.subject)
    assert ticket.account_id is not None
    here = [
        *store.bound_by(op, ticket.account_id, ticket.platform_id),
        *store.opened_by_delegates(op, ticket.account_id, ticket.platform_id),
    ]
    if here and not any(
        malls.knows_browser(op, one.mall_account_id, ticket.nonce_hash) for one in here
    ):
        scanning.ask_for_number(op, ticket_id=ticket.id, why=tickets.StepUp.BROWSER)


def trade_begun(op: Operation, event: events.Event) -> None:
    """Who has no active, bound certificate neither purchases nor makes contracts (MAL-3, G-notice-1).

    It stands here because the mall does not know certificates: the refusal undoes the whole operation.
    Raises: CertificateNotBound.
    """
    actor = op.actor
    if isinstance(actor, actors.MallAccount) and not queries.is_certified(
        op, actor.mall_account_id
    ):
        raise queries.CertificateNotBound()
