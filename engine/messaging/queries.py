"""A person's messages and to-dos."""

from __future__ import annotations

from engine.kernel import actors
from engine.kernel.reader import Reader
from engine.messaging import model


def mine(q: Reader, *, limit: int = 50) -> list[model.Message]:
    """The signed-in person's messages, newest first."""
    if not isinstance(q.actor, actors.Person):
        return []
    return q.all(
        model.Message,
        "SELECT * FROM message WHERE account_id = ? ORDER BY created_at DESC, id DESC LIMIT ?",
        (q.actor.account_id, limit),
    )
