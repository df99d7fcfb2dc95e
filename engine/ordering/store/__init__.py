"""The SQL of orders and money."""

from engine.ordering.store.money import (
    came_twice,
    ledger,
    paid_twice,
    payment,
    payment_by_trade,
    payment_of,
    payments_of,
    refund_case,
    refunding,
    twice_paid,
)
from engine.ordering.store.orders import (
    OWNED,
    UNLOGGED,
    by_number,
    count_between,
    earlier_at,
    living_certificate,
    of_account,
    of_enterprise,
    open_order,
)

__all__ = [
    "OWNED",
    "UNLOGGED",
    "by_number",
    "came_twice",
    "count_between",
    "earlier_at",
    "ledger",
    "living_certificate",
    "of_account",
    "of_enterprise",
    "open_order",
    "paid_twice",
    "payment",
    "payment_by_trade",
    "payment_of",
    "payments_of",
    "refund_case",
    "refunding",
    "twice_paid",
]
