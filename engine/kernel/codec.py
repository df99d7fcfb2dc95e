"""Canonical JSON for the log and for digests, and typed JSON for stored replies.

Canonical: keys sorted, no blanks, UTF-8, integers only (a float is refused: money and times are
integers here), bytes as `{"$b": base64}`.
"""

from __future__ import annotations

import base64
import dataclasses
import enum
import functools
import hashlib
import inspect
import json
import typing
from collections.abc import Callable, Mapping
from typing import Any, cast

from pydantic import TypeAdapter

_encoder = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False, default=None
)


_JSON_ITSELF = frozenset({str, int, bool, type(None)})


@functools.cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(cls))


def plain(value: Any) -> Any:
    """`value` made of JSON's own types.

    Raises: TypeError for a float or any type that the log may not hold.
    """
    kind = type(value)
    if kind in _JSON_ITSELF:
        return value
    # The exact types first: asking for abstract ones takes longer than all the rest, and most of what
    # is inside is plain already.
    if kind is dict:
        return {
            str(key): item if type(item) in _JSON_ITSELF else plain(item)
            for key, item in value.items()
        }
    if kind is list or kind is tuple:
        return [item if type(item) in _JSON_ITSELF else plain(item) for item in value]
    if kind is bytes:
        return {"$b": base64.b64encode(value).decode()}
    if isinstance(value, enum.Enum):
        return plain(value.value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, frozenset | set):
        return sorted(plain(item) for item in value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        items = ((name, getattr(value, name)) for name in _names(cast(Any, kind)))
        return {name: one if type(one) in _JSON_ITSELF else plain(one) for name, one in items}
    if hasattr(value, "model_dump"):
        return plain(value.model_dump())
    if isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: Any) -> str:
    """The canonical JSON text of `value`."""
    return _encoder.encode(plain(value))


def restore(value: Any) -> Any:
    """What `plain` was given, as far as JSON can tell: bytes come back, tuples as lists."""
    if isinstance(value, dict):
        if value.keys() == {"$b"}:
            return base64.b64decode(value["$b"])
        return {key: restore(item) for key, item in value.items()}
    if isinstance(value, list):
        return [restore(item) for item in value]
    return value


def load(text: str) -> Any:
    """Canonical JSON text read back."""
    return restore(json.loads(text))


def digest(value: Any) -> bytes:
    """SHA-256 of the canonical form."""
    return hashlib.sha256(canonical(value).encode()).digest()


@functools.cache
def adapter_for(kind: Any) -> TypeAdapter[Any]:
    """The pydantic adapter of a type."""
    return TypeAdapter(kind)


@functools.cache
def reply_adapter(action: Callable[..., Any]) -> TypeAdapter[Any]:
    """The adapter of what an action returns."""
    hints = typing.get_type_hints(inspect.unwrap(action))
    return adapter_for(hints.get("return", type(None)))
