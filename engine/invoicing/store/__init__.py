"""The SQL of invoices, titles, and what invoices hold of an order."""

from engine.invoicing.store.balances import claims_of, held_of, keep
from engine.invoicing.store.invoices import (
    OWNED,
    UNLOGGED,
    blue_of_account,
    by_number,
    of_account,
    of_enterprise,
    of_order,
    orders_of,
    red_letters,
    rejected_over,
)
from engine.invoicing.store.titles import of_account as titles_of

__all__ = [
    "OWNED",
    "UNLOGGED",
    "blue_of_account",
    "by_number",
    "claims_of",
    "held_of",
    "keep",
    "of_account",
    "of_enterprise",
    "of_order",
    "orders_of",
    "red_letters",
    "rejected_over",
    "titles_of",
]
