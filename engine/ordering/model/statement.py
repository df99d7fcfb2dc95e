"""The provider's daily statement (对账单), and the cases that money becomes when somebody has to look."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from engine.kernel.workflow import Workflow


class StatementStatus(enum.StrEnum):
    """Where a day's statement stands."""

    AWAITED = "awaited"
    COMPARED = "compared"


STATEMENT = Workflow(
    "statement",
    StatementStatus.AWAITED,
    {
        StatementStatus.AWAITED: {"compare": StatementStatus.COMPARED},
        StatementStatus.COMPARED: {},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A business date of the provider: its file's digest and sums, once it was taken and compared."""

    id: str
    business_date: str
    status: StatementStatus
    digest: str
    line_count: int
    paid_fen: int
    refunded_fen: int
    fees_fen: int
    created_at: int
    compared_at: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """A line of a statement. `found` says how it compared: `matched`, or the kind of its case."""

    id: str
    statement_id: str
    line_number: int
    kind: str
    reference: str
    trade_no: str
    payment_id: str
    amount_fen: int
    fee_fen: int
    state: str
    occurred_at: int
    found: str


class CaseKind(enum.StrEnum):
    """Why somebody has to look."""

    PAID_TWICE = "paid_twice"  # a second trade for a payment that was paid
    REFUND_FAILED = "refund_failed"  # the provider could not give it back
    REFUND_UNASKED = "refund_unasked"  # the provider gave back what nobody here asked for
    NOTICE = "notice"  # a genuine notice that could not be right
    MISSING_HERE = "missing_here"  # in the statement, and we know nothing of it
    MISSING_THERE = "missing_there"  # known here, and not in the statement
    AMOUNT = "amount"
    STATE = "state"
    LATE = "late"  # only the statement told us; it is booked
    REPEATED = "repeated"  # twice in one statement
    INVOICE_MISSING_HERE = "invoice_missing_here"  # numbered there, and we know nothing of it
    INVOICE_MISSING_THERE = "invoice_missing_there"  # issued here, and not in the list of its day
    INVOICE_AMOUNT = "invoice_amount"  # total or tax differs
    INVOICE_STATE = "invoice_state"  # it stands otherwise there than here
    INVOICE_TOO_MUCH = "invoice_too_much"  # invoices of an order are for more than was paid
    INVOICE_NO_RED = "invoice_no_red"  # money went back, and no red letter took it off the invoice


# Kinds that a comparison with a statement finds.
DIFFERENCE_KINDS = frozenset(
    {
        CaseKind.MISSING_HERE,
        CaseKind.MISSING_THERE,
        CaseKind.AMOUNT,
        CaseKind.STATE,
        CaseKind.LATE,
        CaseKind.REPEATED,
    }
)


# Kinds about an invoice, which the tax service's list of a day or the books bring up.
ABOUT_INVOICES = frozenset(one for one in CaseKind if one.value.startswith("invoice_"))


class Resolution(enum.StrEnum):
    """How a case is settled."""

    GIVE_BACK = "give_back"
    RETRY = "retry"
    PAY_OTHERWISE = "pay_otherwise"
    ACCEPT = "accept"
    MATCH = "match"
    TAKE_THEIRS = "take_theirs"
    WRITE_OFF = "write_off"
    EXPLAIN = "explain"
    ASK_AGAIN = "ask_again"  # the tax service is asked once more
    RED_LETTER = "red_letter"  # what is too much is taken back by a red letter


_K, _V = CaseKind, Resolution

# Kind of case → how it can be settled.
RESOLUTIONS: dict[CaseKind, tuple[Resolution, ...]] = {
    _K.PAID_TWICE: (_V.GIVE_BACK,),
    _K.REFUND_FAILED: (_V.RETRY, _V.PAY_OTHERWISE),
    _K.REFUND_UNASKED: (_V.ACCEPT, _V.EXPLAIN),
    _K.NOTICE: (_V.EXPLAIN,),
    _K.MISSING_HERE: (_V.MATCH, _V.GIVE_BACK, _V.WRITE_OFF),
    _K.MISSING_THERE: (_V.EXPLAIN, _V.WRITE_OFF),
    _K.AMOUNT: (_V.TAKE_THEIRS, _V.EXPLAIN),
    _K.STATE: (_V.EXPLAIN,),
    _K.LATE: (_V.EXPLAIN,),
    _K.REPEATED: (_V.EXPLAIN,),
    _K.INVOICE_MISSING_HERE: (_V.EXPLAIN,),
    _K.INVOICE_MISSING_THERE: (_V.EXPLAIN,),
    _K.INVOICE_AMOUNT: (_V.EXPLAIN,),
    _K.INVOICE_STATE: (_V.ASK_AGAIN, _V.EXPLAIN),
    _K.INVOICE_TOO_MUCH: (_V.RED_LETTER, _V.EXPLAIN),
    _K.INVOICE_NO_RED: (_V.RED_LETTER, _V.EXPLAIN),
}
# Resolutions that move money or book it elsewhere: above a limit a second person decides.
MOVES_MONEY = frozenset(
    {
        *(_V.GIVE_BACK, _V.PAY_OTHERWISE, _V.ACCEPT, _V.MATCH, _V.TAKE_THEIRS, _V.WRITE_OFF),
        _V.RED_LETTER,
    }
)


class MoneyCaseStatus(enum.StrEnum):
    """Where a case stands."""

    OPEN = "open"
    PROPOSED = "proposed"  # a second person decides, at the desk
    SETTLED = "settled"


MONEY_CASE = Workflow(
    "money case",
    MoneyCaseStatus.OPEN,
    {
        MoneyCaseStatus.OPEN: {
            "settle": MoneyCaseStatus.SETTLED,
            "propose": MoneyCaseStatus.PROPOSED,
        },
        MoneyCaseStatus.PROPOSED: {
            "settle": MoneyCaseStatus.SETTLED,
            "turn_down": MoneyCaseStatus.OPEN,
        },
        # Asked again, the provider could fail again.
        MoneyCaseStatus.SETTLED: {"reopen": MoneyCaseStatus.OPEN},
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyCase:
    """A work item of finance. `subject` is what it is about: a trade or refund number, a notice, a line.

    `amount_fen` is our figure, `other_fen` the provider's. `target` is the order that money is matched to.
    A case about an invoice names it (`invoice_id`), where it is one of ours.
    """

    id: str
    kind: CaseKind
    subject: str
    payment_id: str | None
    trade_no: str
    amount_fen: int
    other_fen: int
    business_date: str
    statement_id: str | None
    status: MoneyCaseStatus
    resolution: str
    target: str
    note: str
    proposed_by: str | None
    settled_by: str | None
    opened_at: int
    settled_at: int | None
    invoice_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyCaseShown:
    """A case with the order it concerns and how it can be settled."""

    case: MoneyCase
    order_id: str
    order_number: str
    resolutions: tuple[Resolution, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DayShown:
    """A business date as finance sees it: the statement's sums beside ours, and its differences."""

    statement: Statement
    here_paid_fen: int
    here_refunded_fen: int
    open_cases: int
    cases: int
