"""A certificate order, its payment, and the ledger.

An order is placed for an enterprise that is onboarded at the platform; it is paid before or after the
reviews, as the platform says; papers are asked for only where the platform asks; the platform reviews
first, then the CA, by different people (CRT-1). Nobody's order reaches a download without payment and
both approvals. An enterprise has one open order and one living certificate per platform: a completed
order remembers until when its certificate holds. Paid and then rejected or cancelled means refunded.
Money is integer fen; every posting of the ledger adds up to zero (PAY-1).
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


class OrderStatus(enum.StrEnum):
    """Where an order stands."""

    AWAITING_PAYMENT = "awaiting_payment"  # the applicant pays
    AWAITING_PAPERS = "awaiting_papers"  # the applicant uploads
    PLATFORM_REVIEW = "platform_review"  # the platform's reviewer decides
    AGENCY_REVIEW = "agency_review"  # the CA's reviewer decides
    AWAITING_DOWNLOAD = "awaiting_download"  # the applicant downloads and sets a PIN
    COMPLETED = "completed"
    REJECTED = "rejected"
    CANCELLED = "cancelled"


_S = OrderStatus
ORDER = Workflow(
    "order",
    _S.AWAITING_PAYMENT,
    {
        _S.AWAITING_PAYMENT: {
            "pay_then_papers": _S.AWAITING_PAPERS,
            "pay_then_review": _S.PLATFORM_REVIEW,
            "pay_then_download": _S.AWAITING_DOWNLOAD,
            "cancel": _S.CANCELLED,
        },
        _S.AWAITING_PAPERS: {"attach": _S.PLATFORM_REVIEW, "cancel": _S.CANCELLED},
        _S.PLATFORM_REVIEW: {
            "approve": _S.AGENCY_REVIEW,
            "reject": _S.REJECTED,
            "cancel": _S.CANCELLED,
        },
        _S.AGENCY_REVIEW: {
            "approve_paid": _S.AWAITING_DOWNLOAD,
            "approve_unpaid": _S.AWAITING_PAYMENT,
            "look_again": _S.PLATFORM_REVIEW,
            "reject": _S.REJECTED,
            "cancel": _S.CANCELLED,
        },
        _S.AWAITING_DOWNLOAD: {"complete": _S.COMPLETED},
        _S.COMPLETED: {},
        _S.REJECTED: {},
        _S.CANCELLED: {},
    },
)
IN_REVIEW = frozenset({_S.PLATFORM_REVIEW, _S.AGENCY_REVIEW})


class PaymentStatus(enum.StrEnum):
    """Where a payment stands."""

    REQUESTED = "requested"  # the worker opens it at the provider
    OPENED = "opened"  # the person pays at the cashier
    PAID = "paid"
    REFUNDING = "refunding"  # the provider gives the money back
    REFUNDED = "refunded"


_P = PaymentStatus
PAYMENT = Workflow(
    "payment",
    _P.REQUESTED,
    {
        _P.REQUESTED: {"open": _P.OPENED, "pay": _P.PAID},
        _P.OPENED: {"pay": _P.PAID},
        _P.PAID: {"refund": _P.REFUNDING},
        _P.REFUNDING: {"finish": _P.REFUNDED},
        _P.REFUNDED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A certificate order. `policy_version` is the CA's price list it was made under, `platform_version`
    what the platform asked for then (empty for orders from before that was kept).

    `certificate_until` is the instant at which its certificate ends (exclusive), once there is one.
    """

    id: str
    number: str
    account_id: str
    enterprise_id: str
    platform_id: str
    agency_id: str
    seal_agency_id: str
    certificate_kind: str
    years: int
    amount_fen: int
    policy_version: str
    status: OrderStatus
    papers: tuple[tuple[str, str], ...]
    reasons: tuple[str, ...]
    platform_approved_by: str | None
    agency_approved_by: str | None
    paid_at: int | None
    created_at: int
    ended_at: int | None
    certificate_until: int | None = None
    platform_version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """The payment of an order."""

    id: str
    order_id: str
    amount_fen: int
    status: PaymentStatus
    trade_no: str
    created_at: int
    paid_at: int | None
    refunded_at: int | None


class RefundProgress(enum.StrEnum):
    """How far a refund is, as the person who paid is told."""

    NONE = "none"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a person shows of a payment that came in; the payer's name masked."""

    number: str
    payer: str
    amount_fen: int
    paid_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentShown:
    """A payment as its payer sees it: its order, how far a refund is, and the receipt once paid.

    `came_twice_fen` came in a second time and waits to be given back.
    """

    id: str
    order_id: str
    order_number: str
    order_status: str
    amount_fen: int
    status: PaymentStatus
    created_at: int
    paid_at: int | None
    refund: RefundProgress
    refunded_at: int | None
    came_twice_fen: int
    receipt: Receipt | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerLine:
    """One side of a posting; the lines of a posting add up to zero."""

    id: str
    posting_id: str
    account: str
    amount_fen: int
    order_id: str
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundCase:
    """Money that came in a second time and waits to be given back."""

    id: str
    payment_id: str
    trade_no: str
    amount_fen: int
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperUpload:
    """A paper that the platform asked for: its code and the file."""

    code: str
    content: bytes
