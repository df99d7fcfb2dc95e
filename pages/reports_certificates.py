"""The reports on certificates: states, renewals, revocations, PINs, sign-ins, bindings, turnaround."""

from __future__ import annotations

from pages import _report
from pages._console import _

_report.views(
    (
        *("certificates", "renewals", "revocations", "pins"),
        *("scan_logins", "bindings", "turnaround"),
    ),
    title=_("Certificates and bindings"),
    question=_("What became of certificates, from the decision to renewal or revocation."),
)
