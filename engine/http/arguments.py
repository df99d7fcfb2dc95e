"""From JSON to an action's arguments and back: strict, by the function's own signature."""

from __future__ import annotations

import functools
import inspect
import json
import typing
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError, create_model

from engine.kernel import codec, errors

# What the engine hands an action itself, and no caller may.
_GIVEN = ("op", "q", "prepared", "held", "window")


class ArgumentInvalid(errors.InvalidInput):
    """The field {where} is not valid: {problem}."""


Fields = tuple[tuple[str, Any, Any], ...]


@functools.cache
def model_of(function: Callable[..., Any], more: Fields = ()) -> type[BaseModel]:
    """The pydantic model of a function's arguments; unknown fields are refused.

    `more` are fields that the door takes itself: name, type, default.
    """
    hints = typing.get_type_hints(function)
    fields: dict[str, Any] = {}
    for name, parameter in inspect.signature(function).parameters.items():
        if name in _GIVEN:
            continue
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[name] = (hints[name], default)
    fields |= {name: (kind, default) for name, kind, default in more}
    words = (function.__module__.split(".")[1], *function.__name__.split("_"))
    name = "".join(word.capitalize() for word in words)
    config = ConfigDict(extra="forbid", frozen=True, strict=True, val_json_bytes="base64")
    return create_model(name, __config__=config, **fields)


def parse(
    function: Callable[..., Any], given: Mapping[str, Any], more: Fields = ()
) -> dict[str, Any]:
    """JSON values as a function's arguments.

    Raises: ArgumentInvalid naming the first wrong field.
    """
    if (where := _where(given, _is_unkept)) is not None:
        raise ArgumentInvalid(field=where, where=where, problem="no database keeps this value")
    try:
        checked = model_of(function, more).model_validate_json(json.dumps(dict(given)))
    except ValidationError as problem:
        first = problem.errors(include_url=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "body"
        raise ArgumentInvalid(field=where, where=where, problem=first["msg"]) from problem
    found = {name: getattr(checked, name) for name in type(checked).model_fields}
    # What has no types of its own, a setting's body, may still have some.
    if (where := _where(found, _is_fraction)) is not None:
        raise ArgumentInvalid(field=where, where=where, problem="a number has no fraction here")
    return found


def _is_unkept(value: Any) -> bool:
    """Whether no database keeps a value: a NUL, or an integer of more than 64 bits."""
    if isinstance(value, str):
        return "\0" in value
    return isinstance(value, int) and not -(2**63) <= value < 2**63


def _is_fraction(value: Any) -> bool:
    """Whether a number is none that the log holds: it has no fractions, for their digits vary."""
    return isinstance(value, float)


def _where(value: Any, is_wrong: Callable[[Any], bool], where: str = "") -> str | None:
    """Where something stands that is wrong, a member's name too; None where nothing is."""
    if isinstance(value, dict):
        items = [(str(name), item) for name, item in value.items()]
        if any(is_wrong(name) for name, _ in items):
            return where or "body"
    elif isinstance(value, list):
        items = [(str(place), item) for place, item in enumerate(value)]
    else:
        return where if is_wrong(value) else None
    told = (_where(item, is_wrong, f"{where}.{name}" if where else name) for name, item in items)
    return next((one for one in told if one is not None), None)


def to_json(value: Any) -> Any:
    """A result as JSON values; bytes as base64."""
    return _plain(codec.plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if value.keys() == {"$b"}:
            return value["$b"]
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


@functools.cache
def result_adapter(function: Callable[..., Any]) -> TypeAdapter[Any]:
    """The adapter of a function's result, for its schema."""
    return codec.adapter_for(typing.get_type_hints(function).get("return", type(None)))
