"""Payments, refunds, the ledger and the provider's statements: every notice changes money once at most.

What others use: `request` and `request_for` (an order is to be paid), `start_refund` (an order ended or a
part goes back), `post` (lines that add up to zero), and the actions that jobs and staff perform.
"""

from engine.ordering.money.cases import answered, open_case
from engine.ordering.money.notices import (
    CURRENCY,
    MERCHANT,
    NoticeDiffers,
    NoticeForged,
    NoticeUnknown,
    receive_callback,
)
from engine.ordering.money.paying import (
    ASK_AFTER_MS,
    record_payment_asked,
    record_payment_opened,
    request,
    request_for,
)
from engine.ordering.money.posting import Entry, PostingUnbalanced, post
from engine.ordering.money.reading import StatementDamaged
from engine.ordering.money.refunds import RefundTooMuch, record_refund_asked, start_refund
from engine.ordering.money.settling import decide_settlement, settle_case
from engine.ordering.money.statements import record_statement

__all__ = [
    "ASK_AFTER_MS",
    "CURRENCY",
    "MERCHANT",
    "Entry",
    "NoticeDiffers",
    "NoticeForged",
    "NoticeUnknown",
    "PostingUnbalanced",
    "RefundTooMuch",
    "StatementDamaged",
    "answered",
    "decide_settlement",
    "open_case",
    "post",
    "receive_callback",
    "record_payment_asked",
    "record_payment_opened",
    "record_refund_asked",
    "record_statement",
    "request",
    "request_for",
    "settle_case",
    "start_refund",
]
