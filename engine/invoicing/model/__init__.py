"""A fully digital invoice (数电票) over paid orders of one payer, its red letters, and titles.

Never more than was paid and not given back: what invoices hold of an order and what red letters take back
are kept per order beside what was paid, and the database refuses what does not fit. Numbers come from the
tax service.
"""

from engine.invoicing.model.invoice import (
    INVOICE_KINDS,
    MEDIA,
    Details,
    Invoice,
    InvoicedOrder,
    RedPart,
)
from engine.invoicing.model.lines import (
    Line,
    faults,
    less,
    rate_text,
    red_line,
    split_tax,
    spread,
    totals,
    unit_price,
    yuan,
)
from engine.invoicing.model.shown import (
    Billable,
    Face,
    InvoiceShown,
    OrderKind,
    Preview,
    Step,
)
from engine.invoicing.model.states import (
    HOLDING,
    INVOICE,
    RED_LETTER,
    SETTLED,
    TAKING_BACK,
    WHOLE_ONLY,
    InvoiceStatus,
    Reason,
)
from engine.invoicing.model.titles import (
    KINDS,
    NAME_LONGEST,
    TEXT_LONGEST,
    GivenTitle,
    InvoiceTitle,
    Particulars,
    TitleRow,
)

__all__ = [
    "HOLDING",
    "INVOICE",
    "INVOICE_KINDS",
    "KINDS",
    "MEDIA",
    "NAME_LONGEST",
    "RED_LETTER",
    "SETTLED",
    "TAKING_BACK",
    "TEXT_LONGEST",
    "WHOLE_ONLY",
    "Billable",
    "Details",
    "Face",
    "GivenTitle",
    "Invoice",
    "InvoiceShown",
    "InvoiceStatus",
    "InvoiceTitle",
    "InvoicedOrder",
    "Line",
    "OrderKind",
    "Particulars",
    "Preview",
    "Reason",
    "RedPart",
    "Step",
    "TitleRow",
    "faults",
    "less",
    "rate_text",
    "red_line",
    "split_tax",
    "spread",
    "totals",
    "unit_price",
    "yuan",
]
