"""The reports on bulk acts, incidents, stops of issuing, deliveries to machines, looks behind masks."""

from __future__ import annotations

from pages import _report
from pages._console import _

_report.views(
    (
        *("bulk_acts", "bulk_items", "incidents", "issuing_stops"),
        *("deliveries", "reveals"),
    ),
    title=_("Desk and operations"),
    question=_(
        "What was done to many at once, what went wrong, what machines were told, what was looked at."
    ),
)
