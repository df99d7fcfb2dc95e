"""A certificate order, its payment, and the ledger.

An order is placed for an enterprise that is onboarded at the platform; it is paid before or after the
reviews, as the platform says; papers are asked for only where the platform asks; the platform reviews
first, then the CA, by different people (CRT-1). Nobody's order reaches a download without payment and
both approvals. An enterprise has one open order and one living certificate per platform: a completed
order remembers until when its certificate holds. Paid and then rejected or cancelled means refunded.
Money is integer fen; every posting of the ledger adds up to zero (PAY-1).
"""

from engine.ordering.model.money import (
    PAYMENT,
    LedgerLine,
    Payment,
    PaymentShown,
    PaymentStatus,
    Receipt,
    RefundCase,
    RefundProgress,
)
from engine.ordering.model.order import IN_REVIEW, ORDER, Order, OrderStatus, PaperUpload

__all__ = [
    "IN_REVIEW",
    "ORDER",
    "PAYMENT",
    "LedgerLine",
    "Order",
    "OrderStatus",
    "PaperUpload",
    "Payment",
    "PaymentShown",
    "PaymentStatus",
    "Receipt",
    "RefundCase",
    "RefundProgress",
]
