"""Certificates as their holders, staff and the authorities may see them."""

from engine.issuing.queries.certificates import (
    active,
    by_serial,
    certificate,
    delegated,
    encryption,
    living,
    mine,
    of_enterprise,
    of_order,
    pair,
    revocation_reasons,
)
from engine.issuing.queries.choosing import chosen
from engine.issuing.queries.closing import blockers, consequences, kept, naming
from engine.issuing.queries.counting import counts
from engine.issuing.queries.holders import applicant, opened, sealed, title
from engine.issuing.queries.holding import holding
from engine.issuing.queries.invariants import INVARIANTS
from engine.issuing.queries.pins import pin_rules
from engine.issuing.queries.recovering import my_recoveries, review_sheet_key_recovery
from engine.issuing.queries.status import (
    KEPT_AFTER_EXPIRY_MS,
    revision,
    revocations,
    status_for_ocsp,
)
from engine.issuing.queries.waiting import my_waiting, waiting

__all__ = [
    "INVARIANTS",
    "KEPT_AFTER_EXPIRY_MS",
    "active",
    "applicant",
    "blockers",
    "by_serial",
    "certificate",
    "chosen",
    "consequences",
    "counts",
    "delegated",
    "encryption",
    "holding",
    "kept",
    "living",
    "mine",
    "my_recoveries",
    "my_waiting",
    "naming",
    "of_enterprise",
    "of_order",
    "opened",
    "pair",
    "pin_rules",
    "review_sheet_key_recovery",
    "revision",
    "revocation_reasons",
    "revocations",
    "sealed",
    "status_for_ocsp",
    "title",
    "waiting",
]
