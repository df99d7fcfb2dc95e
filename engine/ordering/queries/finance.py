"""Money as finance sees it: days and statements, cases, and the ledger down to its lines (PAY-1)."""

from __future__ import annotations

from engine.kernel import paging
from engine.kernel.reader import Reader
from engine.ordering import model, store
from engine.policies import model as policies
from engine.staffing import queries as staffing
from engine.staffing.model import Right

_DAYS, _CASES = 60, 200
LINES_SHOWN = 50


def _require(q: Reader) -> None:
    staffing.require(q, Right.FINANCE)


def money_days(q: Reader, *, window: paging.Window | None = None) -> list[model.DayShown]:
    """The business dates, newest first: what the provider's statement says beside what we know.

    Raises: MayNot.
    """
    _require(q)
    counts = store.case_counts(q)
    found = []
    for statement in store.statements(q, window or paging.Window(limit=_DAYS)):
        paid, back = store.moved_on(q, statement.business_date)
        still, n = counts.get(statement.id, (0, 0))
        found.append(
            model.DayShown(
                statement=statement,
                here_paid_fen=paid,
                here_refunded_fen=back,
                open_cases=still,
                cases=n,
            )
        )
    return found


def statement_lines(q: Reader, business_date: str) -> list[model.StatementLine]:
    """The lines of a day's statement, each with how it compared.

    Raises: MayNot.
    """
    _require(q)
    statement = store.statement_of(q, business_date)
    return store.lines(q, statement.id) if statement else []


def money_cases(q: Reader, *, window: paging.Window | None = None) -> list[model.MoneyCaseShown]:
    """The cases that wait, the longest first.

    Raises: MayNot.
    """
    _require(q)
    window = window or paging.Window(limit=_CASES)
    return [_shown(q, case) for case in store.open_cases(q, window)]


def settled_money_cases(
    q: Reader, *, window: paging.Window | None = None
) -> list[model.MoneyCaseShown]:
    """The cases that were settled, the last one first.

    Raises: MayNot.
    """
    _require(q)
    window = window or paging.Window(limit=_CASES)
    return [_shown(q, case) for case in store.settled_cases(q, window)]


def _shown(q: Reader, case: model.MoneyCase) -> model.MoneyCaseShown:
    payment = store.payment(q, case.payment_id) if case.payment_id else None
    return model.MoneyCaseShown(
        case=case,
        order_id=payment.order_id if payment else "",
        order_number=(payment.number or "") if payment else "",
        resolutions=model.RESOLUTIONS[case.kind],
    )


def chart(q: Reader) -> dict[str, policies.LedgerAccount]:
    """The chart of accounts, by the accounts' numbers.

    Raises: MayNot.
    """
    _require(q)
    found = q.policies(policies.LedgerAccount)
    return dict(sorted(found.items(), key=lambda one: one[1].number))


def ledger_balances(q: Reader) -> dict[str, model.Balance]:
    """What stands in each account that something was posted to; all together add up to zero.

    Raises: MayNot.
    """
    _require(q)
    return {one.account: one for one in store.balances(q)}


def ledger_lines(q: Reader, account: str, *, before: str = "") -> list[model.LineShown]:
    """The lines of an account, newest first, a page at a time.

    Raises: MayNot.
    """
    _require(q)
    return store.lines_of(q, account, limit=LINES_SHOWN, before=before)


def ledger_posting(q: Reader, posting_id: str) -> list[model.LineShown]:
    """All lines of a posting.

    Raises: MayNot.
    """
    _require(q)
    return store.lines_with(q, posting_id)
