"""Bank cards by the first digits of their number: whose, and whether UnionPay's (data/providers)."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Literal

from engine.kernel import catalog

CardKind = Literal["debit", "credit", "unknown"]
_LONGEST = 6


class Bank(catalog.Declared):
    """A bank and the prefixes of its cards for natural persons."""

    name: catalog.Text
    debit: tuple[str, ...]
    credit: tuple[str, ...]


class Scheme(catalog.Declared):
    """A card scheme that is not UnionPay's."""

    name: str
    prefixes: tuple[str, ...]


class BankCards(catalog.Declared):
    """data/providers/bank_cards.toml."""

    unionpay: tuple[str, ...]
    scheme: tuple[Scheme, ...]
    bank: tuple[Bank, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BankCard:
    """What a card's number tells: its bank (None when in no table), its kind, and a foreign scheme."""

    bank: catalog.Text | None
    kind: CardKind
    scheme: str = ""


@functools.cache
def _prefixes() -> dict[str, BankCard]:
    told = catalog.load(catalog.DATA / "providers" / "bank_cards.toml", BankCards)
    found: dict[str, BankCard] = {}
    for mark in told.unionpay:
        found[mark] = BankCard(bank=None, kind="unknown")
    for scheme in told.scheme:
        for mark in scheme.prefixes:
            found[mark] = BankCard(bank=None, kind="unknown", scheme=scheme.name)
    for bank in told.bank:
        found |= {mark: BankCard(bank=bank.name, kind="debit") for mark in bank.debit}
        found |= {mark: BankCard(bank=bank.name, kind="credit") for mark in bank.credit}
    return found


def bank_card_of(number: str) -> BankCard | None:
    """What the number's longest known prefix tells; None when no row has it."""
    known = _prefixes()
    for size in range(_LONGEST, 0, -1):
        found = known.get(number[:size])
        if found is not None:
            return found
    return None
