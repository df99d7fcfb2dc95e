"""Notices of the payment provider: each changes money once at most (`security.md` 3.10, PAY-1 to PAY-6).

A notice without the provider's signature may be anybody's and leaves no trace at all. One that is
genuine but can't be right is parked: kept, told to finance, and changes no money.
"""

from __future__ import annotations

import hmac
import json
from typing import Any

from engine.kernel import actors, errors
from engine.kernel.operation import Operation
from engine.ordering import model, store
from engine.ordering.money import parking, paying, refunds

MERCHANT, CURRENCY = "yinxin", "CNY"
PAID, REFUNDED, REFUND_FAILED = "paid", "refunded", "refund_failed"


class NoticeForged(errors.NotPermitted):
    """This payment notice does not carry the provider's signature. Nothing was changed."""


class NoticeUnknown(errors.NotFound):
    """There is no payment that this notice could be about. It was put aside."""

    commits = True


class NoticeDiffers(errors.PolicyRefused):
    """This payment notice does not agree with its order in {what}. It was put aside."""

    commits = True


def receive_callback(op: Operation, *, body: bytes, signature: bytes) -> str:
    """Take a notice of the payment provider; what it came to (`paid`, `refunded`, `repeated` …).

    Emits: payment.paid, payment.refunded, refund.failed, payment.repeated, payment.came_twice,
    payment.notice_refused and what follows.
    Raises: NoticeForged; NoticeUnknown and NoticeDiffers, which are recorded and change no money.
    """
    genuine = op.parts.keyring.mac("payment-callbacks", body)
    if not isinstance(op.actor, actors.Machine) or not hmac.compare_digest(genuine, signature):
        raise NoticeForged()
    told = _read(body)
    payment_id = told.get("payment_id")
    payment = store.payment(op, payment_id) if isinstance(payment_id, str) else None
    if payment is None:
        return _unknown(op, body, told)
    differs_in = _difference(op, payment, told)
    if differs_in:
        parking.park(op, body, told, differs_in)
        raise NoticeDiffers(what=differs_in)
    if told["status"] == PAID:
        return paying.settle_paid(op, payment, told["trade_no"], occurred_at=_when(told))
    return _refund(op, payment, body, told)


def _read(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _unknown(op: Operation, body: bytes, told: dict[str, Any]) -> str:
    """No payment of ours, unless it is a refund of a trade that belonged to none."""
    asked = _asked(op, told)
    if asked is not None and asked.payment_id is None:
        return _settle(op, asked, told)
    parking.park(op, body, told, "unknown")
    raise NoticeUnknown(what="payment")


def _difference(op: Operation, payment: model.Payment, told: dict[str, Any]) -> str:
    expected = {"merchant": MERCHANT, "currency": CURRENCY}
    for name, value in expected.items():
        if told.get(name) != value:
            return name
    if told.get("status") not in (PAID, REFUNDED, REFUND_FAILED):
        return "status"
    if told.get("amount_fen") != payment.amount_fen or isinstance(told["amount_fen"], bool):
        return "amount_fen"
    trade_no = told.get("trade_no")
    if not isinstance(trade_no, str) or not trade_no:
        return "trade_no"
    owner = store.payment_by_trade(op, trade_no)
    if owner is not None and owner.id != payment.id:
        return "trade_no"
    moved = store.movement(op, trade_no)
    return "trade_no" if moved is not None and moved.payment_id != payment.id else ""


def _refund(op: Operation, payment: model.Payment, body: bytes, told: dict[str, Any]) -> str:
    asked = _asked(op, told)
    if asked is None:
        return _unasked(op, payment, body, told)
    if told.get("refund_fen") != asked.amount_fen or asked.payment_id != payment.id:
        parking.park(op, body, told, "refund_fen")
        raise NoticeDiffers(what="refund_fen")
    return _settle(op, asked, told)


def _asked(op: Operation, told: dict[str, Any]) -> model.Refund | None:
    refund_no = told.get("refund_no")
    return store.refund(op, refund_no) if isinstance(refund_no, str) else None


def _settle(op: Operation, asked: model.Refund, told: dict[str, Any]) -> str:
    if told.get("status") == REFUND_FAILED:
        return refunds.settle_failed(op, asked, parking.short(told.get("problem")))
    return refunds.settle_refunded(op, asked, occurred_at=_when(told))


def _unasked(op: Operation, payment: model.Payment, body: bytes, told: dict[str, Any]) -> str:
    """A refund that nobody here asked for: before its payment it waits, after it people look."""
    fen = told.get("refund_fen")
    whole = isinstance(fen, int) and 0 < fen <= payment.amount_fen
    if not whole or told["status"] != REFUNDED or not isinstance(told.get("refund_no"), str):
        parking.park(op, body, told, "refund_fen")
        raise NoticeDiffers(what="refund_fen")
    early = payment.status in (model.PaymentStatus.REQUESTED, model.PaymentStatus.OPENED)
    parking.park(op, body, told, parking.UNPAID if early else "refund_no")
    return "put_aside"


def _when(told: dict[str, Any]) -> int:
    instant = told.get("occurred_at")
    return instant if isinstance(instant, int) else 0
