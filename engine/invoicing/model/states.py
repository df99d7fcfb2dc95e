"""Where an invoice or a red letter stands: two tables over one set of statuses.

A red letter is an invoice of its own that takes all or a part of another one back. It waits for the desk
(`in_review`) where somebody asks for it, for the invoice it takes back (`awaiting_issue`) where money went
back in between, and for the buyer (`awaiting_buyer`) who has deducted the invoice from their own tax.
"""

from __future__ import annotations

import enum

from engine.kernel.workflow import Workflow


class InvoiceStatus(enum.StrEnum):
    """Where an invoice stands."""

    IN_REVIEW = "in_review"  # the desk decides
    APPLIED = "applied"  # the tax service numbers it next
    ISSUED = "issued"
    PARTLY_REVERSED = "partly_reversed"
    REVERSED = "reversed"
    FAILED = "failed"  # the tax service refused: it is corrected and sent again
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    AWAITING_ISSUE = "awaiting_issue"  # of a red letter: its invoice has no number yet
    AWAITING_BUYER = "awaiting_buyer"  # of a red letter: the buyer confirms
    DECLINED = "declined"  # of a red letter: the buyer did not confirm; staff ask again


_S = InvoiceStatus

INVOICE = Workflow(
    "invoice",
    _S.APPLIED,
    {
        _S.IN_REVIEW: {"approve": _S.APPLIED, "reject": _S.REJECTED, "withdraw": _S.WITHDRAWN},
        _S.APPLIED: {"issue": _S.ISSUED, "fail": _S.FAILED},
        _S.ISSUED: {"reverse_part": _S.PARTLY_REVERSED, "reverse": _S.REVERSED},
        _S.PARTLY_REVERSED: {"reverse_part": _S.PARTLY_REVERSED, "reverse": _S.REVERSED},
        _S.REVERSED: {},
        _S.FAILED: {
            "send_again": _S.APPLIED,
            "review_again": _S.IN_REVIEW,
            "withdraw": _S.WITHDRAWN,
        },
        _S.REJECTED: {},
        _S.WITHDRAWN: {},
    },
)

RED_LETTER = Workflow(
    "red letter",
    _S.APPLIED,
    {
        _S.IN_REVIEW: {
            "approve": _S.APPLIED,
            "approve_to_buyer": _S.AWAITING_BUYER,
            "reject": _S.REJECTED,
            "withdraw": _S.WITHDRAWN,
        },
        _S.AWAITING_ISSUE: {"follow": _S.APPLIED, "withdraw": _S.WITHDRAWN},
        _S.AWAITING_BUYER: {"confirm": _S.APPLIED, "decline": _S.DECLINED},
        _S.DECLINED: {"ask_again": _S.AWAITING_BUYER, "withdraw": _S.WITHDRAWN},
        _S.APPLIED: {"issue": _S.ISSUED, "fail": _S.FAILED},
        _S.FAILED: {"send_again": _S.APPLIED},
        _S.ISSUED: {},
        _S.REJECTED: {},
        _S.WITHDRAWN: {},
    },
)

# What of an order an application holds, so that nobody invoices it a second time.
HOLDING = frozenset(
    {_S.IN_REVIEW, _S.APPLIED, _S.FAILED, _S.ISSUED, _S.PARTLY_REVERSED, _S.REVERSED}
)
# What a red letter takes back for certain, be it that somebody still has to move.
TAKING_BACK = frozenset(
    {_S.AWAITING_ISSUE, _S.AWAITING_BUYER, _S.DECLINED, _S.APPLIED, _S.FAILED, _S.ISSUED}
)
# Nothing moves any more without a new act of somebody.
SETTLED = frozenset({_S.ISSUED, _S.PARTLY_REVERSED, _S.REVERSED, _S.REJECTED, _S.WITHDRAWN})


class Reason(enum.StrEnum):
    """Why an invoice is taken back, by the tax authority's numbers."""

    WRONG = "01"  # 开票有误
    RETURNED = "02"  # 销货退回
    ENDED = "03"  # 服务终止
    REDUCED = "04"  # 销售折让


# Reasons that take a whole invoice back and never a part of it.
WHOLE_ONLY = frozenset({Reason.WRONG})
