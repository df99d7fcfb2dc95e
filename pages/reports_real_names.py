"""The report on real-name proofs, by way and day."""

from __future__ import annotations

from pages import _report

_report.page("real_names")
