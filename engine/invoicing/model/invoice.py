"""An invoice as it is kept: a fully digital one (数电票) over one or more paid orders of one payer."""

from __future__ import annotations

from dataclasses import dataclass

from engine.invoicing.model.lines import Line
from engine.invoicing.model.states import InvoiceStatus

MEDIA = ("electronic", "paper")
INVOICE_KINDS = ("ordinary", "special")


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice:
    """An invoice, or a red letter, which `reverses` another one; totals in fen, tax included in the total.

    A company's name and code stand in `title_name` and `title_code`; a person's, and everything else that
    was given with the title, are in `details` under the person's key. `reason` (01 to 04) and `asked_by`
    (`buyer`, `seller`, or `refund`) are a red letter's. `reversed_fen` is what issued ones took back.
    `problem` is why the tax service refused, `reasons` why the desk did. `corrects` is the rejected
    application that this one corrects. `deducted_at` is since when the buyer has it deducted.
    """

    id: str
    account_id: str
    enterprise_id: str | None
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
    order_kind: str = "certificate"
    medium: str = "electronic"
    title_kind: str = "company"
    details: bytes | None = None
    address_id: str = ""
    reverses: str | None = None
    reason: str = ""
    asked_by: str = ""
    reversed_fen: int = 0
    problem: str = ""
    reasons: tuple[str, ...] = ()
    corrects: str | None = None
    deducted_at: int | None = None
    ended_at: int | None = None
    paper_code: str = ""
    paper_number: str = ""

    @property
    def red(self) -> bool:
        """Whether it takes another invoice back."""
        return self.reverses is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoicedOrder:
    """That an order is in an invoice with so much of what was paid; negative in a red letter."""

    id: str
    invoice_id: str
    order_id: str
    order_kind: str = "certificate"
    gross_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What was given with an application, in the clear: the title, remarks, and where a paper one goes.

    `region` is the code of a district, as addresses have it.
    """

    name: str = ""
    code: str = ""
    address: str = ""
    phone: str = ""
    bank: str = ""
    bank_account: str = ""
    email: str = ""
    remarks: str = ""
    recipient: str = ""
    recipient_phone: str = ""
    region: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RedPart:
    """How much of an order's line a red letter takes back, tax included."""

    order_id: str
    gross_fen: int
