"""Lists of rows in a setting's form: a table with a column for each field, typed as what the field is.

A cell that holds several (the papers of a rule, the changes a paper is asked for) is chosen from those
there are. A list within a row stands in a table of its own under its row's name.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pandas as pd
import streamlit as st
from pydantic.fields import FieldInfo

from engine.kernel.catalog import Declared, Text
from pages import _setting_words


@dataclasses.dataclass(frozen=True, slots=True)
class Column:
    """One column of the table: the field it shows, and which of its two languages."""

    name: str
    kind: Any
    optional: bool
    default: Any
    language: str = ""

    @property
    def shown(self) -> str:
        """What stands above the column."""
        label = _setting_words.field_label(self.name)
        return (
            f"{label} · {_setting_words.language_name(self.language)}" if self.language else label
        )


def columns(inner: type[Declared]) -> list[Column]:
    """The columns that show a row; lists of rows within it have none."""
    found = []
    for name, field in inner.model_fields.items():
        kind = _setting_words.without_none(field.annotation)
        if _setting_words.rows_of(kind) is not None:
            continue
        for language in ("zh", "en") if kind is Text else ("",):
            found.append(Column(name, kind, field.default is None, _default(field), language))
    return found


def _default(field: FieldInfo) -> Any:
    return None if field.is_required() else field.get_default(call_default_factory=True)


def draw(
    label: str, inner: type[Declared], value: Any, key: str, known: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """The table filled with `value`; the rows as they are now. `known` is the setting so far."""
    shown = columns(inner)
    st.caption(label)
    edited = st.data_editor(
        flat(inner, value or ()),
        num_rows="dynamic",
        key=key,
        width="stretch",
        hide_index=True,
        column_config={one.shown: _config(one, known) for one in shown},
        placeholder="",
    )
    found = gather(inner, edited.to_dict("records"))
    for name, field in inner.model_fields.items():
        within = _setting_words.rows_of(_setting_words.without_none(field.annotation))
        if within is not None:
            _draw_within(name, within, inner, value or (), found, key, known)
    return found


def _draw_within(
    name: str,
    within: type[Declared],
    inner: type[Declared],
    before: Any,
    found: list[dict[str, Any]],
    key: str,
    known: Mapping[str, Any],
) -> None:
    """A table under each row for the list within it, by the row's name: rows may come and go above."""
    lists = {row.get("code"): row.get(name) or () for row in before}
    label = _setting_words.field_label(name)
    for place, row in enumerate(found):
        called = row.get("code") or str(place)
        rows = lists.get(row.get("code"), ())
        # Choices belong to what is chosen from; of other kinds the list is empty and stays it.
        if not rows and row.get("kind") not in (None, "choice"):
            row[name] = []
            continue
        title = f"{label} · {_setting_words.row_name(inner, row) or called} ({len(rows)})"
        with st.expander(title):
            row[name] = draw(label, within, rows, f"{key}/{called}/{name}", known)


def _config(column: Column, known: Mapping[str, Any]) -> Any:
    """How a column is shown and edited."""
    config = st.column_config
    label, kind = column.shown, column.kind
    if kind is bool:
        return config.CheckboxColumn(label, default=bool(column.default))
    if kind is int and _setting_words.is_amount(column.name):
        return config.NumberColumn(label, format="%.2f", step=0.01)
    if kind is int:
        return config.NumberColumn(label, step=1, default=column.default)
    if typing.get_origin(kind) is Literal:
        options = list(typing.get_args(kind))
        default = column.default if column.default in options else options[0]
        choice = _setting_words.choice
        return config.SelectboxColumn(
            label, options=options, default=default, required=True, format_func=choice
        )
    if typing.get_origin(kind) is tuple:
        choices = _choices(column, known)
        return config.MultiselectColumn(
            label,
            options=list(choices),
            accept_new_options=not choices,
            default=(),
            format_func=lambda one: choices.get(one, one),
        )
    return config.TextColumn(label)


def _choices(column: Column, known: Mapping[str, Any]) -> dict[str, str]:
    """What a cell that holds several can hold, with what each is called; empty: whatever is typed."""
    inner = _setting_words.items(column.kind)
    if typing.get_origin(inner) is Literal:
        return {one: _setting_words.choice(one) for one in typing.get_args(inner)}
    if column.name == "papers":
        return _setting_words.papers(known)
    if column.name in _setting_words.NAMES:
        return _setting_words.names(column.name)
    return {}


def flat(inner: type[Declared], rows: Any) -> pd.DataFrame:
    """Rows as the table's frame, each column of the one kind that it holds."""
    shown = columns(inner)
    table = {
        one.shown: pd.Series([_cell(one, row) for row in rows], dtype=_dtype(one)) for one in shown
    }
    return pd.DataFrame(table)


def _dtype(column: Column) -> str:
    if column.kind is bool:
        return "bool"
    if column.kind is int:
        return "float64" if _setting_words.is_amount(column.name) else "Int64"
    return "object"


def _cell(column: Column, row: Mapping[str, Any]) -> Any:
    value = row.get(column.name, column.default)
    if column.language:
        return (value or {}).get(column.language, "")
    if column.kind is int and value is not None and _setting_words.is_amount(column.name):
        return value / _setting_words.FEN
    return list(value or ()) if typing.get_origin(column.kind) is tuple else value


def gather(inner: type[Declared], records: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """What the table holds, as the setting holds it. A row with nothing in it is none."""
    found = []
    for record in records:
        row: dict[str, Any] = {}
        for one in columns(inner):
            value = _read(one, record.get(one.shown))
            if one.language:
                row.setdefault(one.name, {})[one.language] = value
            else:
                row[one.name] = value
        for one in columns(inner):
            # A text that may be left out is left out where neither language has any.
            if one.language and one.optional and not any((row[one.name] or {}).values()):
                row[one.name] = None
        found.append(row)
    return found


def _read(column: Column, cell: Any) -> Any:
    """A cell's value; an empty one is the field's default, and told as wrong where it has none."""
    several = typing.get_origin(column.kind) is tuple
    if several:
        return [] if cell is None or isinstance(cell, float) else [str(one) for one in cell]
    missing = cell is None or bool(pd.isna(cell))
    if column.language:
        return "" if missing else str(cell).strip()
    if missing:
        empty = {bool: False, str: ""}.get(column.kind)
        return empty if column.default is None else column.default
    if column.kind is int:
        scale = _setting_words.FEN if _setting_words.is_amount(column.name) else 1
        return round(float(cell) * scale)
    if column.kind is bool:
        return bool(cell)
    return cell.strip() if isinstance(cell, str) else cell
