"""The provider's daily statement (对账单): read, compared with what we know, booked, differences told.

A day's statement is compared with our movements, those with the ledger and with the orders. What only the
statement tells us is booked, because the money is there; every difference is a case for finance.
"""

from __future__ import annotations

import collections
import hashlib

from engine.kernel import clock
from engine.kernel.engine import prepared_by
from engine.kernel.operation import Operation
from engine.kernel.reader import Reader
from engine.ordering import model, store
from engine.ordering.money import booking, cases, movements, posting, reading

_K = model.CaseKind
# A payment that nobody paid within so many days is not waited for any more.
_WAITED_FOR_MS = 3 * clock.DAY


def _read(q: Reader, *, statement_id: str, content: bytes) -> reading.Sheet:
    awaited = q.get(model.Statement, "statement", statement_id)
    return reading.read(content, business_date=awaited.business_date)


@prepared_by(_read)
def record_statement(
    op: Operation, *, statement_id: str, content: bytes, prepared: reading.Sheet
) -> model.Statement:
    """Compare a day's statement and book what it settles (PAY-1).

    Emits: statement.compared, money_case.opened, money_case.answered, payment.paid, payment.came_twice,
    refund.done and what follows. Raises: StatementDamaged.
    """
    op.require_system()
    statement = op.get(model.Statement, "statement", statement_id)
    if statement.status is not model.StatementStatus.AWAITED:
        return statement
    found = _lines(op, statement, prepared)
    _missing_there(op, statement)
    status = model.STATEMENT.advance(statement.status, "compare")
    op.update(
        "statement",
        statement.id,
        {
            "status": status,
            "digest": hashlib.sha256(content).hexdigest(),
            "line_count": len(prepared.lines),
            "paid_fen": prepared.paid_fen,
            "refunded_fen": prepared.refunded_fen,
            "fees_fen": prepared.fees_fen,
            "compared_at": op.now,
        },
        was={"status": statement.status},
    )
    _cleared(op, statement, found)
    op.record(
        "statement.compared",
        statement.id,
        business_date=statement.business_date,
        lines=len(prepared.lines),
        found=dict(sorted(collections.Counter(kind for kind, _ in found).items())),
    )
    _against_books(op, statement)
    if store.open_payments_since(op, op.now - _WAITED_FOR_MS):
        movements.await_statement(op, op.now)
    return op.get(model.Statement, "statement", statement_id)


def _lines(
    op: Operation, statement: model.Statement, sheet: reading.Sheet
) -> list[tuple[str, reading.Line]]:
    """Each line with how it compared; cases are opened and unknown money is booked on the way."""
    found: list[tuple[str, reading.Line]] = []
    seen: set[str] = set()
    for number, line in enumerate(sheet.lines, start=1):
        how = booking.compare(op, statement, line, again=line.reference in seen)
        seen.add(line.reference)
        op.insert(
            "statement_line",
            model.StatementLine(
                id=op.new_id("sln"),
                statement_id=statement.id,
                line_number=number,
                kind=line.kind.value,
                reference=line.reference,
                trade_no=line.trade_no,
                payment_id=line.payment_id,
                amount_fen=line.amount_fen,
                fee_fen=line.fee_fen,
                state=line.state,
                occurred_at=line.occurred_at,
                found=how,
            ),
        )
        found.append((how, line))
    return found


def _missing_there(op: Operation, statement: model.Statement) -> None:
    """What we know to have moved by that day and no statement has shown."""
    for moved in store.movements_unseen(op, statement.business_date):
        if store.case_about(op, _K.MISSING_THERE, moved.reference) is None:
            cases.open_case(
                op,
                _K.MISSING_THERE,
                moved.reference,
                payment_id=moved.payment_id,
                trade_no=moved.trade_no,
                amount_fen=booking.signed(moved.kind, moved.amount_fen),
                business_date=statement.business_date,
                statement_id=statement.id,
            )


def _cleared(
    op: Operation, statement: model.Statement, found: list[tuple[str, reading.Line]]
) -> None:
    """The provider pays out what its lines add up to, less its fees."""
    counted = [line for how, line in found if how not in (_K.REPEATED.value, _K.STATE.value)]
    total = sum(booking.signed(line.kind, line.amount_fen) for line in counted)
    fees = sum(line.fee_fen for line in counted)
    lines = ((model.BANK, total - fees), (model.FEES, fees), (model.CLEARING, -total))
    posting.post(op, "statement.compared", statement.id, lines, order_id=statement.id)


def _against_books(op: Operation, statement: model.Statement) -> None:
    """The day's payments against the ledger and against their orders.

    Emits: money_case.opened.
    """
    for payment_id, moved, posted in store.cleared_differently(op, statement.id):
        cases.open_case(
            op,
            _K.STATE,
            f"ledger:{payment_id}",
            payment_id=payment_id,
            amount_fen=posted,
            other_fen=moved,
            business_date=statement.business_date,
            statement_id=statement.id,
        )
    untold = [*store.order_not_told(op, statement.id)]
    for kind in op.parts.payables.values():
        untold += kind.untold(op, statement.id)
    for payment_id, order_id in untold:
        cases.open_case(
            op,
            _K.STATE,
            f"order:{order_id}",
            payment_id=payment_id,
            business_date=statement.business_date,
            statement_id=statement.id,
        )
