"""The report on calls, by matter and day."""

from __future__ import annotations

from pages import _report

_report.page("calls")
