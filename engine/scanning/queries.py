"""What a ticket's two sides may see of it."""

from __future__ import annotations

from engine.kernel import actors, errors, ids
from engine.kernel.reader import Reader
from engine.scanning import model


def public_key(q: Reader) -> bytes:
    """The key with which handsets recognize this platform's QR codes."""
    return model.signing_key(q.parts.keyring).public_key().public_bytes_raw()


def for_browser(q: Reader, ticket_id: str, nonce: str) -> model.Ticket:
    """The ticket as the browser that asked for it may watch it.

    Raises: NotFound for any other browser.
    """
    found = q.get(model.Ticket, "ticket", ticket_id)
    if found.nonce_hash != ids.token_hash(nonce):
        raise errors.NotFound(what="QR code")
    return found


def held_by(q: Reader, account_id: str) -> list[model.Ticket]:
    """The tickets that a person has scanned or confirmed and that could still do something."""
    sql = (
        "SELECT * FROM ticket WHERE account_id = ? AND status IN ('scanned', 'confirmed')"
        " ORDER BY id"
    )
    return q.all(model.Ticket, sql, (account_id,))


def for_phone(q: Reader, ticket_id: str) -> model.Ticket:
    """The ticket as the person who scanned it may see it.

    Raises: NotFound for anybody else.
    """
    found = q.get(model.Ticket, "ticket", ticket_id)
    if not isinstance(q.actor, actors.Person) or found.account_id != q.actor.account_id:
        raise errors.NotFound(what="QR code")
    return found
