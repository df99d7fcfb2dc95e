"""Clients, what was proposed for them, and tokens."""

from __future__ import annotations

from engine.integrating import model
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader

_TOKEN = "id, client_id, made_at, expires_at, last_used_at"


def clients(q: Reader) -> list[model.KeptClient]:
    """Every client that ever was, by name; the revoked ones last."""
    sql = (
        "SELECT * FROM machine_client"
        " ORDER BY CASE WHEN status = 'revoked' THEN 1 ELSE 0 END, name, id"
    )
    return q.all(model.KeptClient, sql)


def open_proposal(q: Reader, client_id: str) -> model.KeptProposal | None:
    """The proposal about a client that waits for a second person."""
    sql = "SELECT * FROM machine_proposal WHERE client_id = ? AND status = 'open'"
    return q.first(model.KeptProposal, sql, (client_id,))


def tokens(q: Reader, client_id: str) -> list[model.Token]:
    """The living tokens of a client, newest first."""
    sql = (
        "SELECT id, made_at, expires_at, last_used_at FROM machine_token"
        " WHERE client_id = ? AND ended_at IS NULL AND expires_at > ? ORDER BY made_at DESC, id DESC"
    )
    return q.all(model.Token, sql, (client_id, q.now))


def living_token(q: Reader, digest: bytes) -> tuple[str, str, int | None] | None:
    """Token, client and last use behind the digest of a token that lives."""
    found = q.row(
        f"SELECT {_TOKEN} FROM machine_token"  # noqa: S608
        " WHERE hash = ? AND ended_at IS NULL AND expires_at > ?",
        (digest, q.now),
    )
    return None if found is None else (found["id"], found["client_id"], found["last_used_at"])


def add_token(
    op: Operation, token_id: str, client_id: str, digest: bytes, *, by: str, expires_at: int
) -> None:
    """Keep a token's digest."""
    op.unlogged(
        "INSERT INTO machine_token (id, client_id, hash, made_by, made_at, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (token_id, client_id, digest, by, op.now, expires_at),
    )


def cut_tokens(op: Operation, client_id: str, until: int) -> None:
    """Have no living token of a client hold longer than this."""
    op.unlogged(
        "UPDATE machine_token SET expires_at = ? WHERE client_id = ? AND ended_at IS NULL"
        " AND expires_at > ?",
        (until, client_id, until),
    )


def end_tokens(op: Operation, client_id: str, token_id: str = "") -> int:
    """End the living tokens of a client (or one of them); how many."""
    only = " AND id = ?" if token_id else ""
    return op.unlogged(
        f"UPDATE machine_token SET ended_at = ? WHERE client_id = ? AND ended_at IS NULL{only}",  # noqa: S608
        (op.now, client_id, *((token_id,) if token_id else ())),
    )


def client_of_token(q: Reader, token_id: str) -> str | None:
    """Whose a token is."""
    found = q.row("SELECT client_id FROM machine_token WHERE id = ?", (token_id,))
    return None if found is None else str(found["client_id"])


def note_token(op: Operation, token_id: str, at: int) -> None:
    """Note when a token was used."""
    op.unlogged("UPDATE machine_token SET last_used_at = ? WHERE id = ?", (at, token_id))
