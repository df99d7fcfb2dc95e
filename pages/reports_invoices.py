"""The report on invoices, by day."""

from __future__ import annotations

from pages import _report

_report.page("invoices", ("applied", "issued", "total_yuan"), "platform")
