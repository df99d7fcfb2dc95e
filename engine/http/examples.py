"""Examples of what an operation takes, made from its types: for the API's description and its page."""

from __future__ import annotations

import base64
import dataclasses
import enum
import inspect
import types
import typing
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel

_BYTES = base64.b64encode(b"example").decode()
_ID = "06hp0kqv8g00000000000000ab"
# What a text of this name looks like.
_TEXTS: Mapping[str, str] = {
    "agency_id": "dongfang",
    "bank_card": "6222021234567890128",
    "business_date": "2026-11-27",
    "code": "123456",
    "device_label": "Chrome on Android",
    "face": _BYTES,
    "holder_phone": "13800138000",
    "legal_representative": "王敏",
    "login": "wang.min",
    "name": "王敏",
    "new_phone": "13900139000",
    "note": "看过",
    "password": "a quite long sentence",
    "phone": "13800138000",
    "platform_id": "guangzheng",
    "reason": "lost_phone",
    "resident_id": "650102199001011234",
    "seal_agency_id": "huayin",
    "text": "天山",
    "uscc": "91650100MA00000006",
}
# The beginning of an id, where it is not the first three letters of what it is of.
_BEGINS: Mapping[str, str] = {
    "account": "acc",
    "application": "sap",
    "archive": "arc",
    "certificate": "crt",
    "claim": "clm",
    "contract": "con",
    "device": "dev",
    "handover": "hov",
    "invitation": "ivt",
    "membership": "mem",
    "purchase_order": "pur",
    "request": "cod",
    "seal": "sea",
    "shipment": "shp",
    "staff": "stf",
    "subject": "ord",
    "ticket": "tkt",
    "title": "ttl",
    "transfer": "trf",
    "view": "viw",
}


def of_model(model: type[BaseModel]) -> dict[str, Any]:
    """What has to be given, as JSON values."""
    kinds = typing.get_type_hints(model)
    return {
        name: _value(kinds[name], name)
        for name, field in model.model_fields.items()
        if field.is_required()
    }


def _text(name: str) -> str:
    if name in _TEXTS:
        return _TEXTS[name]
    if name.endswith("_id"):
        what = name.removesuffix("_id")
        return f"{_BEGINS.get(what, what[:3])}_{_ID}"
    return name.replace("_", " ")


def _value(kind: Any, name: str) -> Any:
    if kind is str:
        return _text(name)
    if kind is bytes:
        return _BYTES
    if kind in (int, bool):
        return kind(1)
    if inspect.isclass(kind) and issubclass(kind, enum.Enum):
        return next(iter(kind)).value
    if inspect.isclass(kind) and issubclass(kind, BaseModel):
        return of_model(kind)
    if dataclasses.is_dataclass(kind) and inspect.isclass(kind):
        return _fields(kind)
    return _of_parts(kind, name)


def _fields(kind: type) -> dict[str, Any]:
    kinds = typing.get_type_hints(kind)
    return {
        one.name: _value(kinds[one.name], one.name)
        for one in dataclasses.fields(kind)
        if one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
    }


def _of_parts(kind: Any, name: str) -> Any:
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin is Literal:
        return parts[0]
    if origin in (typing.Union, types.UnionType):
        return _value(next(one for one in parts if one is not type(None)), name)
    if origin is typing.Annotated:
        return _value(parts[0], name)
    if origin is not None and inspect.isclass(origin) and issubclass(origin, Mapping):
        return {"name": _value(parts[1], name)} if parts else {}
    if origin is tuple and parts[-1] is not Ellipsis:
        return [_value(one, name) for one in parts]
    if origin is not None:
        return [_value(parts[0], name.removesuffix("s"))]
    return {}
