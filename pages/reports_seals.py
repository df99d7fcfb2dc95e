"""The reports on seals: applied for, made, used and ended; and why applications are rejected."""

from __future__ import annotations

from pages import _report
from pages._console import _

_report.views(
    (
        (
            "seals",
            (
                *("seals_made", "seals_applied_for", "seals_written", "seals_rejected"),
                *("seal_uses", "seals_replaced", "seals_deleted", "hours_to_make"),
            ),
            "seal_kind",
            "day",
        ),
        ("seal_rejections", ("rejections",), "rejected_for", "day"),
    ),
    title=_("Seals"),
    question=_("How many seals are applied for, made and used, and why some are not."),
)
