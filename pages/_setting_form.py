"""A form for a setting, from its model: each field as what it is, its names in the reader's language.

The form gathers; whether what was gathered is valid, the engine says when it is previewed or proposed.
"""

from __future__ import annotations

import datetime
import enum
import typing
from collections.abc import Callable
from typing import Any, Literal

import streamlit as st
from pydantic.fields import FieldInfo

from engine.kernel.catalog import Text
from engine.policies import model as policies
from pages import _console, _setting_rows, _setting_words
from pages._console import _
from pages._setting_words import items, rows_of, without_none

_CERTIFICATE_ENDS = "-----END CERTIFICATE-----"


def draw(cls: type[policies.Setting], body: dict[str, Any], *, key: str) -> dict[str, Any]:
    """Draw the fields of a setting filled with `body`; what they hold now."""
    found: dict[str, Any] = {}
    for name, field in cls.model_fields.items():
        found[name] = _field(name, field, body.get(name), f"{key}/{name}", found)
    return found


def _field(name: str, field: FieldInfo, value: Any, key: str, before: dict[str, Any]) -> Any:
    label = _setting_words.field_label(name)
    kind = without_none(field.annotation)
    if value is None and not field.is_required():
        value = field.get_default(call_default_factory=True)
    inner = rows_of(kind)
    if inner is not None:
        return _setting_rows.draw(label, inner, value, key, before)
    for matches, show in _SHOWN:
        if matches(name, kind):
            return show(label, name, kind, value, key)
    return st.text_input(label, value=str(value or ""), key=key)


def _text(label: str, name: str, kind: Any, value: Any, key: str) -> dict[str, str]:
    value = value or {}
    shown = st.text_area if len(str(value.get("zh", ""))) > 60 or name == "text" else st.text_input
    left, right = st.columns(2)
    with left:
        zh = shown(f"{label} · 中文", value=value.get("zh", ""), key=f"{key}/zh")
    with right:
        en = shown(f"{label} · English", value=value.get("en", ""), key=f"{key}/en")
    return {"zh": zh.strip(), "en": en.strip()}


def _choice(label: str, name: str, kind: Any, value: Any, key: str) -> Any:
    options = list(typing.get_args(kind))
    index = options.index(value) if value in options else 0
    return st.selectbox(
        label,
        options,
        index=index,
        format_func=_setting_words.choice,
        key=key,
    )


def _flag(label: str, name: str, kind: Any, value: Any, key: str) -> bool:
    return st.toggle(label, value=bool(value), key=key)


def _number(label: str, name: str, kind: Any, value: Any, key: str) -> int:
    return int(st.number_input(label, value=int(value or 0), step=1, key=key))


def _amount(label: str, name: str, kind: Any, value: Any, key: str) -> int:
    """An amount, typed in yuan and kept in fen."""
    yuan = st.number_input(
        label, value=int(value or 0) / _setting_words.FEN, step=1.0, format="%.2f", key=key
    )
    return round(yuan * _setting_words.FEN)


def _date(label: str, name: str, kind: Any, value: Any, key: str) -> str | None:
    given = datetime.date.fromisoformat(value) if isinstance(value, str) and value else None
    chosen = st.date_input(label, value=given, key=key)
    return chosen.isoformat() if isinstance(chosen, datetime.date) else None


def _named(label: str, name: str, kind: Any, value: Any, key: str) -> list[str]:
    known = _setting_words.names(name)
    return st.multiselect(
        label,
        list(known),
        default=[one for one in value or () if one in known],
        format_func=lambda one: known[one],
        key=key,
        placeholder=_("Choose one or more"),
    )


def _several(label: str, name: str, kind: Any, value: Any, key: str) -> list[Any]:
    return st.multiselect(
        label,
        list(typing.get_args(items(kind))),
        default=list(value or ()),
        format_func=_setting_words.choice,
        key=key,
        placeholder=_("Choose one or more"),
    )


def _codes(label: str, name: str, kind: Any, value: Any, key: str) -> list[str]:
    """Several of an enumeration, such as the rights of a role."""
    return st.multiselect(
        label,
        [str(one.value) for one in items(kind)],
        default=[str(one) for one in value or ()],
        format_func=_console.label,
        key=key,
        placeholder=_("Choose one or more"),
    )


def _is_codes(name: str, kind: Any) -> bool:
    inner = items(kind)
    return isinstance(inner, type) and issubclass(inner, enum.Enum)


def _certificates(label: str, name: str, kind: Any, value: Any, key: str) -> list[str]:
    """Certificates in PEM, one below the other as they stand in their files."""
    typed = st.text_area(label, value="\n".join(value or ()), key=key, height=160)
    parts = [part.strip() for part in typed.split(_CERTIFICATE_ENDS)]
    found = [f"{part}\n{_CERTIFICATE_ENDS}\n" for part in parts[:-1]]
    # What follows the last one is none, and told as wrong.
    return [*found, parts[-1]] if parts[-1] else found


def _words(label: str, name: str, kind: Any, value: Any, key: str) -> list[Any]:
    """A list of words or numbers, typed with commas between them."""
    typed = st.text_input(label, value=", ".join(str(one) for one in value or ()), key=key)
    found = [one.strip() for one in typed.replace("，", ",").split(",") if one.strip()]
    if items(kind) is int:
        return [int(one) if one.lstrip("-").isdigit() else one for one in found]
    return list(found)


_Show = Callable[[str, str, Any, Any, str], Any]
_SHOWN: tuple[tuple[Callable[[str, Any], bool], _Show], ...] = (
    (lambda name, kind: kind is Text, _text),
    (lambda name, kind: kind is bool, _flag),
    (lambda name, kind: kind is int and _setting_words.is_amount(name), _amount),
    (lambda name, kind: kind is int, _number),
    (lambda name, kind: kind is datetime.date, _date),
    (lambda name, kind: typing.get_origin(kind) is Literal, _choice),
    (lambda name, kind: name in _setting_words.NAMES and items(kind) is str, _named),
    (lambda name, kind: typing.get_origin(items(kind)) is Literal, _several),
    (_is_codes, _codes),
    (lambda name, kind: name == "certificates", _certificates),
    (lambda name, kind: typing.get_origin(kind) is tuple, _words),
)
