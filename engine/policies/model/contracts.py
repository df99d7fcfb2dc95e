"""What contracts are made of, and how their parties may be asked (SGN-2, SGN-5)."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from pydantic import Field

from engine.kernel.catalog import Declared, Text
from engine.policies.model.setting import Setting

# A place of a clause: a field's code, and after a colon what stands there when it is empty.
PLACE = re.compile(r"\{([a-z][a-z0-9_]*)(?::([^{}]*))?\}")
# What every contract has, for a clause to speak of beside the template's own fields.
OF_EVERY_CONTRACT = (
    *("purchaser", "supplier", "place", "signing_date", "effective_date", "payment_terms"),
    "total",
)
FieldKind = Literal["text", "number", "date", "money", "choice"]


class Currency(Declared):
    """A currency that a contract can be in: its code, its name (which stands in the document), its sign."""

    code: str = Field(pattern=r"^[A-Z]{3}$")
    label: Text
    sign: str = Field(min_length=1, max_length=4)


class AttachmentKind(Declared):
    """A document that can go with a contract."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    label: Text


class ContractRules(Setting):
    """Rules of every contract. `level` is how far signatures are validated unless asked otherwise."""

    KIND: ClassVar[str] = "contract_rules"
    currencies: tuple[Currency, ...] = Field(min_length=1)
    attachments: tuple[AttachmentKind, ...]
    most_attachments: int = Field(ge=0, le=20)
    reminders_per_day: int = Field(ge=1, le=20)
    remind_before_hours: int = Field(ge=1, le=720)
    longest_days: int = Field(ge=1, le=366)
    level: Literal["B-B", "B-T", "B-LT", "B-LTA"]


class TemplateField(Declared):
    """A field that a template asks for. `length` is characters of a text, digits of a number."""

    code: str = Field(pattern=r"^[a-z][a-z0-9_]{1,39}$")
    label: Text
    kind: FieldKind
    required: bool = True
    length: int = Field(default=100, ge=1, le=500)
    choices: tuple[str, ...] = ()
    hint: Text | None = None


class Clause(Declared):
    """An article of a template; `{code}` in its text stands for a field's value, `{code:…}` with what
    stands there when the field is empty.
    """

    title: str = Field(min_length=1, max_length=40)
    text: str = Field(min_length=1, max_length=2000)


class ContractTemplate(Setting):
    """A template (模版制作): what it asks for, and what it makes of it.

    `heading` is the document's title, `opening` its first sentence, `goods` whether the purchase order's
    lines stand in it. A contract keeps the version it was made by.
    """

    KIND: ClassVar[str] = "contract_template"
    NAMED: ClassVar[bool] = True
    label: Text
    note: Text
    heading: str = Field(min_length=1, max_length=20)
    opening: str = Field(min_length=1, max_length=500)
    goods: bool
    fields: tuple[TemplateField, ...]
    clauses: tuple[Clause, ...] = Field(min_length=1)
