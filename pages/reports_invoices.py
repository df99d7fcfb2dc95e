"""The reports on invoices: applied for and issued, ageing, red letters, tax."""

from __future__ import annotations

from pages import _report
from pages._console import _

_report.views(
    ("invoices", "invoice_ageing", "red_letters", "tax"),
    title=_("Invoices"),
    question=_("What is invoiced and how fast, what waits, what is taken back, and the tax."),
)
