"""What was done and refused on a way, with arguments that tell no personal value.

The log holds ids and codes alone; the arguments of an act hold names, numbers, codes and PINs too. Of
these a trace keeps what a developer needs to see what happened: ids and numbers as they are, words that
stand for a choice, and of everything else its kind and its length.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.kernel.attempts import Attempt

_ID = re.compile(r"[a-z]{2,4}_[0-9a-v]{26}")
_WORD = re.compile(r"[a-z][a-z0-9_.]{0,39}")
# Arguments whose value is one of few that are declared somewhere.
_CHOICES = frozenset(
    {
        *("agency_id", "business", "category", "kind", "kinds", "language", "paper", "platform_id"),
        *("product", "purpose", "reason", "reasons", "role", "roles", "scope_kind", "service_id"),
        *("state", "status", "usage", "verdict", "way", "why"),
    }
)
_COUNTS = frozenset(
    {"amount_fen", "by_ms", "count", "pages", "quantity", "total_fen", "version", "years"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """What somebody did: the arguments of a step."""

    action: str
    actor: str
    seq: int
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """What somebody tried and was refused; the log knows of it only where the refusal was kept.

    `after` is the newest fact at that moment.
    """

    action: str
    actor: str
    after: int
    at_ms: int
    code: str
    arguments: dict[str, Any]


def plain(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments without anything that could be somebody's."""
    return {name: _told(name, value) for name, value in sorted(arguments.items())}


def _told(name: str, value: Any) -> Any:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if _ID.fullmatch(value) or (name in _CHOICES and _WORD.fullmatch(value)):
            return str(value)
        return f"text of {len(value)}" if value else ""
    if isinstance(value, bytes | bytearray | memoryview):
        return f"{len(value)} bytes"
    if isinstance(value, int):
        return int(value) if name in _COUNTS else "a number"
    if isinstance(value, Mapping):
        return {str(key): _told(str(key), one) for key, one in value.items() if _is_name(key)}
    if isinstance(value, list | tuple | set | frozenset):
        return [_told(name, one) for one in value]
    return type(value).__name__


def _is_name(key: object) -> bool:
    return isinstance(key, str) and _WORD.fullmatch(key) is not None


def deed_of(attempt: Attempt) -> Deed:
    """An attempt that was kept."""
    return Deed(
        action=attempt.action,
        actor=attempt.actor,
        seq=attempt.seq,
        arguments=plain(attempt.arguments),
    )


def ids_in(value: Any) -> set[str]:
    """Every id among arguments."""
    if isinstance(value, str):
        return {value} if _ID.fullmatch(value) else set()
    if isinstance(value, Mapping):
        return set().union(*(ids_in(one) for one in value.values()))
    if isinstance(value, list | tuple | set | frozenset):
        return set().union(*(ids_in(one) for one in value))
    return set()
