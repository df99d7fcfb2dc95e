"""Placing, paying, completing and cancelling an order."""

from engine.ordering.actions.delegating import (
    DelegateHolds,
    DelegateNotRealNamed,
    DelegateUnknown,
    ScopeMissing,
    delegate_certificate,
)
from engine.ordering.actions.ending import cancel
from engine.ordering.actions.papers import PaperMissing, PaperUnknown, attach_papers
from engine.ordering.actions.paying import NothingToPay, pay
from engine.ordering.actions.placing import (
    HoldsCertificate,
    NotCountryWide,
    NotOffered,
    NotOnboarded,
    OrderRunning,
    TermNotOffered,
    place_order,
)
from engine.ordering.actions.reminding import remind_of_expiry, schedule
from engine.ordering.actions.succeeding import (
    HasEnded,
    HeldByStaff,
    NothingChanged,
    OfDelegate,
    OnHold,
    StrandsFiles,
    TooEarlyToRenew,
    change_certificate,
    renew_certificate,
    replace_certificate,
)
from engine.ordering.money import (
    receive_callback,
    record_payment_asked,
    record_payment_opened,
    record_refund_asked,
    record_statement,
    settle_case,
)

__all__ = [
    "DelegateHolds",
    "DelegateNotRealNamed",
    "DelegateUnknown",
    "HasEnded",
    "HeldByStaff",
    "HoldsCertificate",
    "NotCountryWide",
    "NotOffered",
    "NotOnboarded",
    "NothingChanged",
    "NothingToPay",
    "OfDelegate",
    "OnHold",
    "OrderRunning",
    "PaperMissing",
    "PaperUnknown",
    "ScopeMissing",
    "StrandsFiles",
    "TermNotOffered",
    "TooEarlyToRenew",
    "attach_papers",
    "cancel",
    "change_certificate",
    "delegate_certificate",
    "pay",
    "place_order",
    "receive_callback",
    "record_payment_asked",
    "record_payment_opened",
    "record_refund_asked",
    "record_statement",
    "remind_of_expiry",
    "renew_certificate",
    "replace_certificate",
    "schedule",
    "settle_case",
]
