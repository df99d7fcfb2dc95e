"""The report on money, by day."""

from __future__ import annotations

from pages import _report

_report.page("money", ("paid_yuan", "refunded_yuan", "money_cases", "found_in_statement"), "")
