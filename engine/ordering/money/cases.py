"""The cases that money becomes when somebody has to look: one list, each about one thing."""

from __future__ import annotations

from engine.kernel.operation import Operation
from engine.ordering import model, store
from engine.reviewing import actions as reviewing


def open_case(
    op: Operation,
    kind: model.CaseKind,
    subject: str,
    *,
    payment_id: str | None = None,
    trade_no: str = "",
    amount_fen: int = 0,
    other_fen: int = 0,
    business_date: str = "",
    statement_id: str | None = None,
    invoice_id: str | None = None,
) -> model.MoneyCase:
    """Put a case on finance's list; the one that is there already for the same thing is kept.

    Emits: money_case.opened, money_case.reopened.
    """
    known = store.case_about(op, kind, subject)
    if known is not None:
        return _again(op, known)
    case = model.MoneyCase(
        id=op.new_id("mca"),
        kind=kind,
        subject=subject,
        payment_id=payment_id,
        trade_no=trade_no,
        amount_fen=amount_fen,
        other_fen=other_fen,
        business_date=business_date,
        statement_id=statement_id,
        status=model.MONEY_CASE.initial,
        resolution="",
        target="",
        note="",
        proposed_by=None,
        settled_by=None,
        opened_at=op.now,
        settled_at=None,
        invoice_id=invoice_id,
    )
    op.insert("money_case", case)
    op.record(
        "money_case.opened",
        case.id,
        kind=kind.value,
        payment_id=payment_id,
        amount_fen=amount_fen,
        other_fen=other_fen,
        **({"invoice_id": invoice_id} if invoice_id else {}),
    )
    return case


def _again(op: Operation, case: model.MoneyCase) -> model.MoneyCase:
    """A refund that was asked for again and failed again is open again."""
    if case.status is not model.MoneyCaseStatus.SETTLED or case.resolution != "retry":
        return case
    status = model.MONEY_CASE.advance(case.status, "reopen")
    op.update(
        "money_case",
        case.id,
        {
            "status": status,
            "resolution": "",
            "settled_by": None,
            "settled_at": None,
            "proposed_by": None,
        },
        was={"status": case.status},
    )
    op.record("money_case.reopened", case.id, kind=case.kind.value)
    return op.get(model.MoneyCase, "money_case", case.id)


def answered(op: Operation, kind: model.CaseKind, subject: str, why: str) -> None:
    """Settle a case that the course of things has answered by itself; a proposal about it falls.

    Emits: money_case.answered, case.withdrawn.
    """
    case = store.case_about(op, kind, subject)
    if case is None or case.status is model.MoneyCaseStatus.SETTLED:
        return
    if case.status is model.MoneyCaseStatus.PROPOSED:
        reviewing.close_open(op, subject_id=case.id)
    status = model.MONEY_CASE.advance(case.status, "settle")
    op.update(
        "money_case",
        case.id,
        {"status": status, "resolution": why, "settled_at": op.now},
        was={"status": case.status},
    )
    op.record("money_case.answered", case.id, kind=case.kind.value, resolution=why)
