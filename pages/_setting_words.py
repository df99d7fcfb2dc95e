"""What settings say, in words: names of fields, values as people read them, and what a proposal changes.

A list of rows is compared row by row, each known by what names it, so that a change of one paper in
one rule reads as that.
"""

from __future__ import annotations

import enum
import json
import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any, Literal

from engine.kernel.catalog import Declared, Text
from engine.policies import model as policies
from pages import _console
from pages._console import _

FEN = 100
# Fields whose values name other settings: what can be chosen.
NAMES: dict[str, type[policies.Setting]] = {
    "agencies": policies.CertificateAgency,
    "seal_agencies": policies.SealAgency,
    "platforms": policies.Platform,
    "staff_totp_roles": policies.Role,
    "kinds": policies.ReviewRule,
}
# What tells one row of a list from another: the first that a row has.
_KNOWN_BY = (("code",), ("system",), ("product", "business", "years"), ("product", "business"))


def field_label(name: str) -> str:
    """What a field is called. Amounts are kept in fen, and told and typed in yuan."""
    return {
        "fen": _("Price (yuan)"),
        "price_per_year_fen": _("Price per year (yuan)"),
        "alone_up_to_fen": _("One person alone settles up to (yuan)"),
    }.get(name) or _console.label(f"setting.{name}")


def language_name(code: str) -> str:
    """What a language of texts calls itself."""
    return "中文" if code == "zh" else "English"


def is_amount(name: str) -> bool:
    """Whether a field holds an amount in fen."""
    return name == "fen" or name.endswith("_fen")


def without_none(kind: Any) -> Any:
    """The kind of a value that may be left out."""
    if isinstance(kind, types.UnionType):
        return next(one for one in typing.get_args(kind) if one is not type(None))
    return kind


def items(kind: Any) -> Any:
    """What a tuple is a tuple of, or None."""
    return typing.get_args(kind)[0] if typing.get_origin(kind) is tuple else None


def rows_of(kind: Any) -> type[Declared] | None:
    """What each row of a list of rows is, or None where a field is no such list."""
    inner = items(kind)
    return inner if isinstance(inner, type) and issubclass(inner, Declared) else None


def choice(value: Any) -> str:
    """A value of a closed choice."""
    if not value and value != 0:
        return "—"
    return str(value) if isinstance(value, int) else _console.label(f"choice.{value}")


def names(name: str) -> dict[str, str]:
    """What the settings that a field can name are called, by their names."""
    known = _console.ask(lambda q: q.policies(NAMES[name]))
    return {code: one.label.in_language(_console.language()) for code, one in known.items()}


def papers(body: Mapping[str, Any]) -> dict[str, str]:
    """The papers that a platform's setting knows, as they are called, by their codes."""
    asked = [*(body.get("attachments") or ()), *(body.get("rule_papers") or ())]
    return {str(one.get("code")): text(one.get("label")) for one in asked if one.get("code")}


def text(value: Mapping[str, Any] | None) -> str:
    """A text of two languages in the reader's, or in the other where there is none."""
    both = value or {}
    first, second = ("zh", "en") if _console.language().startswith("zh") else ("en", "zh")
    return str(both.get(first) or both.get(second) or "")


def value(name: str, kind: Any, given: Any, body: Mapping[str, Any]) -> str:
    """A field's value as people read it."""
    kind = without_none(kind)
    if given is None or given == "":
        return "—"
    if kind is Text:
        return text(given)
    if kind is bool:
        return _("yes") if given else _("no")
    if is_amount(name) and isinstance(given, int):
        return _console.money(given)
    if typing.get_origin(kind) is Literal:
        return choice(given)
    inner = rows_of(kind)
    if inner is not None:
        return " / ".join(row_name(inner, one) for one in given) or _("none")
    if typing.get_origin(kind) is tuple:
        return _(", ").join(_one(name, items(kind), one, body) for one in given) or _("none")
    return str(given)


def _one(name: str, kind: Any, given: Any, body: Mapping[str, Any]) -> str:
    """One of several values."""
    if name in NAMES:
        return names(name).get(given, str(given))
    if name == "papers":
        return papers(body).get(given, str(given))
    if typing.get_origin(kind) is Literal:
        return choice(given)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return _console.label(str(given))
    return str(given)


def row_name(inner: type[Declared], row: Mapping[str, Any]) -> str:
    """What a row of a list is called: by its label, or by what tells it from the others."""
    if row.get("label"):
        return text(row["label"])
    fields = inner.model_fields
    parts = [
        value(one, fields[one].annotation, row.get(one), {})
        for one in _known_by(inner)
        if row.get(one) not in (None, 0)
    ]
    return " · ".join(parts)


def _known_by(inner: type[Declared]) -> tuple[str, ...]:
    for columns in _KNOWN_BY:
        if all(one in inner.model_fields for one in columns):
            return columns
    return tuple(
        name for name, one in inner.model_fields.items() if typing.get_origin(one.annotation)
    )


# -- what a proposal changes -----------------------------------------------------------------------


def changed(
    cls: type[policies.Setting],
    changes: tuple[policies.Change, ...],
    body: Mapping[str, Any],
) -> list[dict[str, str]]:
    """The rows of the table of what would change; `body` is the setting as it would be."""
    found = []
    for one in changes:
        head, _dot, rest = one.path.partition(".")
        field = cls.model_fields.get(head)
        kind = without_none(field.annotation) if field else str
        told = [(one.path, one.before, one.after)]
        if rest in ("zh", "en"):
            told = [(f"{field_label(head)} › {language_name(rest)}", one.before, one.after)]
        elif field is not None:
            before, after = _read(kind, one.before), _read(kind, one.after)
            told = list(_told(head, kind, before, after, body))
        found += [
            {_("Field"): where, _("Before"): was or "—", _("After"): becomes or "—"}
            for where, was, becomes in told
        ]
    return found


def _read(kind: Any, given: str) -> Any:
    """A value of a change, which is a text as it is and everything else as JSON."""
    if given == "":
        return None
    plain = kind is str or typing.get_origin(kind) is Literal
    try:
        return given if plain and kind is str else json.loads(given)
    except ValueError:
        return given


def _told(
    name: str, kind: Any, before: Any, after: Any, body: Mapping[str, Any]
) -> Iterator[tuple[str, str, str]]:
    inner = rows_of(kind)
    if inner is None:
        yield (
            field_label(name),
            value(name, kind, before, body),
            value(name, kind, after, body),
        )
        return
    was, becomes = _by_name(inner, before or ()), _by_name(inner, after or ())
    shared = [row for row in becomes if row in was]
    if [row for row in was if row in becomes] != shared:
        one, other = (
            " / ".join(row_name(inner, row) for row in rows.values()) for rows in (was, becomes)
        )
        yield field_label(name), one, other
    for row in [*was, *(row for row in becomes if row not in was)]:
        shown = becomes.get(row) or was[row]
        where = f"{field_label(name)} › {row_name(inner, shown)}"
        if row not in becomes:
            yield where, _("is there"), _("is taken away")
        elif row not in was:
            yield where, "—", _cells(inner, shown, body)
        else:
            yield from _cells_changed(where, inner, was[row], becomes[row], body)


def _by_name(inner: type[Declared], rows: Any) -> dict[tuple[str, ...], dict[str, Any]]:
    """Rows by what tells them apart; a second one of the same name by its place too."""
    found: dict[tuple[str, ...], dict[str, Any]] = {}
    for place, row in enumerate(rows):
        name = tuple(str(row.get(one)) for one in _known_by(inner))
        found[name if name not in found else (*name, str(place))] = row
    return found


def _cells(inner: type[Declared], row: Mapping[str, Any], body: Mapping[str, Any]) -> str:
    return _("; ").join(
        f"{field_label(name)} {value(name, field.annotation, row.get(name), body)}"
        for name, field in inner.model_fields.items()
        if row.get(name) not in (None, "", [], False)
    )


def _cells_changed(
    where: str,
    inner: type[Declared],
    was: Mapping[str, Any],
    becomes: Mapping[str, Any],
    body: Mapping[str, Any],
) -> Iterator[tuple[str, str, str]]:
    for name, field in inner.model_fields.items():
        before, after = was.get(name), becomes.get(name)
        if before == after:
            continue
        kind = without_none(field.annotation)
        if kind is Text:
            for part in ("zh", "en"):
                one, other = ((text_of or {}).get(part) or "" for text_of in (before, after))
                if one != other:
                    yield f"{where} › {field_label(name)} › {language_name(part)}", one, other
        elif rows_of(kind) is not None:
            for inside, one, other in _told(name, kind, before, after, body):
                yield f"{where} › {inside}", one, other
        else:
            yield (
                f"{where} › {field_label(name)}",
                value(name, kind, before, body),
                value(name, kind, after, body),
            )
