"""Placing, paying, completing and cancelling an order."""

from engine.ordering.actions.ending import cancel
from engine.ordering.actions.papers import PaperMissing, PaperUnknown, attach_papers
from engine.ordering.actions.paying import NothingToPay, pay
from engine.ordering.actions.placing import (
    HoldsCertificate,
    NotOffered,
    NotOnboarded,
    OrderRunning,
    place_order,
)
from engine.ordering.money import receive_callback, record_payment_asked, record_payment_opened

__all__ = [
    "HoldsCertificate",
    "NotOffered",
    "NotOnboarded",
    "NothingToPay",
    "OrderRunning",
    "PaperMissing",
    "PaperUnknown",
    "attach_papers",
    "cancel",
    "pay",
    "place_order",
    "receive_callback",
    "record_payment_asked",
    "record_payment_opened",
]
