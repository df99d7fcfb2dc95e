"""The reports on certificates: states, renewals, revocations, PINs, sign-ins, bindings, turnaround."""

from __future__ import annotations

from pages import _report
from pages._console import _

_report.views(
    (
        ("certificates", ("certificates",), "state", "agency"),
        ("renewals", ("due", "renewed", "lapsed", "ahead", "renewed_percent"), "agency", "month"),
        ("revocations", ("revoked",), "reason", "day"),
        ("pins", ("locked_pins", "unlocked_pins", "wrong_pins", "changed_pins"), "agency", "day"),
        ("scan_logins", ("logins", "second_scans"), "outcome", "day"),
        (
            "bindings",
            ("bound", "bound_at_once", "asked", "still_open", "rejected", "moved"),
            "role",
            "day",
        ),
        (
            "turnaround",
            ("decision_p50_h", "decision_p90_h", "in_use_p50_h", "in_use_p90_h", "decided"),
            "",
            "agency",
        ),
    ),
    title=_("Certificates and bindings"),
    question=_("What became of certificates, from the decision to renewal or revocation."),
)
