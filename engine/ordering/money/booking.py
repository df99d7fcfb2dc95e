"""Comparing one line of a statement, and booking what only it tells us."""

from __future__ import annotations

from engine.kernel import clock
from engine.kernel.operation import Operation
from engine.ordering import model, store
from engine.ordering.money import cases, movements, paying, posting, reading, refunds

_K = model.CaseKind
_SUCCESS = "success"


def signed(kind: model.MovementKind, amount_fen: int) -> int:
    """What came in is positive, what went back negative."""
    return amount_fen if kind is model.MovementKind.PAYMENT else -amount_fen


def compare(op: Operation, statement: model.Statement, line: reading.Line, *, again: bool) -> str:
    """How a line compares: `matched`, or the kind of case that it opened.

    Emits: money_case.opened, money_case.answered, and what booking it brings about.
    """
    if again:
        return _open(op, statement, line, _K.REPEATED, subject=f"{line.reference}:{statement.id}")
    if line.state != _SUCCESS:
        return _open(op, statement, line, _K.STATE)
    moved = store.movement(op, line.reference)
    if moved is None:
        return _book(op, statement, line)
    if moved.statement_id is not None:
        return _open(op, statement, line, _K.REPEATED, subject=f"{line.reference}:{statement.id}")
    if moved.source == "settled":
        # Finance has paid this back otherwise, and the provider gave it back as well.
        return _open(op, statement, line, _K.STATE, ours=moved.amount_fen)
    op.update("movement", moved.id, {"statement_id": statement.id}, was={"statement_id": None})
    op.record("movement.stated", moved.id, statement_id=statement.id)
    _shown_after_all(op, line)
    if moved.kind is not line.kind:
        return _open(op, statement, line, _K.STATE)
    if moved.amount_fen != line.amount_fen:
        return _open(op, statement, line, _K.AMOUNT, ours=moved.amount_fen)
    return "matched"


def _shown_after_all(op: Operation, line: reading.Line) -> None:
    """What an earlier statement lacked: its case is answered, and what was written off is not lost.

    Emits: money_case.answered, money_case.booked.
    """
    case = store.case_about(op, _K.MISSING_THERE, line.reference)
    if case is None:
        return
    if case.status is model.MoneyCaseStatus.SETTLED and case.resolution == "write_off":
        lines = ((model.CLEARING, case.amount_fen), (model.DIFFERENCES, -case.amount_fen))
        posting.post(op, "money_case.booked", case.id, lines, order_id=case.id)
        op.record("money_case.booked", case.id, amount_fen=-case.amount_fen)
    cases.answered(op, _K.MISSING_THERE, line.reference, "in_a_later_statement")


def _open(
    op: Operation,
    statement: model.Statement,
    line: reading.Line,
    kind: model.CaseKind,
    *,
    subject: str = "",
    ours: int = 0,
) -> str:
    payment = store.payment(op, line.payment_id)
    cases.open_case(
        op,
        kind,
        subject or line.reference,
        payment_id=payment.id if payment else None,
        trade_no=line.trade_no,
        amount_fen=signed(line.kind, ours),
        other_fen=signed(line.kind, line.amount_fen),
        business_date=statement.business_date,
        statement_id=statement.id,
    )
    return kind.value


def _book(op: Operation, statement: model.Statement, line: reading.Line) -> str:
    """Money that only the statement tells us of."""
    if line.kind is model.MovementKind.PAYMENT:
        known = _book_payment(op, statement, line)
    else:
        known = _book_refund(op, statement, line)
    if known:
        return _open(op, statement, line, _K.LATE)
    _suspend(op, statement, line)
    return _open(op, statement, line, _K.MISSING_HERE)


def _book_payment(op: Operation, statement: model.Statement, line: reading.Line) -> bool:
    payment = store.payment(op, line.payment_id)
    if payment is None:
        return False
    own = line.trade_no in ("", payment.trade_no) or not payment.trade_no
    if own and line.amount_fen == payment.amount_fen:
        if model.PAYMENT.allows(payment.status, "pay"):
            paying.settle_paid(
                op,
                payment,
                line.trade_no,
                occurred_at=line.occurred_at,
                source="statement",
                statement_id=statement.id,
            )
            return True
    elif not own:
        paying.came_twice(
            op,
            payment,
            line.trade_no,
            line.amount_fen,
            occurred_at=line.occurred_at,
            source="statement",
            statement_id=statement.id,
        )
        return True
    return False


def _book_refund(op: Operation, statement: model.Statement, line: reading.Line) -> bool:
    asked = store.refund(op, line.reference)
    payment = store.payment(op, line.payment_id)
    if asked is None and payment is not None and payment.trade_no == line.trade_no:
        # It failed when it was asked for; their people have given it back by hand since.
        asked = refunds.failed_of(op, payment, line.amount_fen)
    if asked is None or asked.amount_fen != line.amount_fen:
        return False
    refunds.settle_refunded(
        op,
        asked,
        occurred_at=line.occurred_at,
        source="statement",
        statement_id=statement.id,
        reference=line.reference,
    )
    return True


def _suspend(op: Operation, statement: model.Statement, line: reading.Line) -> None:
    """Nobody here knows what it is for: it waits in suspense until a case says.

    Emits: movement.suspended.
    """
    moved = movements.note(
        op,
        line.kind,
        reference=line.reference,
        trade_no=line.trade_no,
        payment_id=None,
        amount_fen=line.amount_fen,
        occurred_at=line.occurred_at,
        source="statement",
        statement_id=statement.id,
    )
    fen = signed(line.kind, line.amount_fen)
    lines = ((model.CLEARING, fen), (model.SUSPENSE, -fen))
    posting.post(op, "movement.suspended", moved.id, lines, order_id=line.reference)
    op.record(
        "movement.suspended",
        moved.id,
        statement_id=statement.id,
        business_date=clock.civil_date(line.occurred_at).isoformat(),
    )
