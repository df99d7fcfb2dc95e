"""Notices that are genuine and can't be right: kept as they were told, once each, and looked into."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from engine.kernel import codec
from engine.kernel.operation import Operation
from engine.ordering import model, store
from engine.ordering.money import cases

# What the provider tells in a notice; nothing else of it is kept, and no text longer than an id.
_TOLD = (
    "merchant",
    "payment_id",
    "trade_no",
    "amount_fen",
    "currency",
    "status",
    "refund_no",
    "refund_fen",
    "occurred_at",
)
_LONGEST = 64
# A refund that overtook its payment waits for it; nobody has to look yet.
UNPAID = "unpaid"


def park(op: Operation, body: bytes, told: Mapping[str, Any], differs_in: str) -> None:
    """Put a notice aside; told again, it is parked already.

    Emits: payment.notice_refused, money_case.opened.
    """
    payment_id = short(told.get("payment_id"))
    digest = hashlib.sha256(body).hexdigest()
    if store.parked(op, digest) is not None:
        op.record("payment.notice_refused", payment_id or "unknown", differs_in=differs_in)
        return
    kept = {
        name: value if isinstance(value, int) else short(value)
        for name, value in told.items()
        if name in _TOLD and isinstance(value, int | str)
    }
    parked = model.ParkedNotice(
        id=op.new_id("ntc"),
        digest=digest,
        payment_id=payment_id,
        trade_no=short(told.get("trade_no")),
        told=codec.canonical(kept),
        differs_in=differs_in,
        status=model.ParkedStatus.WAITING,
        created_at=op.now,
        settled_at=None,
    )
    op.insert("parked_notice", parked)
    if differs_in != UNPAID:
        _open_case(op, parked, kept)
    op.record("payment.notice_refused", payment_id or "unknown", differs_in=differs_in)


def _open_case(op: Operation, parked: model.ParkedNotice, kept: Mapping[str, Any]) -> None:
    payment = store.payment(op, parked.payment_id)
    unasked = parked.differs_in == "refund_no" and payment is not None
    told_fen = kept.get("refund_fen" if unasked else "amount_fen", 0)
    cases.open_case(
        op,
        model.CaseKind.REFUND_UNASKED if unasked else model.CaseKind.NOTICE,
        parked.id,
        payment_id=payment.id if payment else None,
        trade_no=parked.trade_no,
        amount_fen=payment.amount_fen if payment and not unasked else 0,
        # The provider's figure, where it is one that a column can hold.
        other_fen=told_fen if isinstance(told_fen, int) and abs(told_fen) < 1 << 53 else 0,
    )


def short(value: object) -> str:
    """A told text as it may be kept: printable, and no longer than an id."""
    text = value if isinstance(value, str) else ""
    return "".join(sign for sign in text if sign.isprintable())[:_LONGEST]
