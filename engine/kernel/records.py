"""From a row of a database to a frozen dataclass of a stage's `model`.

A field's annotation says how its column is kept: an enum as its value, a tuple or a mapping as JSON
text, everything else as it is.
"""

from __future__ import annotations

import dataclasses
import enum
import functools
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, cast

from pydantic_core import from_json

from engine.kernel import codec

R = TypeVar("R")
_AS_IT_IS = frozenset({str, int, bytes, type(None)})


def _converter(kind: Any) -> Callable[[Any], Any] | None:
    if isinstance(kind, types.UnionType) or typing.get_origin(kind) is typing.Union:
        inner = [option for option in typing.get_args(kind) if option is not type(None)]
        found = _converter(inner[0])
        return None if found is None else lambda v: None if v is None else found(v)
    origin = typing.get_origin(kind) or kind
    if isinstance(origin, type) and issubclass(origin, enum.Enum):
        return origin
    if origin is tuple:
        item = _item_converter(kind)

        def to_tuple(value: Any) -> tuple[Any, ...]:
            if value == "[]":
                return ()
            if not isinstance(value, str):
                return tuple(value)
            items = from_json(value)
            return tuple(items) if item is None else tuple([item(one) for one in items])

        return to_tuple
    if origin in (dict, Mapping) or origin is Mapping:
        return lambda v: from_json(v) if isinstance(v, str) else v
    return None


def _item_converter(kind: Any) -> Callable[[Any], Any] | None:
    arguments = typing.get_args(kind)
    inner = arguments[0] if arguments else str
    if inner in _AS_IT_IS:
        return None
    if dataclasses.is_dataclass(inner):
        adapter = codec.adapter_for(inner)
        return adapter.validate_python
    found = _converter(inner)
    if found is not None:
        return found
    return lambda value: tuple(value) if isinstance(value, list) else value


_Put = Callable[[Any, Any], None]


@functools.cache
def _filling(
    cls: type, names: tuple[str, ...]
) -> tuple[list[tuple[_Put, Callable[[Any], Any] | None]], list[tuple[_Put, Any]]]:
    """How each of these columns is put into a new `cls` and converted, and what its other fields are."""
    # Says itself which field is missing and which column is none of its.
    example = cls(**dict.fromkeys(names))
    hints = typing.get_type_hints(cls)
    puts: dict[str, _Put] = {name: getattr(cls, name).__set__ for name in _names(cls)}
    columns = [(puts.pop(name), _converter(hints[name])) for name in names]
    return columns, [(put, getattr(example, name)) for name, put in puts.items()]


def make(cls: type[R], row: Mapping[str, Any]) -> R:
    """`row` as an instance of `cls`, a frozen dataclass with slots; the row's columns are its fields."""
    columns, others = _filling(cast(Any, cls), tuple(row))
    # As `__init__` would, which takes three times as long where a class is frozen.
    made = object.__new__(cls)
    for (put, convert), value in zip(columns, row.values(), strict=True):
        put(made, value if convert is None or value is None else convert(value))
    for put, value in others:
        put(made, value)
    return made


def columns(record: Any) -> dict[str, Any]:
    """A record as the values of its columns: enums as values, tuples and mappings as JSON."""
    items = ((name, getattr(record, name)) for name in _names(cast(Any, type(record))))
    return {name: one if type(one) in _AS_IT_IS else column(one) for name, one in items}


@functools.cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(cls))


def column(value: Any) -> Any:
    """One value as a column keeps it."""
    if type(value) in _AS_IT_IS:
        return value
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, tuple | list | dict) or dataclasses.is_dataclass(value):
        return codec.canonical(value)
    return value
