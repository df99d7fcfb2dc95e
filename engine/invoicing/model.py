"""A fully digital invoice (数电票) over one or more paid orders of one enterprise.

Each line is split into net and tax, half up to the fen, the tax being what the net leaves of what was
paid: so lines, totals and payment agree to the fen by construction, and no remainder is left to be spread.
Never more than was paid: an order is in one invoice at most, which the database guards too, and an order
whose money may still go back (its review is open) is not invoiced yet, because an issued invoice can't
be taken back without a red letter. Numbers come from the tax service.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from engine.kernel.workflow import Workflow


class InvoiceStatus(enum.StrEnum):
    """Where an invoice stands."""

    APPLIED = "applied"  # the tax service numbers it next
    ISSUED = "issued"


INVOICE = Workflow(
    "invoice",
    InvoiceStatus.APPLIED,
    {InvoiceStatus.APPLIED: {"issue": InvoiceStatus.ISSUED}, InvoiceStatus.ISSUED: {}},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an invoice; `amount_fen` is net, both with tax make the gross."""

    order_id: str
    name: str
    quantity: int
    amount_fen: int
    tax_fen: int
    rate_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice. `kind` is `ordinary` or `special`; totals in fen, tax included in the total."""

    id: str
    account_id: str
    enterprise_id: str
    platform_id: str
    agency_id: str
    kind: str
    title_name: str
    title_code: str
    lines: tuple[Line, ...]
    amount_fen: int
    tax_fen: int
    total_fen: int
    policy_version: str
    status: InvoiceStatus
    number: str
    blob_id: str | None
    created_at: int
    issued_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicedOrder:
    """Which invoice an order is in; an order is in one at most."""

    id: str
    invoice_id: str
    order_id: str


def unit_price(line: Line) -> str:
    """The net price of one unit in yuan, with six decimals."""
    price = Decimal(line.amount_fen) / line.quantity / 100
    return str(price.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP))


def yuan(amount_fen: int) -> str:
    """An amount in yuan with two decimals and no grouping, as machines read it."""
    return str((Decimal(amount_fen) / 100).quantize(Decimal("0.01")))


def split_tax(gross_fen: int, rate_percent: int) -> tuple[int, int]:
    """Net and tax of a gross amount, half up to the fen; they add up to the gross."""
    rate = Decimal(rate_percent) / 100
    net = (Decimal(gross_fen) / (1 + rate)).quantize(Decimal(1), rounding=ROUND_HALF_UP)
    return int(net), gross_fen - int(net)
