"""The reports on orders: what they bring in, how far they come, what goes back."""

from __future__ import annotations

from pages import _report
from pages._console import _

_report.views(
    ("orders", "order_steps", "refunds"),
    title=_("Orders"),
    question=_("What is ordered and paid, how far orders come, and what goes back."),
)
