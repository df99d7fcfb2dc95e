"""Certificates as their holders, staff and the authorities may see them."""

from engine.issuing.queries.certificates import (
    active,
    by_serial,
    certificate,
    living,
    mine,
    of_enterprise,
    of_order,
    pair,
)
from engine.issuing.queries.closing import blockers, consequences, kept, naming
from engine.issuing.queries.holders import applicant, title
from engine.issuing.queries.holding import holding
from engine.issuing.queries.invariants import INVARIANTS
from engine.issuing.queries.pins import pin_rules
from engine.issuing.queries.status import revision, revocations, status_for_ocsp

__all__ = [
    "INVARIANTS",
    "active",
    "applicant",
    "blockers",
    "by_serial",
    "certificate",
    "consequences",
    "holding",
    "kept",
    "living",
    "mine",
    "naming",
    "of_enterprise",
    "of_order",
    "pair",
    "pin_rules",
    "revision",
    "revocations",
    "status_for_ocsp",
    "title",
]
