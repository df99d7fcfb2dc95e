"""Refunds that the provider gave without being asked: booked, also where they overtook their payment."""

from __future__ import annotations

import json
from collections.abc import Sequence

from engine.kernel.operation import Operation
from engine.ordering import model
from engine.ordering.money import posting, refunds


def book_unasked(
    op: Operation,
    payment: model.Payment,
    amount_fen: int,
    reference: str,
    *,
    occurred_at: int,
    source: str,
    statement_id: str | None = None,
) -> None:
    """Book a refund that the provider gave without being asked.

    Where it could not give back just this much when it was asked to, this is that refund: people there
    have given it back by hand, under a number of their own.
    Emits: refund.requested, payment.refunded, order.refunded, money_case.answered, message.sent.
    Raises: RefundTooMuch.
    """
    failed = refunds.failed_of(op, payment, amount_fen)
    if failed is not None:
        refunds.settle_refunded(
            op,
            failed,
            occurred_at=occurred_at,
            source=source,
            statement_id=statement_id,
            reference=reference,
        )
        return
    left = refunds.left_of(op, payment)
    if amount_fen > left:
        raise refunds.RefundTooMuch(fen=left)
    given = model.Refund(
        id=reference,
        payment_id=payment.id,
        trade_no=payment.trade_no,
        amount_fen=amount_fen,
        status=model.REFUND.initial,
        why="unasked",
        problem="",
        requested_at=op.now,
        settled_at=None,
    )
    op.insert("refund", given)
    lines = ((posting.revenue_of(payment), amount_fen), (model.REFUNDS_PAYABLE, -amount_fen))
    posting.post(op, "refund.requested", given.id, lines, order_id=payment.order_id)
    op.record("refund.requested", given.id, trade_no=payment.trade_no, amount_fen=amount_fen)
    refunds.settle_refunded(
        op, given, occurred_at=occurred_at, source=source, statement_id=statement_id
    )


def apply_parked(
    op: Operation, payment: model.Payment, waiting: Sequence[model.ParkedNotice]
) -> None:
    """The refund notices that overtook their payment, now that it has come.

    Emits: notice.applied, payment.refunded and what follows.
    """
    for parked in waiting:
        told = json.loads(parked.told)
        fen = min(int(told["refund_fen"]), refunds.left_of(op, payment))
        if fen > 0:
            book_unasked(
                op,
                payment,
                fen,
                str(told["refund_no"]),
                occurred_at=int(told.get("occurred_at", 0)),
                source="notice",
            )
        op.update(
            "parked_notice",
            parked.id,
            {"status": model.ParkedStatus.APPLIED, "settled_at": op.now},
            was={"status": parked.status},
        )
        op.record("notice.applied", parked.id, payment_id=payment.id)
