"""Orders to tick, and invoices as people see them and as they are printed."""

from __future__ import annotations

from dataclasses import dataclass

from engine.invoicing.model.invoice import Details
from engine.invoicing.model.lines import Line
from engine.invoicing.model.states import InvoiceStatus
from engine.invoicing.model.titles import InvoiceTitle
from engine.kernel.catalog import Text
from engine.registration.model import ReasonTold


@dataclass(frozen=True, slots=True, kw_only=True)
class Billable:
    """An order in the list to tick; `refused` is a code that says why it cannot be.

    `invoiced_fen` is what invoices hold of it, less what issued red letters took back.
    """

    order_kind: str
    id: str
    number: str
    account_id: str
    enterprise_id: str | None
    platform_id: str
    agency_id: str
    title: Text
    created_at: int
    paid_at: int | None
    paid_fen: int
    refunded_fen: int
    invoiced_fen: int
    tax_item: str
    quantity: int
    unit: str
    refused: str = ""

    @property
    def left_fen(self) -> int:
        """What an invoice of it would be for now."""
        return max(0, self.paid_fen - self.refunded_fen - self.invoiced_fen)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderKind:
    """A kind of order, and how many of its orders can be ticked."""

    kind: str
    ready: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What an application would be: to be looked at before it is sent.

    `missing` are codes of what has to be given yet. `reviewed` are codes of why the desk looks at it first;
    none where it goes straight to the tax service. `address_id` is the default address of a paper one.
    """

    order_kind: str
    medium: str
    kind: str
    lines: tuple[Line, ...]
    amount_fen: int
    tax_fen: int
    total_fen: int
    title: InvoiceTitle | None
    address_id: str
    paper_offered: bool
    missing: tuple[str, ...]
    reviewed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceShown:
    """An invoice as its applicant sees it, and staff with a person's name masked.

    `can` are the verbs that are open to who asks. `reversed_by` are its red letters.
    """

    id: str
    account_id: str
    enterprise_id: str | None
    platform_id: str
    agency_id: str
    order_kind: str
    medium: str
    kind: str
    title_kind: str
    title_name: str
    title_code: str
    lines: tuple[Line, ...]
    amount_fen: int
    tax_fen: int
    total_fen: int
    reversed_fen: int
    status: InvoiceStatus
    number: str
    blob_id: str | None
    created_at: int
    issued_at: int | None
    reverses: str | None
    reverses_number: str
    reversed_by: tuple[str, ...]
    reason: str
    asked_by: str
    problem: str
    reasons: tuple[ReasonTold, ...]
    corrects: str | None
    deducted_at: int | None
    address_id: str
    email: str
    remarks: str
    paper_code: str
    paper_number: str
    can: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What is printed on an invoice and told to the tax service, in the clear: for jobs alone.

    `reverses_number` is the number of the invoice that a red letter takes back.
    """

    invoice_id: str
    order_kind: str
    kind: str
    medium: str
    title_kind: str
    buyer: Details
    lines: tuple[Line, ...]
    amount_fen: int
    tax_fen: int
    total_fen: int
    number: str
    issued_at: int | None
    reverses: str | None
    reverses_number: str
    reason: str
    asked_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to an invoice: its fact, when, and whose doing it was."""

    occurred_at: int
    code: str
    who: str
    subject: str
