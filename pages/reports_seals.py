"""The reports on seals: applied for, made, used and ended; and why applications are rejected."""

from __future__ import annotations

from pages import _report
from pages._console import _

_report.views(
    ("seals", "seal_rejections"),
    title=_("Seals"),
    question=_("How many seals are applied for, made and used, and why some are not."),
)
