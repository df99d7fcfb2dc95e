"""Payments and the ledger: every notice changes money once at most (`security.md` PAY-1…6).

A notice without the provider's signature may be anybody's and leaves no trace at all. One that is
genuine but can't be right is put aside: a fact of the log, which people look into.
"""

from __future__ import annotations

import hmac
import json
from typing import Any

from engine.kernel import actors, clock, errors
from engine.kernel.operation import Operation
from engine.ordering import model, progress, store

ASK_AFTER_MS = 5 * clock.MINUTE
MERCHANT, CURRENCY = "yinxin", "CNY"


class NoticeForged(errors.NotPermitted):
    """This payment notice does not carry the provider's signature. Nothing was changed."""


class NoticeUnknown(errors.NotFound):
    """There is no payment that this notice could be about. It was put aside."""

    commits = True


class NoticeDiffers(errors.PolicyRefused):
    """This payment notice does not agree with its order in {what}. It was put aside."""

    commits = True


def post(op: Operation, order_id: str, amount_fen: int) -> None:
    """A posting of two lines: money into (or, negative, out of) the bank for an order."""
    posting_id = op.new_id("pst")
    for account, signed in (("bank", amount_fen), ("orders", -amount_fen)):
        op.insert(
            "ledger_line",
            model.LedgerLine(
                id=op.new_id("led"),
                posting_id=posting_id,
                account=account,
                amount_fen=signed,
                order_id=order_id,
                created_at=op.now,
            ),
        )


def request(op: Operation, order: model.Order) -> model.Payment:
    """Ask for the payment of an order; the worker opens it at the provider.

    Emits: payment.requested.
    """
    payment = model.Payment(
        id=op.new_id("pay"),
        order_id=order.id,
        amount_fen=order.amount_fen,
        status=model.PAYMENT.initial,
        trade_no="",
        created_at=op.now,
        paid_at=None,
        refunded_at=None,
    )
    op.insert("payment", payment)
    op.enqueue("create_payment", payment.id)
    op.record("payment.requested", payment.id, order_id=order.id, amount_fen=order.amount_fen)
    return payment


def record_payment_opened(op: Operation, *, payment_id: str, trade_no: str) -> model.Payment:
    """The provider has opened the payment; a lost notice will be asked after.

    Emits: payment.opened.
    """
    _inside(op)
    payment = op.get(model.Payment, "payment", payment_id)
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


def receive_callback(op: Operation, *, body: bytes, signature: bytes) -> str:
    """Take a notice of the payment provider; what it came to (`paid`, `refunded`, `repeated` …).

    Emits: payment.paid, payment.refunded, payment.repeated, payment.notice_refused and what follows.
    Raises: NoticeForged; NoticeUnknown and NoticeDiffers, which are recorded and change no money.
    """
    genuine = op.parts.keyring.mac("payment-callbacks", body)
    if not isinstance(op.actor, actors.Machine) or not hmac.compare_digest(genuine, signature):
        raise NoticeForged()
    try:
        told: dict[str, Any] = json.loads(body)
        payment = store.payment(op, str(told["payment_id"]))
    except (ValueError, KeyError, TypeError):
        payment = None
    if payment is None:
        _refuse(op, "unknown", "payment")
        raise NoticeUnknown(what="payment")
    differs_in = _difference(op, payment, told)
    if differs_in:
        _refuse(op, payment.id, differs_in)
        raise NoticeDiffers(what=differs_in)
    if told["status"] == "paid":
        return settle_paid(op, payment, told["trade_no"])
    return settle_refunded(op, payment)


def _difference(op: Operation, payment: model.Payment, told: dict[str, Any]) -> str:
    expected = {"merchant": MERCHANT, "currency": CURRENCY, "amount_fen": payment.amount_fen}
    for name, value in expected.items():
        if told.get(name) != value:
            return name
    if told.get("status") not in ("paid", "refunded"):
        return "status"
    trade_no = told.get("trade_no")
    if not isinstance(trade_no, str) or not trade_no:
        return "trade_no"
    owner = store.payment_by_trade(op, trade_no)
    return "trade_no" if owner is not None and owner.id != payment.id else ""


def _refuse(op: Operation, payment_id: str, what: str) -> None:
    op.record("payment.notice_refused", payment_id, differs_in=what)


def settle_paid(op: Operation, payment: model.Payment, trade_no: str) -> str:
    """The money has come: once for the order, and a refund case for any further time.

    Emits: payment.paid, payment.repeated, payment.came_twice, order.paid, message.sent.
    """
    if payment.trade_no and trade_no != payment.trade_no:
        return _came_twice(op, payment, trade_no)
    if not model.PAYMENT.allows(payment.status, "pay"):
        op.record("payment.repeated", payment.id)
        return "repeated"
    status = model.PAYMENT.advance(payment.status, "pay")
    op.update(
        "payment",
        payment.id,
        {"status": status, "trade_no": trade_no, "paid_at": op.now},
        was={"status": payment.status},
    )
    post(op, payment.order_id, payment.amount_fen)
    op.record("payment.paid", payment.id, order_id=payment.order_id)
    if not progress.paid(op, payment.order_id):
        start_refund(op, payment.order_id)
    return "paid"


def _came_twice(op: Operation, payment: model.Payment, trade_no: str) -> str:
    if store.refund_case(op, trade_no) is not None:
        op.record("payment.repeated", payment.id)
        return "repeated"
    case = model.RefundCase(
        id=op.new_id("rfc"),
        payment_id=payment.id,
        trade_no=trade_no,
        amount_fen=payment.amount_fen,
        created_at=op.now,
    )
    op.insert("refund_case", case)
    op.record("payment.came_twice", payment.id, case_id=case.id)
    order = op.get(model.Order, "certificate_order", payment.order_id)
    progress.tell(op, order, "payment.came_twice")
    return "came_twice"


def start_refund(op: Operation, order_id: str) -> None:
    """Give a paid order's money back, if any came. Composed when an order ends badly.

    Emits: payment.refunding.
    """
    payment = store.payment_of(op, order_id)
    if payment is None or payment.status is not model.PaymentStatus.PAID:
        return
    status = model.PAYMENT.advance(payment.status, "refund")
    op.update("payment", payment.id, {"status": status}, was={"status": payment.status})
    op.enqueue("refund_payment", payment.id)
    op.record("payment.refunding", payment.id, order_id=order_id)


def settle_refunded(op: Operation, payment: model.Payment) -> str:
    """The money has gone back; a refund that nobody here asked for is put aside for a human.

    Emits: payment.refunded, order.refunded, payment.repeated, payment.notice_refused,
    message.sent.
    """
    if payment.status is model.PaymentStatus.REFUNDED:
        op.record("payment.repeated", payment.id)
        return "repeated"
    if payment.status is not model.PaymentStatus.REFUNDING:
        _refuse(op, payment.id, "status")
        return "put_aside"
    status = model.PAYMENT.advance(payment.status, "finish")
    op.update(
        "payment",
        payment.id,
        {"status": status, "refunded_at": op.now},
        was={"status": payment.status},
    )
    post(op, payment.order_id, -payment.amount_fen)
    op.record("payment.refunded", payment.id, order_id=payment.order_id)
    op.record("order.refunded", payment.order_id, amount_fen=payment.amount_fen)
    order = op.get(model.Order, "certificate_order", payment.order_id)
    progress.tell(op, order, "order.refunded")
    return "refunded"


def record_payment_asked(op: Operation, *, payment_id: str, status: str, trade_no: str) -> str:
    """What the provider said when it was asked after a payment whose notice had not come.

    Emits: payment.paid or payment.refunded, or nothing when nothing is new.
    """
    _inside(op)
    payment = op.get(model.Payment, "payment", payment_id)
    if status == "paid" and model.PAYMENT.allows(payment.status, "pay"):
        return settle_paid(op, payment, trade_no)
    if status == "refunded" and payment.status is model.PaymentStatus.REFUNDING:
        return settle_refunded(op, payment)
    age = op.now - payment.created_at
    if payment.status is model.PaymentStatus.OPENED and age < clock.DAY:
        op.enqueue("ask_payment", payment.id, due_at=op.now + max(ASK_AFTER_MS, age))
    return "nothing"


def _inside(op: Operation) -> None:
    if not isinstance(op.actor, actors.System):
        raise errors.NotPermitted()
