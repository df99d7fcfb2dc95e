"""Ordering a service, paying for it, taking it back or giving it up, and what time brings about."""

from engine.subscribing.actions.ending import (
    NothingToGiveUp,
    RenewalFollows,
    ask_refund,
    cancel,
    lapse,
)
from engine.subscribing.actions.paying import ServicePaid, pay
from engine.subscribing.actions.placing import (
    BuyerNotServed,
    QuantityNotOffered,
    ServiceClosed,
    ServiceOrderUnpaid,
    ServiceTermNotOffered,
    ServiceWantsOnboarding,
    place_order,
)
from engine.subscribing.actions.running import watch

__all__ = [
    "BuyerNotServed",
    "NothingToGiveUp",
    "QuantityNotOffered",
    "RenewalFollows",
    "ServiceClosed",
    "ServiceOrderUnpaid",
    "ServicePaid",
    "ServiceTermNotOffered",
    "ServiceWantsOnboarding",
    "ask_refund",
    "cancel",
    "lapse",
    "pay",
    "place_order",
    "watch",
]
