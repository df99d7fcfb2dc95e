"""Titles: to whom an invoice is made out (INV-3)."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("personal", "company")
NAME_LONGEST, TEXT_LONGEST = 100, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Particulars:
    """What a title says; kept sealed, because a person's may stand in it."""

    name: str = ""
    code: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    bank_account: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleRow:
    """A title as it is kept. With `enterprise_id` it is what its person added to the enterprise's own."""

    id: str
    account_id: str
    enterprise_id: str | None
    kind: str
    details: bytes
    is_default: int
    created_at: int
    changed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceTitle:
    """A title as its person sees it. `own` is the enterprise's, made by the system, and has its id."""

    id: str
    account_id: str
    enterprise_id: str | None
    kind: str
    name: str
    code: str
    address: str
    phone: str
    bank: str
    bank_account: str
    email: str
    is_default: bool
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenTitle:
    """A title as it is entered in an application; `save_title` keeps it among the person's own."""

    kind: str
    name: str
    code: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    bank_account: str = ""
    email: str = ""
    save_title: bool = False
