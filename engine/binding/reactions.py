"""What follows for bindings from a revoked certificate."""

from __future__ import annotations

from engine.binding import actions, queries
from engine.kernel import actors, events
from engine.kernel.operation import Operation


def certificate_revoked(op: Operation, event: events.Event) -> None:
    """Every binding of the certificate ends.

    Emits: binding.unbound.
    """
    for found in queries.of_certificate(op, event.subject):
        actions.end(op, found)


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
