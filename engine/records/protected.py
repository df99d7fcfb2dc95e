"""What is kept sealed: column by column, how it is masked, whose key it is under, and how it is opened.

The one place that knows it: record pages and histories mask by it, and `reveal` opens nothing else (SEC-1).
A column can hold several values as JSON; each of them has a mask of its own.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.kernel import identifiers, vault
from engine.kernel.reader import Reader
from engine.records import model

Mask = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Protected:
    """A sealed column. `subject` is the question for the data subject whose key seals it, by the row's id.

    `parts` are the values of a JSON document by name; without them the column is one value.
    """

    subject: str
    mask: Mask
    purpose: vault.Purpose = "profile"
    parts: Mapping[str, Mask] = field(default_factory=dict)


def hidden(text: str) -> str:
    """Nothing of a text is left, not even how long it is."""
    return "•••" if text else ""


def ends(text: str) -> str:
    """The last four signs, of what is long enough to hide the rest."""
    return f"•••{text[-4:]}" if len(text) >= 12 else hidden(text)


def plain(text: str) -> str:
    """A value that is nobody's secret, beside others that are."""
    return text


_NAME, _PHONE, _ID = identifiers.masked_name, identifiers.masked_phone, identifiers.masked_id


def _of_account(table: str) -> str:
    return (
        f"SELECT a.subject_id FROM {table} t JOIN account a ON a.id = t.account_id"  # noqa: S608
        " WHERE t.id = ?"
    )


def _of_enterprise(table: str) -> str:
    return (
        f"SELECT e.subject_id FROM {table} t JOIN enterprise e ON e.id = t.enterprise_id"  # noqa: S608
        " WHERE t.id = ?"
    )


def _of_purchaser(table: str) -> str:
    """What is written about a contract is sealed under the purchaser's enterprise."""
    return (
        f"SELECT e.subject_id FROM {table} t JOIN contract c ON c.id = t.contract_id"  # noqa: S608
        " JOIN mall_account m ON m.id = c.purchaser_id JOIN enterprise e ON e.id = m.enterprise_id"
        " WHERE t.id = ?"
    )


def _columns(
    subject: str, masks: Mapping[str, Mask], purpose: vault.Purpose = "profile"
) -> dict[str, Protected]:
    return {
        name: Protected(subject=subject, mask=mask, purpose=purpose) for name, mask in masks.items()
    }


_WHERE: dict[str, Mask] = {"recipient": _NAME, "phone": _PHONE, "region": hidden, "detail": hidden}
_REPRESENTATIVE: dict[str, Mask] = {
    "legal_representative": _NAME,
    "legal_representative_id": _ID,
}
# An invoice's details and a saved title have the same fields.
_TITLE: dict[str, Mask] = {
    "name": _NAME,
    "code": ends,
    "address": hidden,
    "phone": ends,
    "bank": plain,
    "bank_account": ends,
    "email": hidden,
    "remarks": hidden,
    "recipient": _NAME,
    "recipient_phone": _PHONE,
    "region": hidden,
    "detail": hidden,
}

# Table → column → how it is protected.
PROTECTED: Mapping[str, Mapping[str, Protected]] = {
    "account": _columns(
        "SELECT subject_id FROM account WHERE id = ?",
        {"phone": _PHONE, "name": _NAME, "resident_id": _ID},
    ),
    "real_name_proof": _columns(
        _of_account("real_name_proof"),
        {"name": _NAME, "resident_id": _ID, "reserved_phone": _PHONE},
        "evidence",
    ),
    "recovery": _columns(_of_account("recovery"), {"new_phone": _PHONE}),
    "closing": _columns(_of_account("closing"), {"note": hidden, "appeal": hidden}),
    "invitation": _columns(_of_account("invitation"), {"note": hidden}),
    "enterprise_claim": _columns(
        "SELECT subject_id FROM enterprise_claim WHERE id = ?", _REPRESENTATIVE
    ),
    "enterprise_particulars": _columns(_of_enterprise("enterprise_particulars"), _REPRESENTATIVE),
    "enterprise_change": _columns(_of_enterprise("enterprise_change"), _REPRESENTATIVE),
    "delivery_address": _columns(_of_account("delivery_address"), {**_WHERE, "label": hidden}),
    "shipment": _columns(_of_account("shipment"), _WHERE),
    "invoice": {
        "details": Protected(
            subject=_of_account("invoice"), mask=hidden, purpose="evidence", parts=_TITLE
        )
    },
    "invoice_title": {
        "details": Protected(subject=_of_account("invoice_title"), mask=hidden, parts=_TITLE)
    },
    "contract_act": _columns(_of_purchaser("contract_act"), {"text": hidden}, "evidence"),
    "contract_party": _columns(_of_purchaser("contract_party"), {"opinion": hidden}, "evidence"),
    "contract_voiding": _columns(_of_purchaser("contract_voiding"), {"reason": hidden}, "evidence"),
    "phone_call": _columns(
        "SELECT subject_id FROM phone_call WHERE id = ?",
        {"phone": _PHONE, "said": hidden, "note": hidden},
    ),
    "staff": _columns(
        "SELECT id AS subject_id FROM staff WHERE id = ?", {"phone": _PHONE, "resident_id": _ID}
    ),
}


def place(table: str, column: str, row_id: str, part: str = "") -> str:
    """What a protected value is called: `table|column|row id`, and the part of a document after a `#`."""
    return f"{table}|{column}|{row_id}" + (f"#{part}" if part else "")


def opened(q: Reader, table: str, column: str, row_id: str, sealed: bytes) -> dict[str, str]:
    """The values of a sealed column in the clear, by part; one without a name where it has no parts.

    Raises: vault.Destroyed, vault.Unreadable.
    """
    how = PROTECTED[table][column]
    known: dict[str, str] = q.memo.setdefault("whose keys", {})
    key = f"{table}|{row_id}"
    if key not in known:
        found = q.row(how.subject, (row_id,))
        if found is None:
            raise vault.Destroyed(what="key")
        known[key] = found["subject_id"]
    text = q.open(known[key], place(table, column, row_id), sealed, how.purpose)
    if not how.parts:
        return {"": text}
    said: dict[str, Any] = json.loads(text)
    return {name: str(said[name]) for name in how.parts if said.get(name)}


def facts(q: Reader, table: str, row: Mapping[str, Any]) -> tuple[model.Fact, ...]:
    """The protected values of a row, masked, each with the place that reveals it."""
    found = []
    for column, how in PROTECTED.get(table, {}).items():
        if row[column] is None:
            continue
        try:
            values = opened(q, table, column, row["id"], bytes(row[column]))
        except vault.Destroyed:
            found.append(model.Fact(name=name_of(column, table), value=model.Value(form="deleted")))
            continue
        for part, text in values.items():
            mask = how.parts.get(part, how.mask)
            found.append(
                model.Fact(
                    name=name_of(part or column, table),
                    value=model.Value(
                        form="text" if mask is plain else "masked",
                        text=mask(text),
                        place="" if mask is plain else place(table, column, row["id"], part),
                    ),
                )
            )
    return tuple(found)


def masked(q: Reader, table: str, column: str, row_id: str, sealed: bytes) -> model.Value:
    """A sealed column as a history shows it: what its mask leaves, or that it was deleted."""
    how = PROTECTED[table][column]
    try:
        values = opened(q, table, column, row_id, sealed)
    except vault.Destroyed:
        return model.Value(form="deleted")
    told = " · ".join(how.parts.get(part, how.mask)(text) for part, text in values.items())
    return model.Value(form="masked", text=told)


# Numbers of persons, which are called so: no id of ours.
_PERSONS = ("account", "real_name_proof")
_NUMBERS = ("resident_id", "legal_representative_id")
# Columns whose own name would read as another thing than what stands in them.
_CALLED = {"real_name_at": "name_proved"}


def name_of(column: str, table: str = "") -> str:
    """The code of what a column is called: without what says how it is kept."""
    if column == "name" and table in _PERSONS:
        return "column.person_name"
    column = _CALLED.get(column, column)
    for ending in ("_fen", "_at", "_id", "_hex"):
        if column.endswith(ending) and column not in _NUMBERS:
            column = column.removesuffix(ending)
            break
    return f"column.{column}"


def person(q: Reader, account_id: str) -> str:
    """What a person is called: their name masked, else their number masked; a dash once it is deleted."""
    known: dict[str, str] = q.memo.setdefault("masked people", {})
    if account_id not in known:
        row = q.row("SELECT * FROM account WHERE id = ?", (account_id,))
        known[account_id] = "—" if row is None else _person(q, row)
    return known[account_id]


def _person(q: Reader, row: Mapping[str, Any]) -> str:
    column = "phone" if row["name"] is None else "name"
    value = masked(q, "account", column, row["id"], bytes(row[column]))
    return value.text or "—"
