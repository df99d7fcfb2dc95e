"""Telling people, noting that they read it, and closing to-dos whose step was taken."""

from __future__ import annotations

from engine.kernel import actors, errors
from engine.kernel.engine import look_only
from engine.kernel.operation import Operation
from engine.messaging import model, store


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


def done(op: Operation, *, subject: str) -> int:
    """Every open to-do about this subject is done; how many. Composed by other stages' actions.

    Emits: message.done.
    """
    return close(op, store.open_todos_about(op, subject))


def close(op: Operation, found: list[model.Message]) -> int:
    """These to-dos are done; how many. Composed by `done` and by reactions.

    Emits: message.done.
    """
    for message in found:
        op.update("message", message.id, {"done_at": op.now}, was={"done_at": None})
        op.record("message.done", message.id, account_id=message.account_id, code=message.kind)
    return len(found)


def _reader(op: Operation) -> actors.Person:
    if not isinstance(op.actor, actors.Person):
        raise errors.NotPermitted()
    return op.actor


@look_only
def read(op: Operation, *, message_id: str) -> model.Message:
    """Note that its reader opened a message (MSG-1).

    Emits: message.read. Raises: NotPermitted for somebody else's.
    """
    message = op.get(model.Message, "message", message_id)
    if _reader(op).account_id != message.account_id:
        raise errors.NotPermitted()
    if message.read_at is None:
        _note_read(op, message)
    return op.get(model.Message, "message", message_id)


@look_only
def read_all(op: Operation, *, category: str = "") -> int:
    """Note that the reader saw every message of a category, or of all; how many were new (MSG-1).

    Emits: message.read.
    """
    unread = [
        message
        for message in store.unread_of(op, _reader(op).account_id)
        if category in ("", model.place_of(message.kind).category)
    ]
    for message in unread:
        _note_read(op, message)
    return len(unread)


def _note_read(op: Operation, message: model.Message) -> None:
    op.update("message", message.id, {"read_at": op.now}, was={"read_at": None})
    op.record("message.read", message.id)
