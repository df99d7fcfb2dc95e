"""What follows for bindings from a revoked certificate."""

from __future__ import annotations

from engine.binding import actions, queries
from engine.kernel import events
from engine.kernel.operation import Operation


def certificate_revoked(op: Operation, event: events.Event) -> None:
    """Every binding of the certificate ends.

    Emits: binding.unbound.
    """
    for found in queries.of_certificate(op, event.subject):
        actions.end(op, found)
