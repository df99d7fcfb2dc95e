"""What the second person compares before money moves for a case."""

from __future__ import annotations

from engine.kernel.catalog import Text
from engine.kernel.reader import Reader
from engine.ordering import model, store
from engine.reviewing import model as reviewing


def review_sheet_settlement(q: Reader, subject_id: str) -> reviewing.Sheet:
    """The case, both figures, how it is to be settled, and what the books say of it."""
    case = q.get(model.MoneyCase, "money_case", subject_id)
    payment = store.payment(q, case.payment_id) if case.payment_id else None
    fields = (
        reviewing.coded("kind", "Why it is a case", f"money_case.kind.{case.kind.value}"),
        _field("order_number", "Order number", (payment.number if payment else "") or "—"),
        _field("trade", "Trade number", case.trade_no or case.subject),
        _field("ours", "Our figure in yuan", _yuan(case.amount_fen)),
        _field("theirs", "The provider's figure in yuan", _yuan(case.other_fen)),
        reviewing.coded("resolution", "To be settled by", f"money_case.choice.{case.resolution}"),
        _field("note", "What was found out", case.note),
    )
    return reviewing.Sheet(fields=fields, papers=(), checks=_checks(q, case, payment))


def _checks(
    q: Reader, case: model.MoneyCase, payment: model.Payment | None
) -> tuple[reviewing.Check, ...]:
    waits = reviewing.Check(
        label="The case still waits for this decision",
        ok=case.status is model.MoneyCaseStatus.PROPOSED,
    )
    if case.kind is not model.CaseKind.PAID_TWICE or payment is None:
        return (waits,)
    moved = store.movement(q, case.trade_no)
    backs = [one for one in store.refunds_of(q, payment.id) if one.trade_no == case.trade_no]
    return (
        waits,
        reviewing.Check(
            label="The money came in a second time, and stands in our books",
            ok=moved is not None and moved.amount_fen == case.amount_fen,
        ),
        reviewing.Check(label="None of it was given back so far", ok=not backs),
    )


def _field(name: str, label: str, value: str | Text) -> reviewing.SheetField:
    return reviewing.SheetField(name=name, label=label, value=value)


def _yuan(fen: int) -> str:
    return f"{fen / 100:,.2f}"
