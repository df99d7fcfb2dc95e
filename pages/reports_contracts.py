"""The reports on contracts: where they stand, and how long each party takes to sign."""

from __future__ import annotations

from pages import _report
from pages._console import _

_report.views(
    ("contracts", "contract_parties"),
    title=_("Contracts"),
    question=_("Where contracts stand, and how long each party takes to read and to sign."),
)
