"""The fault plan of a scenario: which sites are switched on in a run, and how often they then fire.

Two phases: with the chance `on` a site is switched on for the whole run, and only then fires with the
chance `fires` each time it is asked. So that over many seeds some runs meet few faults and some meet
many, and a site that hides another one's trace is sometimes silent.
"""

from __future__ import annotations

from collections.abc import Mapping

from engine.kernel import catalog
from engine.kernel.catalog import Share


class Firing(catalog.Declared):
    """How likely a site is switched on in a run, and how likely it then fires each time."""

    on: Share = 1.0
    fires: Share


class FaultPlan(catalog.Declared):
    """`[faults]` of a scenario: a table for each site that may strike (`sites.SITES`).

    `every` stands for all sites that have no table of their own. Without any of it nothing fails.
    """

    every: Firing | None = None
    reply_lost: Firing | None = None
    request_doubled: Firing | None = None
    commit_failed: Firing | None = None
    disk_full: Firing | None = None
    database_busy: Firing | None = None
    worker_killed_before: Firing | None = None
    worker_killed_after: Firing | None = None
    provider_down: Firing | None = None
    ca_timeout: Firing | None = None
    answer_lost: Firing | None = None
    sms_lost: Firing | None = None
    sms_late: Firing | None = None
    sms_doubled: Firing | None = None
    notice_lost: Firing | None = None
    notice_late: Firing | None = None
    notice_doubled: Firing | None = None
    notices_reordered: Firing | None = None
    parcel_lost: Firing | None = None
    webhook_lost: Firing | None = None
    webhook_late: Firing | None = None
    webhook_doubled: Firing | None = None
    receiver_refuses: Firing | None = None
    receiver_slow: Firing | None = None
    clock_back: Firing | None = None
    clock_forward: Firing | None = None
    reviewer_absent: Firing | None = None

    def firings(self) -> Mapping[str, Firing]:
        """Site → how it is to strike, for the sites that may."""
        found = {
            name: getattr(self, name) or self.every
            for name in type(self).model_fields
            if name != "every"
        }
        return {
            name: firing
            for name, firing in found.items()
            if firing is not None and firing.on > 0 and firing.fires > 0
        }
