"""Telling people, and noting that they read it."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.operation import Operation
from engine.messaging import model


def notify(
    op: Operation,
    *,
    account_id: str,
    kind: str,
    subject: str,
    params: dict[str, str] | None = None,
    todo: bool = False,
) -> model.Message:
    """Put a message into a person's box. Composed by other stages' actions.

    Emits: message.sent.
    """
    message = model.Message(
        id=op.new_id("msg"),
        account_id=account_id,
        kind=kind,
        params=params or {},
        subject=subject,
        todo=int(todo),
        created_at=op.now,
    )
    op.insert("message", message)
    op.record("message.sent", message.id, account_id=account_id, code=kind)
    return message


def read(op: Operation, *, message_id: str) -> model.Message:
    """Note that its reader opened a message.

    Emits: message.read. Raises: NotPermitted for somebody else's.
    """
    message = op.get(model.Message, "message", message_id)
    if not isinstance(op.actor, actors.Person) or op.actor.account_id != message.account_id:
        raise errors.NotPermitted()
    if message.read_at is None:
        op.update("message", message.id, {"read_at": op.now}, was={"kind": message.kind})
        op.record("message.read", message.id)
    return op.get(model.Message, "message", message_id)
