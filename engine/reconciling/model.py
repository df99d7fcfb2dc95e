"""The tax service's list of a business date, and how each of its lines compared with our invoices."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow

MATCHED = "matched"


class TaxListStatus(enum.StrEnum):
    """Where the list of a day stands."""

    AWAITED = "awaited"
    COMPARED = "compared"


TAX_LIST = Workflow(
    "tax list",
    TaxListStatus.AWAITED,
    {TaxListStatus.AWAITED: {"compare": TaxListStatus.COMPARED}, TaxListStatus.COMPARED: {}},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxList:
    """A business date at the tax service: how many were numbered and their sums, once compared."""

    id: str
    business_date: str
    status: TaxListStatus
    digest: str
    line_count: int
    total_fen: int
    tax_fen: int
    created_at: int
    compared_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxListLine:
    """A numbered invoice as the list shows it. `found` says how it compared: matched, or a kind of case."""

    id: str
    tax_list_id: str
    line_number: int
    number: str
    invoice_id: str
    blue_number: str
    net_fen: int
    tax_fen: int
    total_fen: int
    issued_at: int
    found: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An invoice of ours, as far as it is compared."""

    id: str
    status: str
    number: str
    total_fen: int
    tax_fen: int
    issued_at: int | None
    blue_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """An order whose invoices are for more than its money: what they hold, and what is left of it."""

    order_id: str
    invoice_id: str
    invoiced_fen: int
    allowed_fen: int
    refunded_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxDayShown:
    """A business date as finance sees it: the list's sums beside ours, and its differences."""

    listed: TaxList
    here_count: int
    here_total_fen: int
    here_tax_fen: int
    open_cases: int
    cases: int
