"""The reports on contracts: where they stand, and how long each party takes to sign."""

from __future__ import annotations

from pages import _report
from pages._console import _

_report.views(
    (
        ("contracts", ("contracts", "revisions", "signed_p50_h", "signed_p90_h"), "outcome", "day"),
        (
            "contract_parties",
            ("asked", "were_read", "read_p50_h", "signed_p50_h", "signed_p90_h"),
            "role",
            "day",
        ),
    ),
    title=_("Contracts"),
    question=_("Where contracts stand, and how long each party takes to read and to sign."),
)
