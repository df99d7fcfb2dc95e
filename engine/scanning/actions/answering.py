"""Confirming, consuming, refusing and cancelling a ticket, each step one conditional update."""

from __future__ import annotations

from engine.kernel import errors
from engine.kernel.engine import look_only
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.scanning import model, queries
from engine.scanning.actions.moving import TicketExpired, move, person, require_alive


class WrongPurpose(errors.PolicyRefused):
    """This QR code was made for something else. Go back to the page that shows it."""


def take_confirmed(
    op: Operation,
    *,
    ticket_id: str,
    purpose: model.Purpose,
    result: dict[str, str] | None = None,
    certificate_id: str | None = None,
    confirmation: bytes | None = None,
) -> model.Ticket:
    """The person who scanned confirms, having proved their certificate. Composed by upper stages.

    `confirmation` is the certificate's signature over `challenge_of` the ticket: kept to be verified later.
    Emits: ticket.confirmed. Raises: TicketExpired, WrongPurpose, NotFound, NotPossibleNow.
    """
    ticket = living(op, ticket_id, purpose)
    return move(
        op,
        ticket,
        "confirm",
        "ticket.confirmed",
        confirmed_at=op.now,
        result=result or {},
        certificate_id=certificate_id,
        confirmation=confirmation,
    )


def living(op: Operation, ticket_id: str, purpose: model.Purpose) -> model.Ticket:
    """A living ticket of this purpose that this person scanned on this device.

    Raises: TicketExpired, WrongPurpose, NotFound.
    """
    who = person(op)
    ticket = op.get(model.Ticket, "ticket", ticket_id)
    if ticket.account_id != who.account_id or ticket.device_id != who.device_id:
        raise errors.NotFound(what="QR code")
    if ticket.purpose is not purpose:
        raise WrongPurpose()
    require_alive(op, ticket)
    return ticket


def consume(op: Operation, *, ticket_id: str, nonce: str) -> model.Ticket:
    """The browser that asked takes what was confirmed, once. Composed by upper stages.

    Emits: ticket.consumed. Raises: NotFound for another browser, NotPossibleNow, TicketExpired.
    """
    ticket = queries.for_browser(op, ticket_id, nonce)
    model.TICKET.advance(ticket.status, "consume")
    if op.now >= ticket.expires_at + op.policy(policies.Tickets).lifetime_ms:
        raise TicketExpired()
    return move(op, ticket, "consume", "ticket.consumed")


@look_only
def refuse(op: Operation, *, ticket_id: str) -> model.Ticket:
    """The person who scanned says no.

    Emits: ticket.refused.
    """
    ticket = queries.for_phone(op, ticket_id)
    return move(op, ticket, "refuse", "ticket.refused")


def end_refused(op: Operation, *, ticket_id: str, why: str) -> model.Ticket:
    """What was scanned cannot be done, and the browser is told why. Composed by upper stages.

    Emits: ticket.refused.
    """
    ticket = queries.for_phone(op, ticket_id)
    return move(op, ticket, "refuse", "ticket.refused", result={"why": why})


def cancel(op: Operation, *, ticket_id: str, nonce: str) -> model.Ticket:
    """The browser that asked takes its QR back (it shows a fresh one).

    Emits: ticket.cancelled.
    """
    ticket = queries.for_browser(op, ticket_id, nonce)
    return move(op, ticket, "cancel", "ticket.cancelled")


def end_of_account(op: Operation, *, account_id: str) -> None:
    """What a person scanned or confirmed opens nothing any more: their account has ended.

    Emits: ticket.cancelled.
    """
    for ticket in queries.held_by(op, account_id):
        move(op, ticket, "end", "ticket.cancelled")


def end_of_certificate(op: Operation, *, certificate_id: str) -> None:
    """What a certificate confirmed and no browser has taken yet opens nothing: it was withdrawn or held.

    Emits: ticket.cancelled.
    """
    for ticket in queries.confirmed_with(op, certificate_id):
        if ticket.status is model.TicketStatus.CONFIRMED:
            move(op, ticket, "end", "ticket.cancelled")
