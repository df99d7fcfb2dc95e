"""Orders to invoice, titles, invoices and red letters as their people and staff may see them."""

from engine.invoicing.queries.billables import (
    OrderKindUnknown,
    candidates,
    order_kinds,
    own,
    with_money,
)
from engine.invoicing.queries.histories import history
from engine.invoicing.queries.invariants import INVARIANTS
from engine.invoicing.queries.invoices import (
    blockers,
    by_number,
    details,
    document,
    face,
    held,
    invoice,
    left_of,
    mine,
    of_enterprise,
    pending_red,
    shown,
    unfinished,
)
from engine.invoicing.queries.invoices import own as own_invoice
from engine.invoicing.queries.listing import LISTED_MOST, Standing, listed, standing
from engine.invoicing.queries.previews import (
    KindUnknown,
    MediumUnknown,
    SeveralPayers,
    SeveralSellers,
    TaxItemUnknown,
    is_payers_own,
    line_of,
    paper_offered,
    preview,
    require_known,
    require_together,
    reviewed_for,
)
from engine.invoicing.queries.sheets import (
    review_sheet_invoice,
    review_sheet_red_letter,
)
from engine.invoicing.queries.titles import default_title, opened, own_title, title, titles

__all__ = [
    "INVARIANTS",
    "LISTED_MOST",
    "KindUnknown",
    "MediumUnknown",
    "OrderKindUnknown",
    "SeveralPayers",
    "SeveralSellers",
    "Standing",
    "TaxItemUnknown",
    "blockers",
    "by_number",
    "candidates",
    "default_title",
    "details",
    "document",
    "face",
    "held",
    "history",
    "invoice",
    "is_payers_own",
    "left_of",
    "line_of",
    "listed",
    "mine",
    "of_enterprise",
    "opened",
    "order_kinds",
    "own",
    "own_invoice",
    "own_title",
    "paper_offered",
    "pending_red",
    "preview",
    "require_known",
    "require_together",
    "review_sheet_invoice",
    "review_sheet_red_letter",
    "reviewed_for",
    "shown",
    "standing",
    "title",
    "titles",
    "unfinished",
    "with_money",
]
