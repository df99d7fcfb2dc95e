"""A phone reads a QR: the first one holds the ticket."""

from __future__ import annotations

from engine.kernel import actors, errors, ids
from engine.kernel.engine import look_only
from engine.kernel.operation import Operation
from engine.messaging import actions as messaging
from engine.policies import model as policies
from engine.scanning import limits, model, networks, queries, store
from engine.scanning.actions.moving import move, person, require_alive


class TicketUnknown(errors.NotFound):
    """This is not a QR code of this platform. Check the address of the page that shows it."""

    commits = True


class AlreadyScanned(errors.Conflict):
    """Another phone has scanned this QR code already. Refresh it and scan again."""

    commits = True


def _found(op: Operation, qr_text: str) -> model.Ticket:
    """The ticket that a picture stands for; a picture that is not due yet stands for none."""
    limits.require_few_unknown(op)
    read = model.read_qr(qr_text, queries.public_key(op))
    of_here = read is not None and read[0] == op.parts.world_id
    picture = model.token_of(read[2]) if read is not None and of_here else None
    ticket = store.by_token(op, ids.token_hash(picture[0])) if picture is not None else None
    due_ms = picture[1] * op.policy(policies.Tickets).picture_ms if picture is not None else 0
    if ticket is None or op.now < ticket.created_at + due_ms:
        limits.count_unknown(op)
        raise TicketUnknown()
    return ticket


@look_only
def scan(op: Operation, *, qr_text: str) -> model.Ticket:
    """A person's phone reads a QR: the first one holds the ticket, a second one is refused.

    The first one is told of the second. A phone in another network than the browser is asked for the two
    digits on the PC. Emits: ticket.scanned, ticket.second_scan, message.sent.
    Raises: TicketUnknown and AlreadyScanned (both committed), TicketExpired, TooManyUnknown.
    """
    who = person(op)
    ticket = _found(op, qr_text)
    require_alive(op, ticket)
    if ticket.status is model.TicketStatus.SCANNED:
        if ticket.device_id == who.device_id and ticket.account_id == who.account_id:
            return ticket
        _second_scan(op, ticket, who)
        raise AlreadyScanned()
    place = networks.place_of(op.source.address)
    elsewhere = place != ticket.payload.get(model.PLACE, "")
    return move(
        op,
        ticket,
        "scan",
        "ticket.scanned",
        account_id=who.account_id,
        device_id=who.device_id,
        scanned_at=op.now,
        scanned_from=place,
        step_up=model.StepUp.NETWORK if elsewhere and ticket.purpose in model.STEPPED_UP else "",
    )


def _second_scan(op: Operation, ticket: model.Ticket, who: actors.Person) -> None:
    op.update(
        "ticket",
        ticket.id,
        {"second_scans": ticket.second_scans + 1},
        was={"second_scans": ticket.second_scans},
    )
    op.record("ticket.second_scan", ticket.id, account_id=who.account_id)
    if ticket.second_scans == 0 and ticket.account_id is not None:
        messaging.notify(
            op, account_id=ticket.account_id, kind="ticket.second_scan", subject=ticket.id
        )
