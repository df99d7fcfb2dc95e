"""Payments: asked for, opened, come in, closed, come a second time."""

from __future__ import annotations

from engine.kernel import clock, errors
from engine.kernel.operation import Operation
from engine.ordering import model, progress, store
from engine.ordering.money import cases, movements, owing, posting, refunds, telling, unasked

ASK_AFTER_MS = 5 * clock.MINUTE
_K = model.MovementKind


def request(op: Operation, order: model.Order) -> model.Payment:
    """Ask for the payment of a certificate order; the worker opens it at the provider.

    Emits: payment.requested, statement.awaited.
    """
    return request_for(
        op,
        order_id=order.id,
        amount_fen=order.amount_fen,
        account_id=order.account_id,
        number=order.number,
        revenue=f"revenue_{order.business}",
    )


def request_for(
    op: Operation, *, order_id: str, amount_fen: int, account_id: str, number: str, revenue: str
) -> model.Payment:
    """Ask for the payment of an order of any kind: from now on its payer owes it.

    Emits: payment.requested, statement.awaited.
    """
    payment = model.Payment(
        id=op.new_id("pay"),
        order_id=order_id,
        amount_fen=amount_fen,
        status=model.PAYMENT.initial,
        trade_no="",
        created_at=op.now,
        paid_at=None,
        refunded_at=None,
        account_id=account_id,
        number=number,
        revenue=revenue,
    )
    op.insert("payment", payment)
    lines = ((model.RECEIVABLE, amount_fen), (revenue, -amount_fen))
    posting.post(op, "payment.requested", payment.id, lines, order_id=order_id)
    op.enqueue("create_payment", payment.id)
    op.record("payment.requested", payment.id, order_id=order_id, amount_fen=amount_fen)
    movements.await_statement(op, op.now)
    return payment


def record_payment_opened(op: Operation, *, payment_id: str, trade_no: str) -> model.Payment:
    """The provider has opened the payment; a lost notice will be asked after.

    Emits: payment.opened.
    """
    op.require_system()
    payment = op.get(model.Payment, "payment", payment_id)
    if payment.status is model.PaymentStatus.CLOSED:
        # Its order ended meanwhile: nobody should be able to pay it any more.
        op.enqueue("close_payment", payment.id)
    if payment.status is not model.PaymentStatus.REQUESTED:
        return payment
    status = model.PAYMENT.advance(payment.status, "open")
    op.update(
        "payment",
        payment.id,
        {"status": status, "trade_no": trade_no},
        was={"status": payment.status},
    )
    op.enqueue("ask_payment", payment.id, due_at=op.now + ASK_AFTER_MS)
    op.record("payment.opened", payment.id, trade_no=trade_no)
    return op.get(model.Payment, "payment", payment_id)


def settle_paid(
    op: Operation,
    payment: model.Payment,
    trade_no: str,
    *,
    occurred_at: int = 0,
    source: str = "notice",
    statement_id: str | None = None,
) -> str:
    """The money has come: once for the order, and a case for any further time.

    Emits: payment.paid, payment.repeated, payment.came_twice, order.paid, payment.returned,
    message.sent, statement.awaited.
    """
    if payment.trade_no and trade_no != payment.trade_no:
        return came_twice(
            op,
            payment,
            trade_no,
            payment.amount_fen,
            occurred_at=occurred_at,
            source=source,
            statement_id=statement_id,
        )
    if not model.PAYMENT.allows(payment.status, "pay"):
        op.record("payment.repeated", payment.id)
        return "repeated"
    owed = posting.owed_by(payment)
    status = model.PAYMENT.advance(payment.status, "pay")
    op.update(
        "payment",
        payment.id,
        {"status": status, "trade_no": trade_no, "paid_at": op.now},
        was={"status": payment.status},
    )
    _book(op, payment, trade_no, payment.amount_fen, owed, occurred_at, source, statement_id)
    op.record("payment.paid", payment.id, order_id=payment.order_id)
    _follow(op, op.get(model.Payment, "payment", payment.id), owed)
    return "paid"


def _book(
    op: Operation,
    payment: model.Payment,
    trade_no: str,
    amount_fen: int,
    credit: str,
    occurred_at: int,
    source: str,
    statement_id: str | None,
) -> None:
    movements.note(
        op,
        _K.PAYMENT,
        reference=trade_no,
        trade_no=trade_no,
        payment_id=payment.id,
        amount_fen=amount_fen,
        occurred_at=occurred_at,
        source=source,
        statement_id=statement_id,
    )
    lines = ((model.CLEARING, amount_fen), (credit, -amount_fen))
    posting.post(op, "payment.paid", payment.id, lines, order_id=payment.order_id)


def _follow(op: Operation, payment: model.Payment, owed: str) -> None:
    """What an order does with its money; a refund that overtook it is applied first."""
    waiting = store.parked_refunds(op, payment.id)
    if waiting:
        unasked.apply_parked(op, payment, waiting)
        _ask_anew(op, op.get(model.Payment, "payment", payment.id))
    elif not owing.paid(op, payment.order_id):
        refunds.give_back(
            op, payment, payment.amount_fen, why="order_ended", out_of=_held_in(payment, owed)
        )


def _held_in(payment: model.Payment, owed: str) -> str:
    return owed if owed == model.OVERPAYMENT else posting.revenue_of(payment)


def _ask_anew(op: Operation, payment: model.Payment) -> None:
    """The provider took the money back before we knew of it: the order waits for another payment.

    Emits: payment.returned, payment.requested, message.sent.
    """
    ended = payment.status is model.PaymentStatus.REFUNDED
    if not ended or not owing.wanted(op, payment.order_id):
        return
    op.record("payment.returned", payment.id, order_id=payment.order_id)
    kind = owing.payable(op, payment.order_id)
    if kind is not None:
        kind.told(op, payment.order_id)
        return
    order = op.get(model.Order, "certificate_order", payment.order_id)
    request(op, order)
    progress.tell(op, order, "order.payment_wanted", todo=True)


def take_from_suspense(op: Operation, payment: model.Payment, reference: str) -> None:
    """Money that nobody knew belongs to this payment after all.

    Emits: payment.paid and what follows.
    """
    moved = store.movement(op, reference)
    if moved is None or moved.payment_id is not None:
        raise errors.Conflict()
    owed = posting.owed_by(payment)
    op.update("movement", moved.id, {"payment_id": payment.id}, was={"payment_id": None})
    # From one reference of the ledger to another: the trade's own lines come to nothing.
    fen = moved.amount_fen
    lines = ((model.SUSPENSE, fen), (model.CLEARING, -fen))
    posting.post(op, "movement.matched", moved.id, lines, order_id=reference)
    lines = ((model.CLEARING, fen), (owed, -fen))
    posting.post(op, "payment.paid", payment.id, lines, order_id=payment.order_id)
    status = model.PAYMENT.advance(payment.status, "pay")
    op.update(
        "payment",
        payment.id,
        {"status": status, "trade_no": moved.trade_no, "paid_at": op.now},
        was={"status": payment.status},
    )
    op.record("payment.paid", payment.id, order_id=payment.order_id)
    _follow(op, op.get(model.Payment, "payment", payment.id), owed)


def came_twice(
    op: Operation,
    payment: model.Payment,
    trade_no: str,
    amount_fen: int,
    *,
    occurred_at: int = 0,
    source: str = "notice",
    statement_id: str | None = None,
) -> str:
    """Money under a second trade number: it is the payer's, and a case gives it back.

    Emits: payment.came_twice, payment.repeated, money_case.opened, message.sent.
    """
    if store.movement(op, trade_no) is not None:
        op.record("payment.repeated", payment.id)
        return "repeated"
    owed = model.OVERPAYMENT
    _book(op, payment, trade_no, amount_fen, owed, occurred_at, source, statement_id)
    case = cases.open_case(
        op,
        model.CaseKind.PAID_TWICE,
        trade_no,
        payment_id=payment.id,
        trade_no=trade_no,
        amount_fen=amount_fen,
    )
    op.record("payment.came_twice", payment.id, case_id=case.id)
    telling.tell_payer(op, payment, "payment.came_twice")
    return "came_twice"


def record_payment_asked(
    op: Operation, *, payment_id: str, status: str, trade_no: str, occurred_at: int = 0
) -> str:
    """What the provider said when it was asked after a payment whose notice had not come (PAY-4).

    Emits: payment.paid and what follows, or nothing when nothing is new.
    """
    op.require_system()
    payment = op.get(model.Payment, "payment", payment_id)
    if status == "paid" and model.PAYMENT.allows(payment.status, "pay"):
        return settle_paid(op, payment, trade_no, occurred_at=occurred_at, source="asked")
    age = op.now - payment.created_at
    if payment.status is model.PaymentStatus.OPENED and age < clock.DAY:
        op.enqueue("ask_payment", payment.id, due_at=op.now + max(ASK_AFTER_MS, age))
    return "nothing"
