"""Making, scanning, confirming and consuming tickets, each step one conditional update."""

from __future__ import annotations

from engine.kernel import actors, errors, ids
from engine.kernel.engine import look_only
from engine.kernel.operation import Operation
from engine.policies import model as policies
from engine.scanning import model, queries


class TicketExpired(errors.PolicyRefused):
    """This QR code has expired: it is valid for 3 minutes only. Refresh it and scan again."""


class TicketUnknown(errors.NotFound):
    """This is not a QR code of this platform. Check the address of the page that shows it."""


class AlreadyScanned(errors.Conflict):
    """Another phone has scanned this QR code already. Refresh it and scan again."""

    commits = True


class WrongPurpose(errors.PolicyRefused):
    """This QR code was made for something else. Go back to the page that shows it."""


def open_ticket(
    op: Operation,
    *,
    purpose: model.Purpose,
    kind: model.TicketKind,
    platform_id: str,
    nonce_hash: bytes,
    payload: dict[str, str],
) -> model.OpenedTicket:
    """Make a ticket for the browser whose nonce has this hash. Composed by upper stages.

    Emits: ticket.opened.
    """
    token = ids.token(op.entropy, 16)
    ticket = model.Ticket(
        id=op.new_id("tkt"),
        token_hash=ids.token_hash(token),
        purpose=purpose,
        kind=kind,
        platform_id=platform_id,
        nonce_hash=nonce_hash,
        requester=op.actor.text,
        payload=payload,
        status=model.TICKET.initial,
        created_at=op.now,
        expires_at=op.now + op.policy(policies.Tickets).lifetime_ms,
        account_id=None,
        device_id=None,
        scanned_at=None,
        confirmed_at=None,
        result={},
    )
    op.insert("ticket", ticket)
    op.record("ticket.opened", ticket.id, purpose=purpose, kind=kind)
    text = model.qr_text(op.parts.keyring, op.parts.world_id, purpose, token)
    return model.OpenedTicket(ticket=ticket, qr_text=text)


@look_only
def scan(op: Operation, *, qr_text: str) -> model.Ticket:
    """A person's phone reads a QR: the first one holds the ticket, a second one is refused.

    Emits: ticket.scanned, ticket.second_scan. Raises: TicketUnknown, TicketExpired, AlreadyScanned.
    """
    person = _person(op)
    read = model.read_qr(qr_text, queries.public_key(op))
    if read is None or read[0] != op.parts.world_id:
        raise TicketUnknown()
    ticket = op.first(
        model.Ticket,
        "SELECT * FROM ticket WHERE token_hash = ?",
        (ids.token_hash(read[2]),),
    )
    if ticket is None:
        raise TicketUnknown()
    _alive(op, ticket)
    if ticket.status is model.TicketStatus.SCANNED:
        if ticket.device_id == person.device_id and ticket.account_id == person.account_id:
            return ticket
        op.record("ticket.second_scan", ticket.id, account_id=person.account_id)
        raise AlreadyScanned()
    return _move(
        op,
        ticket,
        "scan",
        "ticket.scanned",
        account_id=person.account_id,
        device_id=person.device_id,
        scanned_at=op.now,
    )


def take_confirmed(
    op: Operation,
    *,
    ticket_id: str,
    purpose: model.Purpose,
    result: dict[str, str] | None = None,
) -> model.Ticket:
    """The person who scanned confirms, having proved their certificate. Composed by upper stages.

    Emits: ticket.confirmed. Raises: TicketExpired, WrongPurpose, NotFound, NotPossibleNow.
    """
    ticket = living(op, ticket_id, purpose)
    return _move(
        op,
        ticket,
        "confirm",
        "ticket.confirmed",
        confirmed_at=op.now,
        result=result or {},
    )


def living(op: Operation, ticket_id: str, purpose: model.Purpose) -> model.Ticket:
    """A living ticket of this purpose that this person scanned on this device.

    Raises: TicketExpired, WrongPurpose, NotFound.
    """
    person = _person(op)
    ticket = op.get(model.Ticket, "ticket", ticket_id)
    if ticket.account_id != person.account_id or ticket.device_id != person.device_id:
        raise errors.NotFound(what="QR code")
    if ticket.purpose is not purpose:
        raise WrongPurpose()
    _alive(op, ticket)
    return ticket


def consume(op: Operation, *, ticket_id: str, nonce: str) -> model.Ticket:
    """The browser that asked takes what was confirmed, once. Composed by upper stages.

    Emits: ticket.consumed. Raises: NotFound for another browser, NotPossibleNow, TicketExpired.
    """
    ticket = queries.for_browser(op, ticket_id, nonce)
    model.TICKET.advance(ticket.status, "consume")
    if op.now >= ticket.expires_at + op.policy(policies.Tickets).lifetime_ms:
        raise TicketExpired()
    return _move(op, ticket, "consume", "ticket.consumed")


@look_only
def refuse(op: Operation, *, ticket_id: str) -> model.Ticket:
    """The person who scanned says no.

    Emits: ticket.refused.
    """
    ticket = queries.for_phone(op, ticket_id)
    return _move(op, ticket, "refuse", "ticket.refused")


def cancel(op: Operation, *, ticket_id: str, nonce: str) -> model.Ticket:
    """The browser that asked takes its QR back (it shows a fresh one).

    Emits: ticket.cancelled.
    """
    ticket = queries.for_browser(op, ticket_id, nonce)
    return _move(op, ticket, "cancel", "ticket.cancelled")


def end_of_account(op: Operation, *, account_id: str) -> None:
    """What a person scanned or confirmed opens nothing any more: their account has ended.

    Emits: ticket.cancelled.
    """
    for ticket in queries.held_by(op, account_id):
        _move(op, ticket, "end", "ticket.cancelled")


def _move(
    op: Operation, ticket: model.Ticket, verb: str, fact: str, **changes: object
) -> model.Ticket:
    status = model.TICKET.advance(ticket.status, verb)
    op.update("ticket", ticket.id, {"status": status, **changes}, was={"status": ticket.status})
    op.record(fact, ticket.id, purpose=ticket.purpose)
    return op.get(model.Ticket, "ticket", ticket.id)


def _alive(op: Operation, ticket: model.Ticket) -> None:
    if ticket.expired(op.now):
        raise TicketExpired()


def _person(op: Operation) -> actors.Person:
    if not isinstance(op.actor, actors.Person):
        raise errors.NotPermitted()
    return op.actor
