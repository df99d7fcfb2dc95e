"""The report on reviews, by day."""

from __future__ import annotations

from pages import _report

_report.page("reviews", ("opened", "approved", "rejected", "still_open"), "kind")
