"""Orders as their applicants, reviewers and the stages above may see them."""

from engine.ordering.queries.choosing import Agencies, agencies, offers, words
from engine.ordering.queries.closing import blockers
from engine.ordering.queries.finance import (
    LINES_SHOWN,
    chart,
    ledger_balances,
    ledger_lines,
    ledger_posting,
    money_cases,
    money_days,
    settled_money_cases,
    statement_lines,
)
from engine.ordering.queries.invariants import INVARIANTS as _OF_ORDERS
from engine.ordering.queries.ledger import INVARIANTS as _OF_MONEY
from engine.ordering.queries.listing import detail, listed
from engine.ordering.queries.money import (
    came_and_went,
    ledger,
    my_payments,
    payment_for,
    payment_of,
)
from engine.ordering.queries.orders import (
    allows,
    by_number,
    mine,
    of_enterprise,
    open_at,
    open_orders,
    order,
    own,
    refund_of,
    rejection,
    renewal_opens,
    scope_of,
    shown_status,
    stranded,
    to_correct,
    to_download,
    valid_until,
)
from engine.ordering.queries.settlements import review_sheet_settlement
from engine.ordering.queries.sheets import (
    review_sheet_certificate_ca,
    review_sheet_certificate_platform,
)

INVARIANTS = {**_OF_ORDERS, **_OF_MONEY}

__all__ = [
    "INVARIANTS",
    "LINES_SHOWN",
    "Agencies",
    "agencies",
    "allows",
    "blockers",
    "by_number",
    "came_and_went",
    "chart",
    "detail",
    "ledger",
    "ledger_balances",
    "ledger_lines",
    "ledger_posting",
    "listed",
    "mine",
    "money_cases",
    "money_days",
    "my_payments",
    "of_enterprise",
    "offers",
    "open_at",
    "open_orders",
    "order",
    "own",
    "payment_for",
    "payment_of",
    "refund_of",
    "rejection",
    "renewal_opens",
    "review_sheet_certificate_ca",
    "review_sheet_certificate_platform",
    "review_sheet_settlement",
    "scope_of",
    "settled_money_cases",
    "shown_status",
    "statement_lines",
    "stranded",
    "to_correct",
    "to_download",
    "valid_until",
    "words",
]
