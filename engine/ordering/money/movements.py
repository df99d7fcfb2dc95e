"""What moved at the provider, as we know it, and the statement that each business date will have."""

from __future__ import annotations

import datetime

from engine.kernel import clock
from engine.kernel.operation import Operation
from engine.ordering import model, store
from engine.policies import model as policies

# A provider's clock may be a little ahead; what it says of last year is no time of a payment.
_AHEAD_MS, _BEHIND_MS = 10 * clock.MINUTE, 90 * clock.DAY


def note(
    op: Operation,
    kind: model.MovementKind,
    *,
    reference: str,
    trade_no: str,
    payment_id: str | None,
    amount_fen: int,
    occurred_at: int,
    source: str,
    statement_id: str | None = None,
) -> model.Movement:
    """Keep that money moved; the caller posts and records the fact.

    Emits: statement.awaited, for a business date that had none.
    """
    when = occurred_at if op.now - _BEHIND_MS < occurred_at <= op.now + _AHEAD_MS else op.now
    moved = model.Movement(
        id=op.new_id("mov"),
        kind=kind,
        reference=reference,
        trade_no=trade_no,
        payment_id=payment_id,
        amount_fen=amount_fen,
        business_date=clock.civil_date(when).isoformat(),
        occurred_at=when,
        noted_at=op.now,
        source=source,
        statement_id=statement_id,
    )
    op.insert("movement", moved)
    await_statement(op, when)
    return moved


def await_statement(op: Operation, instant: int) -> None:
    """See to it that the statement of an instant's business date is asked for, the morning after.

    Emits: statement.awaited.
    """
    day = clock.civil_date(instant)
    if store.statement_of(op, day.isoformat()) is not None:
        return
    awaited = model.Statement(
        id=op.new_id("stm"),
        business_date=day.isoformat(),
        status=model.STATEMENT.initial,
        digest="",
        line_count=0,
        paid_fen=0,
        refunded_fen=0,
        fees_fen=0,
        created_at=op.now,
        compared_at=None,
    )
    op.insert("statement", awaited)
    hour = op.policy(policies.MoneyRules).statement_hour
    due_at = clock.start_of(day + datetime.timedelta(days=1)) + hour * clock.HOUR
    op.enqueue("take_statement", awaited.id, due_at=due_at)
    op.record("statement.awaited", awaited.id, business_date=awaited.business_date)
