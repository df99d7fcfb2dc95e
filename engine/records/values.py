"""A column's value in words: money, times, labels, names, links; masked where it is kept sealed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.records import model, naming, protected, shown
from engine.staffing import queries as staffing

_Named = (
    policies.Platform
    | policies.Service
    | policies.CertificateAgency
    | policies.SealAgency
    | policies.EntityClass
    | policies.ReviewRule
)
_AGENCY: tuple[type[_Named], ...] = (policies.CertificateAgency, policies.SealAgency)
# Columns that name what staff set up.
_SET_UP: Mapping[str, tuple[type[_Named], ...]] = {
    "platform_id": (policies.Platform,),
    "agency_id": _AGENCY,
    "seal_agency_id": _AGENCY,
    "service_id": (policies.Service,),
    "entity_class": (policies.EntityClass,),
}


def of(q: Reader, table: str, row_id: str, column: str, value: Any) -> model.Value | None:
    """A value of a column as a fact or a history shows it; None where there is none."""
    if value is None or value in ("", "[]"):
        return None
    if column in protected.PROTECTED.get(table, {}):
        return protected.masked(q, table, column, row_id, bytes(value))
    if isinstance(value, bytes | memoryview):
        return None
    if column in shown.LISTS:
        return _several(q, table, column, _items(value))
    return _one(q, table, column, value)


def _items(value: Any) -> list[Any]:
    found: list[Any] = json.loads(value) if isinstance(value, str) else list(value)
    return found


def _several(q: Reader, table: str, column: str, items: list[Any]) -> model.Value | None:
    """Several codes as one value: their words side by side."""
    found = [_one(q, table, column, one) for one in items]
    told = [one for one in found if one is not None]
    if not told:
        return None
    if all(one.form == "named" and one.words is not None for one in told):
        return model.Value(form="named", words=_joined(one.words for one in told if one.words))
    return told[0] if len(told) == 1 else model.Value(
        form="label", text=" ".join(one.text for one in told)
    )  # fmt: skip


def _joined(words: Iterable[Text]) -> Text:
    known = list(words)
    return Text(zh="；".join(one.zh for one in known), en="; ".join(one.en for one in known))


def _one(q: Reader, table: str, column: str, value: Any) -> model.Value | None:
    if column in shown.WHO:
        return who(q, str(value))
    if column in shown.REASONS or (table, column) == ("closing", "reason"):
        return reason(q, str(value))
    if column.endswith("_fen"):
        return model.Value(form="money", number=int(value))
    if column.endswith("_at") or column in shown.TIMES:
        return model.Value(form="time", number=int(value))
    family = shown.LABELS.get(table, {}).get(column)
    if family is not None:
        return model.Value(form="label", text=f"{family}.{value}" if family else str(value))
    if (table, column) == ("review_case", "kind"):
        return _setting(q, (policies.ReviewRule,), str(value))
    if column in _SET_UP:
        return _setting(q, _SET_UP[column], str(value))
    return reference(q, str(value)) or model.Value(form="text", text=str(value)[:200])


def reason(q: Reader, code: str) -> model.Value:
    """A ground of the taxonomy, or of a hold, in its words; one that is gone, by its code."""
    known = q.policies(policies.Reason).get(code) or q.policies(policies.HoldReason).get(code)
    if known is None:
        return model.Value(form="text", text=code)
    return model.Value(form="named", text=code, words=known.text)


def _setting(q: Reader, kinds: tuple[type[_Named], ...], name: str) -> model.Value:
    """What something that staff set up is called; by its id where it is gone."""
    for kind in kinds:
        found = q.policies(kind).get(name)
        if found is not None:
            return model.Value(form="named", text=name, words=found.label)
    return model.Value(form="text", text=name)


def paper(q: Reader, code: str) -> model.Value:
    """What a paper is called by those who ask for it; what we make ourselves by its label."""
    asked: list[policies.PaperRule | policies.Attachment | policies.AttachmentKind] = [
        *(one for rule in q.policies(policies.EntityClass).values() for one in rule.papers),
        *(one for rule in q.policies(policies.Platform).values() for one in rule.attachments),
        *q.policy(policies.ContractRules).attachments,
    ]
    label = next((one.label for one in asked if one.code == code), None)
    if label is not None:
        return model.Value(form="named", text=code, words=label)
    return model.Value(form="label", text=f"paper.{code}")


def reference(q: Reader, text: str) -> model.Value | None:
    """What an id leads to: a record by its name, a mall's account by its enterprise's; else None."""
    if text.startswith("mal_"):
        found = q.row("SELECT enterprise_id FROM mall_account WHERE id = ?", (text,))
        return None if found is None else reference(q, found["enterprise_id"])
    hit = naming.hit(q, text)
    return None if hit is None else model.Value(form="record", text=hit.title, record=hit.id)


def who(q: Reader, actor: str) -> model.Value:
    """Who did something: staff by name, a person masked and linked, an enterprise, or the platform."""
    kind, _, name = actor.partition(":")
    if kind == "staff":
        return model.Value(form="text", text=staffing.name_of(q, name))
    if kind == "person":
        return model.Value(form="record", text=protected.person(q, name), record=name)
    if kind == "mall":
        return reference(q, name) or model.Value(form="text", text=name)
    return model.Value(form="label", text=f"actor.{kind}")


def facts(q: Reader, table: str, row: Mapping[str, Any]) -> tuple[model.Fact, ...]:
    """The open columns of a row that have a value; what is sealed stands apart, to be revealed."""
    sealed = protected.PROTECTED.get(table, {})
    found = []
    for column in shown.COLUMNS[table]:
        if column in sealed:
            continue
        value = of(q, table, row["id"], column, row[column])
        if value is not None:
            found.append(model.Fact(name=protected.name_of(column, table), value=value))
    return tuple(found)
