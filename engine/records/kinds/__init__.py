"""The kinds of record, in the order in which they are offered. One literal table; a file for each kind."""

from __future__ import annotations

from collections.abc import Mapping

from engine.records.kinds import (
    accounts,
    beside,
    certificates,
    contracts,
    enterprises,
    files,
    invoices,
    orders,
    seals,
)
from engine.records.kinds.kind import Course, Kind

__all__ = ["BY_PREFIX", "KINDS", "LEADS_TO", "Course", "Kind"]

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        accounts.KIND,
        enterprises.KIND,
        orders.ORDER,
        orders.SERVICE_ORDER,
        certificates.KIND,
        seals.KIND,
        contracts.KIND,
        invoices.KIND,
        files.KIND,
    )
}
LEADS_TO = beside.LEADS_TO
BY_PREFIX: Mapping[str, Kind] = {kind.prefix: kind for kind in KINDS.values()}
