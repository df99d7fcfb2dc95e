"""Orders as their applicants, reviewers and the stages above may see them."""

from engine.ordering.queries.choosing import Agencies, agencies
from engine.ordering.queries.closing import blockers
from engine.ordering.queries.invariants import INVARIANTS
from engine.ordering.queries.money import ledger, my_payments, payment_of
from engine.ordering.queries.orders import (
    by_number,
    mine,
    of_enterprise,
    open_orders,
    order,
    own,
    rejection,
    shown_status,
    to_correct,
    to_download,
    valid_until,
)
from engine.ordering.queries.sheets import (
    review_sheet_certificate_ca,
    review_sheet_certificate_platform,
)

__all__ = [
    "INVARIANTS",
    "Agencies",
    "agencies",
    "blockers",
    "by_number",
    "ledger",
    "mine",
    "my_payments",
    "of_enterprise",
    "open_orders",
    "order",
    "own",
    "payment_of",
    "rejection",
    "review_sheet_certificate_ca",
    "review_sheet_certificate_platform",
    "shown_status",
    "to_correct",
    "to_download",
    "valid_until",
]
