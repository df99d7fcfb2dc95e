"""One step of a ticket: whose it is, whether it lives, and the conditional update."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.operation import Operation
from engine.scanning import model


class TicketExpired(errors.PolicyRefused):
    """This QR code has expired: it is valid for 3 minutes only. Refresh it and scan again."""


def move(
    op: Operation, ticket: model.Ticket, verb: str, fact: str, **changes: object
) -> model.Ticket:
    """Take a step; of two at once one finds the ticket changed."""
    status = model.TICKET.advance(ticket.status, verb)
    op.update("ticket", ticket.id, {"status": status, **changes}, was={"status": ticket.status})
    op.record(fact, ticket.id, purpose=ticket.purpose)
    return op.get(model.Ticket, "ticket", ticket.id)


def require_alive(op: Operation, ticket: model.Ticket) -> None:
    """Refuse a ticket whose time is over.

    Raises: TicketExpired.
    """
    if ticket.expired(op.now):
        raise TicketExpired()


def person(op: Operation) -> actors.Person:
    """The person who acts.

    Raises: NotPermitted.
    """
    if not isinstance(op.actor, actors.Person):
        raise errors.NotPermitted()
    return op.actor
