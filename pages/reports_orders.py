"""The report on orders, by day."""

from __future__ import annotations

from pages import _report

_report.page("orders", ("placed", "paid", "completed", "revenue_yuan"), "agency")
