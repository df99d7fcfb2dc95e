"""The report on second looks, by day, kind and reviewer."""

from __future__ import annotations

from pages import _report

_report.page("samples", ("looked_again", "agreed"), "kind")
