"""Finding anything and showing its whole history: the record behind a number, a name, a phone, a serial.

A find is by exact number, code, serial, phone or resident ID number (through the blind index), or by a part
of an enterprise's name. A record is a subject of the log with what is linked to it; its history is the
events of all of them, oldest first, with what each changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from engine.invoicing import queries as invoices
from engine.issuing import queries as certificates
from engine.kernel import errors, events, identifiers, vault
from engine.kernel.reader import Reader
from engine.mall import queries as malls
from engine.ordering import queries as orders
from engine.registration import queries as people
from engine.sealing import queries as seals
from engine.signing import queries as contracts
from engine.staffing import queries as staffing
from engine.staffing.model import Right
from engine.subscribing import queries as services


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something found: what kind it is (a code), its id, and how it is called."""

    kind: str
    id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A column's value before and after an event; protected values are not shown."""

    table: str
    column: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One event of a history with what it changed."""

    event: events.Event
    changes: tuple[Change, ...]


class NothingToFind(errors.InvalidInput):
    """Enter a number, a name, a phone number or a code."""


def _accounts(q: Reader, ids: Iterable[str]) -> list[Hit]:
    found = []
    for account_id in ids:
        try:
            title = identifiers.masked_phone(people.person_phone(q, account_id))
        except vault.Destroyed:
            title = "—"
        found.append(Hit(kind="account", id=account_id, title=title))
    return found


def _by_id(q: Reader, text: str) -> list[Hit]:
    prefixes = {
        "acc": "account",
        "ent": "enterprise",
        "ord": "order",
        "svo": "service_order",
        "crt": "certificate",
        "sea": "seal",
        "con": "contract",
        "inv": "invoice",
        "cas": "case",
        "mal": "mall_account",
        "tkt": "ticket",
    }
    kind = prefixes.get(text.partition("_")[0])
    known = events.of_subjects(q.connection, [text]) if kind else []
    return [Hit(kind=str(kind), id=text, title=text)] if known else []


def find(q: Reader, text: str) -> list[Hit]:
    """Whatever is called this, at most 50.

    Raises: NothingToFind, staffing.MayNot.
    """
    staffing.require(q, Right.LOOK_UP, anywhere=True)
    wanted = text.strip()
    if len(wanted) < 2:
        raise NothingToFind(field="text")
    found = _by_id(q, wanted)
    for index in ("account.phone", "account.resident_id", "account.name"):
        found += _accounts(q, q.find(index, wanted))
    found += [
        Hit(kind="enterprise", id=one.id, title=one.name)
        for one in people.enterprises_like(q, wanted)
    ]
    order = orders.by_number(q, wanted)
    if order is not None:
        found.append(Hit(kind="order", id=order.id, title=order.number))
    service = services.by_number(q, wanted)
    if service is not None:
        found.append(Hit(kind="service_order", id=service.id, title=service.number))
    found += [
        Hit(kind="certificate", id=one.id, title=one.serial_hex)
        for one in certificates.by_serial(q, wanted)
    ]
    seal = seals.by_code(q, wanted)
    if seal is not None:
        found.append(Hit(kind="seal", id=seal.id, title=f"{seal.name} {seal.code}"))
    found += [
        Hit(kind="contract", id=one.id, title=f"{one.number} {one.name}")
        for one in contracts.by_number(q, wanted)
    ]
    invoice = invoices.by_number(q, wanted)
    if invoice is not None:
        found.append(Hit(kind="invoice", id=invoice.id, title=invoice.number))
    return list({hit.id: hit for hit in found}.values())[:50]


def _of_enterprise(q: Reader, enterprise_id: str) -> list[Hit]:
    return [
        *_accounts(q, people.administrators(q, enterprise_id)),
        *(
            Hit(kind="order", id=one.id, title=one.number)
            for one in orders.of_enterprise(q, enterprise_id)
        ),
        *(
            Hit(kind="service_order", id=one.id, title=one.number)
            for one in services.of_enterprise(q, enterprise_id)
        ),
        *(
            Hit(kind="certificate", id=one.id, title=one.serial_hex)
            for one in certificates.of_enterprise(q, enterprise_id)
        ),
        *(
            Hit(kind="seal", id=one.id, title=f"{one.name} {one.code}")
            for one in seals.of_enterprise(q, enterprise_id)
        ),
        *(
            Hit(kind="contract", id=one.id, title=f"{one.number} {one.name}")
            for one in contracts.of_enterprise(q, enterprise_id)
        ),
        *(
            Hit(kind="invoice", id=one.id, title=one.number or one.id)
            for one in invoices.of_enterprise(q, enterprise_id)
        ),
    ]


def _enterprise_hit(q: Reader, enterprise_id: str | None) -> list[Hit]:
    if enterprise_id is None:
        return []
    one = people.enterprise(q, enterprise_id)
    return [Hit(kind="enterprise", id=one.id, title=one.name)]


def _of_account(q: Reader, account_id: str) -> list[Hit]:
    sql = "SELECT enterprise_id FROM membership WHERE account_id = ? ORDER BY id"
    return [
        hit
        for row in q.rows(sql, (account_id,))
        for hit in _enterprise_hit(q, row["enterprise_id"])
    ]


def _of_order(q: Reader, order_id: str) -> list[Hit]:
    """The enterprise that it is for, or the person."""
    found = orders.order(q, order_id)
    return _enterprise_hit(q, found.enterprise_id) or _accounts(q, [found.account_id])


def _of_service_order(q: Reader, order_id: str) -> list[Hit]:
    """The enterprise that it is for, or the person."""
    found = services.order(q, order_id)
    return _enterprise_hit(q, found.enterprise_id) or _accounts(q, [found.account_id])


def _of_certificate(q: Reader, certificate_id: str) -> list[Hit]:
    """Its holder, and the other one of its pair."""
    found = certificates.certificate(q, certificate_id)
    holder = _enterprise_hit(q, found.enterprise_id) or _accounts(q, [found.account_id])
    others = [
        Hit(kind="certificate", id=one.id, title=one.serial_hex)
        for one in certificates.pair(q, found.pair_id)
        if one.id != found.id
    ]
    return holder + others


def _of_seal(q: Reader, seal_id: str) -> list[Hit]:
    """The enterprise whose it is, or the person."""
    found = seals.seal(q, seal_id)
    return _enterprise_hit(q, found.enterprise_id) or _accounts(q, [found.account_id])


def _of_contract(q: Reader, contract_id: str) -> list[Hit]:
    """The enterprises that are parties of a contract, and the seals that are on it."""
    found = contracts.contract(q, contract_id)
    sealed = dict.fromkeys(
        one.seal_id
        for one in contracts.signatures(q, contract_id)
        if one.version == found.version and one.completed_at is not None
    )
    hits = [
        hit
        for party in contracts.contract_parties(q, contract_id)
        for hit in _enterprise_hit(q, malls.mall_account(q, party.mall_account_id).enterprise_id)
    ]
    return hits + [hit for seal_id in sealed for hit in _seal_hit(q, seal_id)]


def _seal_hit(q: Reader, seal_id: str) -> list[Hit]:
    """A seal, where the reader's right covers its agency too."""
    try:
        one = seals.seal(q, seal_id)
    except errors.NotPermitted:
        return []
    return [Hit(kind="seal", id=one.id, title=f"{one.code} {one.name}")]


_LINKS: dict[str, Callable[[Reader, str], list[Hit]]] = {
    "enterprise": _of_enterprise,
    "account": _of_account,
    "order": _of_order,
    "service_order": _of_service_order,
    "certificate": _of_certificate,
    "seal": _of_seal,
    "contract": _of_contract,
    "invoice": lambda q, i: _enterprise_hit(q, invoices.invoice(q, i).enterprise_id),
}


def linked(q: Reader, hit: Hit) -> list[Hit]:
    """What belongs to a record."""
    staffing.require(q, Right.LOOK_UP, anywhere=True)
    links = _LINKS.get(hit.kind)
    return [] if links is None else links(q, hit.id)


def _around(q: Reader, hit: Hit) -> list[str]:
    """The subjects whose events tell of a record: its own, and those that carry its id as a fact."""
    tables = {
        "order": "SELECT id FROM payment WHERE order_id = ?",
        "service_order": "SELECT id FROM payment WHERE order_id = ?",
        "contract": (
            "WITH c AS (SELECT CAST(? AS TEXT) AS id)"
            " SELECT s.id FROM contract_signature s JOIN c ON s.contract_id = c.id"
            " UNION ALL SELECT y.id FROM contract_party y JOIN c ON y.contract_id = c.id"
            " UNION ALL SELECT v.id FROM contract_voiding v JOIN c ON v.contract_id = c.id"
        ),
        "account": "SELECT id FROM real_name_proof WHERE account_id = ?",
        "enterprise": "SELECT id FROM enterprise_claim WHERE enterprise_id = ?",
        "seal": "SELECT application_id AS id FROM seal WHERE id = ?",
    }
    subjects = [hit.id]
    if hit.kind in tables:
        subjects += [row["id"] for row in q.rows(tables[hit.kind], (hit.id,))]
    marks = ", ".join("?" for _ in subjects)
    cases = q.rows(f"SELECT id FROM review_case WHERE subject_id IN ({marks})", subjects)  # noqa: S608
    return subjects + [row["id"] for row in cases]


def history(q: Reader, hit: Hit) -> list[Entry]:
    """Everything that happened to a record, oldest first, with values before and after."""
    staffing.require(q, Right.LOOK_UP, anywhere=True)
    state: dict[tuple[str, str], dict[str, object]] = {}
    told = []
    for event in events.of_subjects(q.connection, _around(q, hit)):
        changes = []
        for table, row_id, values in event.changes:
            known = state.setdefault((table, row_id), {})
            for column, value in (values or {}).items():
                if column != "id" and known.get(column) != value:
                    changes.append(
                        Change(
                            table=table,
                            column=column,
                            before=_shown(known.get(column)),
                            after=_shown(value),
                        )
                    )
                known[column] = value
        told.append(Entry(event=event, changes=tuple(changes)))
    return told


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bytes):
        return f"({len(value)} B)"
    return str(value)[:120]
