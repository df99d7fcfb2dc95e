"""Payments, refunds, and what moved at the provider."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


class PaymentStatus(enum.StrEnum):
    """Where a payment stands."""

    REQUESTED = "requested"  # the worker opens it at the provider
    OPENED = "opened"  # the person pays at the cashier
    PAID = "paid"
    REFUNDING = "refunding"  # the provider gives money back
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    CLOSED = "closed"  # its order ended before it was paid


_P = PaymentStatus


PAYMENT = Workflow(
    "payment",
    _P.REQUESTED,
    {
        _P.REQUESTED: {"open": _P.OPENED, "pay": _P.PAID, "close": _P.CLOSED},
        _P.OPENED: {"pay": _P.PAID, "close": _P.CLOSED},
        _P.PAID: {"refund": _P.REFUNDING, "finish": _P.REFUNDED, "finish_part": _P.PARTLY_REFUNDED},
        _P.REFUNDING: {"finish": _P.REFUNDED, "finish_part": _P.PARTLY_REFUNDED},
        _P.PARTLY_REFUNDED: {
            "refund": _P.REFUNDING,
            "finish": _P.REFUNDED,
            "finish_part": _P.PARTLY_REFUNDED,
        },
        _P.REFUNDED: {},
        _P.CLOSED: {"pay": _P.PAID},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """The payment of an order of any kind; `order_id` is that order's id, whatever stage it belongs to.

    `account_id`, `number` (the order's) and `revenue` (the account of the ledger that it earns for) are
    empty in payments from before they were kept.
    """

    id: str
    order_id: str
    amount_fen: int
    status: PaymentStatus
    trade_no: str
    created_at: int
    paid_at: int | None
    refunded_at: int | None
    account_id: str | None = None
    number: str | None = None
    revenue: str | None = None


class RefundStatus(enum.StrEnum):
    """Where a refund stands."""

    REQUESTED = "requested"  # the provider is asked to give it back
    FAILED = "failed"  # it could not: a case for staff
    DONE = "done"


_R = RefundStatus

REFUND = Workflow(
    "refund",
    _R.REQUESTED,
    {
        _R.REQUESTED: {"finish": _R.DONE, "fail": _R.FAILED},
        # A notice of success can still overtake the refusal that it followed.
        _R.FAILED: {"retry": _R.REQUESTED, "finish": _R.DONE},
        _R.DONE: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """Money on its way back: all or part of a payment, or a trade that no payment asked for.

    `id` is the refund number that the provider is given: asked twice, it gives back once.
    """

    id: str
    payment_id: str | None
    trade_no: str
    amount_fen: int
    status: RefundStatus
    why: str
    problem: str
    requested_at: int
    settled_at: int | None


class MovementKind(enum.StrEnum):
    """Into the provider's account, or out of it."""

    PAYMENT = "payment"
    REFUND = "refund"


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """Money that moved at the provider, as we know it: what its daily statement is compared with.

    `reference` is the trade number, or the refund's. `business_date` is the provider's civil date in
    Shanghai; `noted_at` when we learned of it, and `source` how. `payment_id` is empty while nobody knows
    what the money was for; `statement_id` is the statement that shows it.
    """

    id: str
    kind: MovementKind
    reference: str
    trade_no: str
    payment_id: str | None
    amount_fen: int
    business_date: str
    occurred_at: int
    noted_at: int
    source: str
    statement_id: str | None


class ParkedStatus(enum.StrEnum):
    """What became of a notice that was put aside."""

    WAITING = "waiting"
    APPLIED = "applied"
    SET_ASIDE = "set_aside"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkedNotice:
    """A genuine notice that could not be right when it came, kept as it was told.

    It is matched later: by what it waited for, or by staff.
    """

    id: str
    digest: str
    payment_id: str
    trade_no: str
    told: str
    differs_in: str
    status: ParkedStatus
    created_at: int
    settled_at: int | None


class RefundProgress(enum.StrEnum):
    """How far a refund is, as the person who paid is told."""

    NONE = "none"
    RUNNING = "running"
    LATE = "late"  # the provider could not give it back; staff look after it
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What a person shows of a payment that came in; the payer's name masked."""

    number: str
    payer: str
    amount_fen: int
    paid_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundShown:
    """One refund as its receiver follows it. `problem` says why the provider could not give it back."""

    number: str
    amount_fen: int
    status: RefundStatus
    problem: str
    requested_at: int
    settled_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentShown:
    """A payment as its payer sees it: its order, how far each refund is, and the receipt once paid.

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
    refunded_fen: int
    refunded_at: int | None
    came_twice_fen: int
    refunds: tuple[RefundShown, ...]
    receipt: Receipt | None
