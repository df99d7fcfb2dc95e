"""Replies: what an action returned for a key, kept encrypted, so that a repeated request gets it again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from engine.kernel import actors, clock, codec, database, errors, vault
from engine.kernel.operation import Operation
from engine.kernel.reader import Parts

T = TypeVar("T")
_LIFETIME_MS = 72 * clock.HOUR


class KeyReused(errors.Conflict):
    """This request was already made with other contents. Start again from a fresh page."""


def name_of(action: Callable[..., Any]) -> str:
    """An action's stable name: `<stage>.<function>`."""
    return f"{action.__module__.split('.')[1]}.{action.__name__}"


def stored(
    parts: Parts,
    connection: database.Connection,
    action: Callable[..., T],
    actor: actors.Actor,
    key: str | None,
    digest: bytes,
) -> tuple[T | errors.EngineError] | None:
    """What the action returned (or refused) for this key already, alone in a tuple; None where nothing.

    Raises: KeyReused for other arguments.
    """
    if key is None:
        return None
    name = name_of(action)
    found = connection.rows(
        "SELECT arguments, result FROM reply WHERE actor = ? AND action = ? AND key = ?",
        (actor.text, name, key),
    )
    if not found:
        return None
    if bytes(found[0]["arguments"]) != digest:
        raise KeyReused()
    secret = parts.keyring.secret("replies")
    text = vault.unseal(secret, found[0]["result"], f"reply|{actor.text}|{name}|{key}")
    if text[:1] == b"!":
        told = codec.load(text[1:].decode())
        kind = errors.type_of_code[told["code"]]
        return (kind(field=told["field"], **told["params"]),)
    result: T = codec.reply_adapter(action).validate_python(codec.load(text[1:].decode()))
    return (result,)


def store(op: Operation, key: str, digest: bytes, outcome: Any) -> None:
    """Keep what the operation's action returned or refused."""
    if isinstance(outcome, errors.EngineError):
        told = {"code": outcome.code, "field": outcome.field, "params": outcome.params}
        text = b"!" + codec.canonical(told).encode()
    else:
        text = b"=" + codec.canonical(outcome).encode()
    place = f"reply|{op.actor.text}|{op.action}|{key}"
    sealed = vault.seal(op.parts.keyring.secret("replies"), text, place, op.entropy)
    op.connection.run(
        "INSERT INTO reply (actor, action, key, arguments, result, expires_at)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        (op.actor.text, op.action, key, digest, sealed, op.now + _LIFETIME_MS),
    )
