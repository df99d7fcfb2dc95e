"""The reports on reviews: waiting and handling, backlog, rework, reasons, agreement."""

from __future__ import annotations

from pages import _report
from pages._console import _

_report.views(
    ("reviews", "backlog", "rework", "reasons", "samples"),
    title=_("Reviews"),
    question=_("How long cases wait and take, how many are open, and why some come back."),
)
