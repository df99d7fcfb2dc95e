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
import typing
from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from pydantic import TypeAdapter
from pydantic_core import from_json, to_json

_JSON_ITSELF = frozenset({str, int, bool, type(None)})


@functools.cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(cls))


def _members(items: Iterable[tuple[Any, Any]], in_order: bool) -> dict[str, Any]:
    found = {
        str(key): item if type(item) in _JSON_ITSELF else plain(item, in_order)
        for key, item in items
    }
    return {key: found[key] for key in sorted(found)} if in_order else found


def plain(value: Any, in_order: bool = False) -> Any:
    """`value` made of JSON's own types; `in_order` has the keys of every object sorted.

    Raises: TypeError for a float or any type that the log may not hold.
    """
    kind = type(value)
    if kind in _JSON_ITSELF:
        return value
    # The exact types first: asking for abstract ones takes longer than all the rest, and most of what
    # is inside is plain already.
    if kind is dict:
        return _members(value.items(), in_order)
    if kind is list or kind is tuple:
        return [item if type(item) in _JSON_ITSELF else plain(item, in_order) for item in value]
    if kind is bytes:
        return {"$b": base64.b64encode(value).decode()}
    if isinstance(value, enum.Enum):
        return plain(value.value, in_order)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        items = ((name, getattr(value, name)) for name in _names(cast(Any, kind)))
        return _members(items, in_order)
    if isinstance(value, Mapping):
        return _members(value.items(), in_order)
    if isinstance(value, list | tuple):
        return [plain(item, in_order) for item in value]
    if isinstance(value, frozenset | set):
        return sorted(plain(item, in_order) for item in value)
    if hasattr(value, "model_dump"):
        return plain(value.model_dump(), in_order)
    if isinstance(value, str | int):
        return value
    raise TypeError(f"{type(value).__name__} has no canonical form")


def canonical(value: Any) -> str:
    """The canonical JSON text of `value`."""
    return to_json(plain(value, in_order=True)).decode()


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
    return restore(from_json(text))


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
