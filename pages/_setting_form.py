"""A form for a setting, from its model: each field as what it is, its names in the reader's language.

The form gathers; whether what was gathered is valid, the engine says when it is previewed or proposed.
"""

from __future__ import annotations

import datetime
import enum
import types
import typing
from collections.abc import Callable
from typing import Any, Literal

import pandas as pd
import streamlit as st
from pydantic.fields import FieldInfo

from engine.kernel.catalog import Declared, Text
from engine.policies import model as policies
from pages import _console
from pages._console import _

# Fields whose values name other settings: what can be chosen.
_NAMES: dict[str, type[policies.Setting]] = {
    "agencies": policies.CertificateAgency,
    "seal_agencies": policies.SealAgency,
    "platforms": policies.Platform,
    "staff_totp_roles": policies.Role,
}


def draw(cls: type[policies.Setting], body: dict[str, Any], *, key: str) -> dict[str, Any]:
    """Draw the fields of a setting filled with `body`; what they hold now."""
    return {
        name: _field(name, field, body.get(name), f"{key}/{name}")
        for name, field in cls.model_fields.items()
    }


def _field(name: str, field: FieldInfo, value: Any, key: str) -> Any:
    label = _console.label(f"setting.{name}")
    kind = _without_none(field.annotation)
    if value is None and not field.is_required():
        value = field.get_default(call_default_factory=True)
    for matches, show in _SHOWN:
        if matches(name, kind):
            return show(label, name, kind, value, key)
    return st.text_input(label, value=str(value or ""), key=key)


def _without_none(kind: Any) -> Any:
    if isinstance(kind, types.UnionType):
        return next(one for one in typing.get_args(kind) if one is not type(None))
    return kind


def _items(kind: Any) -> Any:
    """What a tuple is a tuple of, or None."""
    return typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else None


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
        format_func=lambda one: _console.label(f"choice.{one}") if one else "—",
        key=key,
    )


def _flag(label: str, name: str, kind: Any, value: Any, key: str) -> bool:
    return st.toggle(label, value=bool(value), key=key)


def _number(label: str, name: str, kind: Any, value: Any, key: str) -> int:
    return int(st.number_input(label, value=int(value or 0), step=1, key=key))


def _date(label: str, name: str, kind: Any, value: Any, key: str) -> str | None:
    given = datetime.date.fromisoformat(value) if isinstance(value, str) and value else None
    chosen = st.date_input(label, value=given, key=key)
    return chosen.isoformat() if isinstance(chosen, datetime.date) else None


def _named(label: str, name: str, kind: Any, value: Any, key: str) -> list[str]:
    known = _console.ask(lambda q: q.policies(_NAMES[name]))
    return st.multiselect(
        label,
        list(known),
        default=[one for one in value or () if one in known],
        format_func=lambda one: known[one].label.in_language(_console.language()),
        key=key,
        placeholder=_("Choose one or more"),
    )


def _several(label: str, name: str, kind: Any, value: Any, key: str) -> list[Any]:
    return st.multiselect(
        label,
        list(typing.get_args(_items(kind))),
        default=list(value or ()),
        format_func=lambda one: _console.label(f"choice.{one}"),
        key=key,
        placeholder=_("Choose one or more"),
    )


def _codes(label: str, name: str, kind: Any, value: Any, key: str) -> list[str]:
    """Several of an enumeration, such as the rights of a role."""
    return st.multiselect(
        label,
        [str(one.value) for one in _items(kind)],
        default=[str(one) for one in value or ()],
        format_func=_console.label,
        key=key,
        placeholder=_("Choose one or more"),
    )


def _is_codes(name: str, kind: Any) -> bool:
    inner = _items(kind)
    return isinstance(inner, type) and issubclass(inner, enum.Enum)


def _words(label: str, name: str, kind: Any, value: Any, key: str) -> list[Any]:
    """A list of words or numbers, typed with commas between them."""
    typed = st.text_input(label, value=", ".join(str(one) for one in value or ()), key=key)
    found = [one.strip() for one in typed.replace("，", ",").split(",") if one.strip()]
    if _items(kind) is int:
        return [int(one) if one.lstrip("-").isdigit() else one for one in found]
    return list(found)


def _rows(label: str, name: str, kind: Any, value: Any, key: str) -> list[dict[str, Any]]:
    """Rows of a table, a column for each field; a text in two languages takes two columns."""
    inner = _items(kind)
    columns: dict[str, tuple[str, str]] = {}
    for column in inner.model_fields:
        parts = ("zh", "en") if _is_text(inner, column) else ("",)
        for part in parts:
            columns[f"{_console.label(f'setting.{column}')} {part}".strip()] = (column, part)
    flat = [
        {
            shown: ((row.get(column) or {}).get(part, "") if part else row.get(column))
            for shown, (column, part) in columns.items()
        }
        for row in value or ()
    ]
    st.caption(label)
    frame = pd.DataFrame(flat, columns=list(columns))
    edited = st.data_editor(frame, num_rows="dynamic", key=key, width="stretch", hide_index=True)
    found = []
    for row in edited.to_dict("records"):
        one: dict[str, Any] = {}
        for shown, (column, part) in columns.items():
            cell = row[shown]
            cell = "" if cell is None or cell != cell else cell
            if part:
                one.setdefault(column, {})[part] = str(cell).strip()
            else:
                one[column] = bool(cell) if _is_flag(inner, column) else cell
        for column, field in inner.model_fields.items():
            # A text that may be left out is left out where neither language has any.
            if _is_text(inner, column) and field.default is None and not any(one[column].values()):
                one[column] = None
        found.append(one)
    return found


def _is_text(inner: type[Declared], column: str) -> bool:
    kind = inner.model_fields[column].annotation
    return kind is Text or Text in typing.get_args(kind)


def _is_flag(inner: type[Declared], column: str) -> bool:
    return inner.model_fields[column].annotation is bool


def _is_rows(name: str, kind: Any) -> bool:
    inner = _items(kind)
    return isinstance(inner, type) and issubclass(inner, Declared)


_Show = Callable[[str, str, Any, Any, str], Any]
_SHOWN: tuple[tuple[Callable[[str, Any], bool], _Show], ...] = (
    (lambda name, kind: kind is Text, _text),
    (lambda name, kind: kind is bool, _flag),
    (lambda name, kind: kind is int, _number),
    (lambda name, kind: kind is datetime.date, _date),
    (lambda name, kind: typing.get_origin(kind) is Literal, _choice),
    (lambda name, kind: name in _NAMES and _items(kind) is str, _named),
    (lambda name, kind: typing.get_origin(_items(kind)) is Literal, _several),
    (_is_rows, _rows),
    (_is_codes, _codes),
    (lambda name, kind: typing.get_origin(kind) is tuple, _words),
)
