"""Templates of contracts (模版制作): what they ask for, and what is made of what was filled in.

Every value is data: it is checked here, put into a clause as text, and typeset as text.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.kernel import codec, errors, vault
from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.mall import queries as mall
from engine.pdf import amounts, fonts
from engine.policies import model as policies
from engine.policies import queries as settings
from engine.signing import store
from engine.signing.drafting import terms as form
from engine.signing.queries import contracts

DEFAULT = "purchase"
_NUMBER = re.compile(r"[0-9]+\Z")
_MONEY = re.compile(r"([0-9]{1,11})(?:\.([0-9]{1,2}))?\Z")


class TemplateUnknown(errors.InvalidInput):
    """There is no such template. Choose one of those there are."""


class TemplateFieldUnknown(errors.InvalidInput):
    """This template does not ask for “{name}”."""


class NumberInvalid(errors.InvalidInput):
    """Write a whole number with at most {limit} digits."""


class MoneyInvalid(errors.InvalidInput):
    """Write an amount in yuan with at most two decimals."""


class ChoiceInvalid(errors.InvalidInput):
    """Choose one of those that the template offers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateShown:
    """A template as the form offers it; `version` is the one that a contract made now would keep."""

    id: str
    version: str
    label: Text
    note: Text
    fields: tuple[policies.TemplateField, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldShown:
    """A field of a contract's template with what was filled in."""

    code: str
    label: Text
    value: str


def templates(q: Reader) -> list[TemplateShown]:
    """The templates that contracts can be made from now.

    Raises: NotPermitted.
    """
    mall.signed_in(q)
    return [_shown(q, name, one) for name, one in q.policies(policies.ContractTemplate).items()]


def _shown(q: Reader, name: str, template: policies.ContractTemplate) -> TemplateShown:
    version = settings.version_in_force(q, policies.ContractTemplate, name)
    return TemplateShown(
        id=name,
        version=version.id,
        label=template.label,
        note=template.note,
        fields=template.fields,
    )


def chosen(q: Reader, name: str) -> tuple[str, policies.ContractTemplate]:
    """The version in force of the template with this name: its id and what it says.

    Raises: TemplateUnknown.
    """
    try:
        version = settings.version_in_force(q, policies.ContractTemplate, name or DEFAULT)
    except settings.SettingUnknown:
        raise TemplateUnknown(field="template_id") from None
    return version.id, settings.of_version(q, policies.ContractTemplate, version.id)


def filled(template: policies.ContractTemplate, given: Mapping[str, str]) -> dict[str, str]:
    """What was filled in, checked, as it is printed; what is empty is left out.

    Raises: TemplateFieldUnknown, FieldMissing, TextTooLong, NumberInvalid, DateInvalid, MoneyInvalid,
    ChoiceInvalid, CharacterNotDrawable.
    """
    known = {one.code: one for one in template.fields}
    for name in given:
        if name not in known:
            raise TemplateFieldUnknown(field=f"fields.{name[:40]}", name=name[:40])
    shown = {}
    for code, asked in known.items():
        text = given.get(code, "").strip()
        if text:
            shown[code] = _printed(asked, text, f"fields.{code}")
        elif asked.required:
            raise form.FieldMissing(field=f"fields.{code}")
    return shown


def _printed(asked: policies.TemplateField, text: str, field: str) -> str:
    if asked.kind == "number":
        if not _NUMBER.match(text) or len(text) > asked.length:
            raise NumberInvalid(field=field, limit=asked.length)
        return str(int(text))
    if asked.kind == "date":
        return _date(text, field)
    if asked.kind == "money":
        return _money(text, field)
    if asked.kind == "choice":
        if text not in asked.choices:
            raise ChoiceInvalid(field=field)
        return text
    if len(text) > asked.length:
        raise form.TextTooLong(field=field, limit=asked.length)
    for character in fonts.undrawable(text):
        raise fonts.CharacterNotDrawable(
            field=field, character=character, codepoint=f"U+{ord(character):04X}"
        )
    return text


def _date(text: str, field: str) -> str:
    form.check_date(field, text)
    day = datetime.date.fromisoformat(text)
    return f"{day.year}年{day.month}月{day.day}日"


def _money(text: str, field: str) -> str:
    found = _MONEY.match(text.replace(",", ""))
    if found is None:
        raise MoneyInvalid(field=field)
    fen = int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))
    return f"{amounts.figures(fen)} 元（大写：{amounts.capitals(fen)}）"


def clauses(
    template: policies.ContractTemplate, shown: Mapping[str, str], every: Mapping[str, str]
) -> list[dict[str, str]]:
    """The articles with their places filled; `every` is what each contract has."""
    values = {**every, **shown}

    def put(place: re.Match[str]) -> str:
        return values.get(place[1]) or place[2] or "／"

    return [
        {"title": one.title, "text": policies.PLACE.sub(put, one.text)} for one in template.clauses
    ]


def form_of(q: Reader, contract_id: str) -> list[FieldShown]:
    """What was filled into the template of a contract's present version; empty for an uploaded one.

    Raises: NotFound, MayNot.
    """
    contract = contracts.contract(q, contract_id)
    kept = store.form(q, contract.id, contract.version)
    if kept is None:
        return []
    template = settings.of_version(q, policies.ContractTemplate, kept.template_id)
    try:
        subject_id = mall.enterprise_of(q, contract.purchaser_id).subject_id
        place = f"contract_form|fields|{kept.id}"
        given = codec.load(q.open(subject_id, place, kept.fields, "evidence"))
    except vault.Destroyed:
        given = {}
    return [
        FieldShown(code=one.code, label=one.label, value=str(given.get(one.code, "")))
        for one in template.fields
    ]
