"""The report on second looks: how far reviewers agree."""

from __future__ import annotations

from pages import _report

_report.page("samples")
