"""Payments, refunds and the lines of the ledger."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


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
