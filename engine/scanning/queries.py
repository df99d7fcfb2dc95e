"""What a ticket's two sides may see of it."""

from __future__ import annotations

import hmac

from engine.kernel import actors, errors, ids
from engine.kernel.reader import Reader
from engine.scanning import model, networks, store


def public_key(q: Reader) -> bytes:
    """The key with which handsets recognize this platform's QR codes."""
    return model.signing_key(q.parts.keyring).public_key().public_bytes_raw()


def for_browser(q: Reader, ticket_id: str, nonce: str) -> model.Ticket:
    """The ticket as the browser that asked for it may watch it.

    Raises: NotFound for any other browser.
    """
    found = q.get(model.Ticket, "ticket", ticket_id)
    if not hmac.compare_digest(bytes(found.nonce_hash), ids.token_hash(nonce)):
        raise errors.NotFound(what="QR code")
    return found


def held_by(q: Reader, account_id: str) -> list[model.Ticket]:
    """The tickets that a person has scanned or confirmed and that could still do something."""
    return store.held_by(q, account_id)


def confirmed_with(q: Reader, certificate_id: str) -> list[model.Ticket]:
    """The tickets that a certificate confirmed, with its signature over each; internal."""
    return store.confirmed_with(q, certificate_id)


def for_phone(q: Reader, ticket_id: str) -> model.Ticket:
    """The ticket as the person who scanned it may see it.

    Raises: NotFound for anybody else.
    """
    found = q.get(model.Ticket, "ticket", ticket_id)
    if not isinstance(q.actor, actors.Person) or found.account_id != q.actor.account_id:
        raise errors.NotFound(what="QR code")
    return found


def _status(q: Reader, ticket: model.Ticket) -> str:
    return "expired" if ticket.expired(q.now) else ticket.status.value


def watch(q: Reader, ticket_id: str, nonce: str) -> model.Watched:
    """What became of a QR, for the browser that asked for it; expiry is derived (LOG-1).

    Raises: NotFound for any other browser.
    """
    ticket = for_browser(q, ticket_id, nonce)
    asked = bool(ticket.step_up) and ticket.status is model.TicketStatus.SCANNED
    return model.Watched(
        ticket_id=ticket.id,
        status=_status(q, ticket),
        expires_at=ticket.expires_at,
        number=model.number_of(q.parts.keyring, ticket.id) if asked else "",
        second_scans=ticket.second_scans,
        why=ticket.result.get("why", ""),
    )


def asked(q: Reader, ticket_id: str) -> model.Asked:
    """What the phone that scanned shows: where the PC is, when it asked, whether two digits are needed.

    Raises: NotFound for anybody else.
    """
    ticket = for_phone(q, ticket_id)
    return model.Asked(
        ticket_id=ticket.id,
        status=_status(q, ticket),
        created_at=ticket.created_at,
        expires_at=ticket.expires_at,
        place=networks.shown(ticket.payload.get(model.PLACE, "")),
        browser=ticket.payload.get(model.BROWSER, ""),
        own_place=networks.shown(ticket.scanned_from),
        step_up=tuple(ticket.step_up.split(",")) if ticket.step_up else (),
        second_scans=ticket.second_scans,
        result=ticket.result,
    )
