"""How far those come who register, and how long each step takes them (RPT-4)."""

from __future__ import annotations

from pages import _report

_report.page("funnel")
