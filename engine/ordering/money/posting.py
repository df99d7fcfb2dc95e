"""Posting to the ledger: lines that add up to zero, closed by their header."""

from __future__ import annotations

from collections.abc import Sequence

from engine.kernel import errors
from engine.kernel.operation import Operation
from engine.ordering import model
from engine.policies import model as policies

# Debits are positive, credits negative.
Entry = tuple[str, int]


class PostingUnbalanced(errors.InvalidInput):
    """The lines of this posting do not add up to zero ({fen} fen). Nothing was posted."""


def post(op: Operation, kind: str, subject: str, lines: Sequence[Entry], *, order_id: str) -> str:
    """Post what happened (`kind`) to `subject`; lines of nothing are left out. The posting's id.

    The caller records the fact. `order_id` is the order, the trade or the statement that the lines are
    about. The database takes the closing header only when the lines add up to zero.
    Raises: PostingUnbalanced; NotFound for an account that is not in the chart.
    """
    kept = [(account, fen) for account, fen in lines if fen]
    if total := sum(fen for _, fen in kept):
        raise PostingUnbalanced(fen=total)
    posting_id = op.new_id("pst")
    if not kept:
        return posting_id
    for account, fen in kept:
        op.policy(policies.LedgerAccount, account)
        op.insert(
            "ledger_line",
            model.LedgerLine(
                id=op.new_id("led"),
                posting_id=posting_id,
                account=account,
                amount_fen=fen,
                order_id=order_id,
                created_at=op.now,
            ),
        )
    op.insert(
        "ledger_posting",
        model.LedgerPosting(id=posting_id, kind=kind, subject=subject, created_at=op.now),
    )
    return posting_id


def revenue_of(payment: model.Payment) -> str:
    """The account that a payment earns for; `orders` for those from before there were several."""
    return payment.revenue or "orders"


def owed_by(payment: model.Payment) -> str:
    """What a payment pays off: the receivable, or revenue at once where no receivable was posted."""
    if payment.status is model.PaymentStatus.CLOSED:
        # Its order ended and nothing is owed any more: this money belongs to the payer.
        return model.OVERPAYMENT
    return model.RECEIVABLE if payment.revenue else revenue_of(payment)
