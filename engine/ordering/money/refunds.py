"""Giving money back: whole or in part, refused by the provider, asked again, or given back unasked."""

from __future__ import annotations

from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.ordering import model, store
from engine.ordering.money import cases, closing, movements, posting, telling

ASK_AFTER_MS = 10 * clock.MINUTE
_R = model.RefundStatus


class RefundTooMuch(errors.PolicyRefused):
    """No more than {fen} fen of this payment is left to give back."""


def start_refund(
    op: Operation, order_id: str, amount_fen: int | None = None, why: str = "order_ended"
) -> model.Refund | None:
    """Give a paid order's money back, all that is left of it or a part. Composed when an order ends.

    A payment that never came is closed. `why` is a code. Nothing happens where nothing is left.
    Emits: payment.refunding, payment.closed. Raises: RefundTooMuch.
    """
    payment = store.payment_of(op, order_id)
    if payment is None:
        return None
    if model.PAYMENT.allows(payment.status, "close"):
        closing.close(op, payment)
        return None
    if not model.PAYMENT.allows(payment.status, "refund"):
        return None
    left = left_of(op, payment)
    fen = left if amount_fen is None else amount_fen
    if fen > left:
        raise RefundTooMuch(fen=left)
    if fen <= 0:
        return None
    return give_back(op, payment, fen, why=why, out_of=posting.revenue_of(payment))


def left_of(op: Operation, payment: model.Payment) -> int:
    """What of a payment is neither given back nor on its way back."""
    own = [one for one in store.refunds_of(op, payment.id) if one.trade_no == payment.trade_no]
    return payment.amount_fen - sum(one.amount_fen for one in own)


def failed_of(op: Operation, payment: model.Payment, amount_fen: int) -> model.Refund | None:
    """The refund of this much that the provider could not give when it was asked to."""
    for one in store.refunds_of(op, payment.id):
        same = (one.trade_no, one.amount_fen) == (payment.trade_no, amount_fen)
        if same and one.status is _R.FAILED:
            return one
    return None


def give_back(
    op: Operation, payment: model.Payment, amount_fen: int, *, why: str, out_of: str
) -> model.Refund:
    """Start to give back some of a payment, out of an account of the ledger.

    Emits: payment.refunding.
    """
    status = model.PAYMENT.advance(payment.status, "refund")
    op.update("payment", payment.id, {"status": status}, was={"status": payment.status})
    asked = _ask(op, payment, payment.trade_no, amount_fen, why=why, out_of=out_of)
    op.record(
        "payment.refunding",
        payment.id,
        order_id=payment.order_id,
        refund_id=asked.id,
        amount_fen=amount_fen,
    )
    return asked


def give_back_trade(
    op: Operation, payment: model.Payment | None, trade_no: str, amount_fen: int, *, out_of: str
) -> model.Refund:
    """Start to give back money that belongs to no order: a second trade, or one that nobody knows.

    Emits: refund.requested.
    """
    asked = _ask(op, payment, trade_no, amount_fen, why="not_owed", out_of=out_of)
    op.record("refund.requested", asked.id, trade_no=trade_no, amount_fen=amount_fen)
    return asked


def _ask(
    op: Operation,
    payment: model.Payment | None,
    trade_no: str,
    amount_fen: int,
    *,
    why: str,
    out_of: str,
) -> model.Refund:
    asked = model.Refund(
        id=op.new_id("rfd"),
        payment_id=payment.id if payment else None,
        trade_no=trade_no,
        amount_fen=amount_fen,
        status=model.REFUND.initial,
        why=why,
        problem="",
        requested_at=op.now,
        settled_at=None,
    )
    op.insert("refund", asked)
    lines = ((out_of, amount_fen), (model.REFUNDS_PAYABLE, -amount_fen))
    about = payment.order_id if payment else trade_no
    posting.post(op, "refund.requested", asked.id, lines, order_id=about)
    _send(op, asked)
    return asked


def _send(op: Operation, asked: model.Refund) -> None:
    op.enqueue("refund_payment", asked.id)
    op.enqueue("ask_refund", asked.id, due_at=op.now + ASK_AFTER_MS)


def settle_refunded(
    op: Operation,
    asked: model.Refund,
    *,
    occurred_at: int = 0,
    source: str = "notice",
    statement_id: str | None = None,
    paid_from: str = model.CLEARING,
    reference: str = "",
) -> str:
    """The money has gone back, once, however often it is told; `reference` where under another number.

    Emits: payment.refunded, order.refunded, refund.done, payment.repeated, message.sent.
    """
    payment = store.payment(op, asked.payment_id) if asked.payment_id else None
    if asked.status is _R.DONE:
        op.record("payment.repeated", payment.id if payment else asked.id)
        return "repeated"
    op.update(
        "refund",
        asked.id,
        {"status": model.REFUND.advance(asked.status, "finish"), "settled_at": op.now},
        was={"status": asked.status},
    )
    movements.note(
        op,
        model.MovementKind.REFUND,
        reference=reference or asked.id,
        trade_no=asked.trade_no,
        payment_id=asked.payment_id,
        amount_fen=asked.amount_fen,
        occurred_at=occurred_at,
        source=source,
        statement_id=statement_id,
    )
    lines = ((model.REFUNDS_PAYABLE, asked.amount_fen), (paid_from, -asked.amount_fen))
    about = payment.order_id if payment else asked.trade_no
    posting.post(op, "refund.done", asked.id, lines, order_id=about)
    _gone_back(op, asked, payment)
    cases.answered(op, model.CaseKind.REFUND_FAILED, asked.id, "came_by_itself")
    return "refunded"


def _gone_back(op: Operation, asked: model.Refund, payment: model.Payment | None) -> None:
    if payment is None or asked.trade_no != payment.trade_no:
        op.record("refund.done", asked.id, trade_no=asked.trade_no, amount_fen=asked.amount_fen)
        if payment is not None:
            telling.tell_payer(op, payment, "payment.given_back")
        return
    back = sum(
        one.amount_fen
        for one in store.refunds_of(op, payment.id)
        if one.trade_no == payment.trade_no and one.status is _R.DONE
    )
    verb = "finish" if back == payment.amount_fen else "finish_part"
    op.update(
        "payment",
        payment.id,
        {"status": model.PAYMENT.advance(payment.status, verb), "refunded_at": op.now},
        was={"status": payment.status},
    )
    facts = {"order_id": payment.order_id, "amount_fen": asked.amount_fen}
    op.record("payment.refunded", payment.id, refund_id=asked.id, **facts)
    op.record("order.refunded", payment.order_id, amount_fen=asked.amount_fen)
    telling.tell_payer(op, payment, "order.refunded")


def settle_failed(op: Operation, asked: model.Refund, problem: str) -> str:
    """The provider could not give it back, such as to a card that was closed: a case for staff.

    Emits: refund.failed, money_case.opened, money_case.reopened, message.sent.
    """
    if asked.status is not _R.REQUESTED:
        op.record("payment.repeated", asked.payment_id or asked.id)
        return "repeated"
    status = model.REFUND.advance(asked.status, "fail")
    op.update(
        "refund", asked.id, {"status": status, "problem": problem}, was={"status": asked.status}
    )
    cases.open_case(
        op,
        model.CaseKind.REFUND_FAILED,
        asked.id,
        payment_id=asked.payment_id,
        trade_no=asked.trade_no,
        amount_fen=asked.amount_fen,
    )
    op.record("refund.failed", asked.id, problem=problem)
    payment = store.payment(op, asked.payment_id) if asked.payment_id else None
    if payment is not None:
        telling.tell_payer(op, payment, "refund.late")
    return "failed"


def retry(op: Operation, asked: model.Refund) -> None:
    """Ask the provider once more, under the same number.

    Emits: refund.requested.
    """
    status = model.REFUND.advance(asked.status, "retry")
    op.update("refund", asked.id, {"status": status, "problem": ""}, was={"status": asked.status})
    _send(op, asked)
    op.record("refund.requested", asked.id, trade_no=asked.trade_no, amount_fen=asked.amount_fen)


def record_refund_asked(
    op: Operation, *, refund_id: str, status: str, problem: str = "", occurred_at: int = 0
) -> str:
    """What the provider said of a refund: refused at once, or done while its notice was lost.

    Emits: payment.refunded, refund.failed and what follows, or nothing when nothing is new.
    """
    op.require_system()
    asked = op.get(model.Refund, "refund", refund_id)
    if status == "refused":
        return settle_failed(op, asked, problem) if asked.status is _R.REQUESTED else "nothing"
    if status == "done" and asked.status is not _R.DONE:
        return settle_refunded(op, asked, occurred_at=occurred_at, source="asked")
    age = op.now - asked.requested_at
    if status == "unknown" and asked.status is _R.REQUESTED and age < clock.DAY:
        op.enqueue("ask_refund", asked.id, due_at=op.now + max(ASK_AFTER_MS, age))
    return "nothing"
