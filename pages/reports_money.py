"""The report on money, by day."""

from __future__ import annotations

from pages import _report

_report.page("money")
