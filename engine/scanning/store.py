"""The SQL of tickets."""

from __future__ import annotations

from engine.kernel.reader import Reader
from engine.scanning import model


def by_token(q: Reader, token_hash: bytes) -> model.Ticket | None:
    """The ticket whose token has this hash."""
    return q.first(model.Ticket, "SELECT * FROM ticket WHERE token_hash = ?", (token_hash,))


def open_in_browser(q: Reader, nonce_hash: bytes) -> list[model.Ticket]:
    """The living tickets of a browser that nobody has confirmed yet, oldest first."""
    sql = (
        "SELECT * FROM ticket WHERE nonce_hash = ? AND status IN ('created', 'scanned')"
        " AND expires_at > ? ORDER BY created_at, id"
    )
    return q.all(model.Ticket, sql, (nonce_hash, q.now))


def held_by(q: Reader, account_id: str) -> list[model.Ticket]:
    """The tickets that a person has scanned or confirmed and that could still do something."""
    sql = (
        "SELECT * FROM ticket WHERE account_id = ? AND status IN ('scanned', 'confirmed')"
        " ORDER BY id"
    )
    return q.all(model.Ticket, sql, (account_id,))


def confirmed_with(q: Reader, certificate_id: str) -> list[model.Ticket]:
    """The tickets that a certificate confirmed, oldest first."""
    sql = "SELECT * FROM ticket WHERE certificate_id = ? ORDER BY confirmed_at, id"
    return q.all(model.Ticket, sql, (certificate_id,))
