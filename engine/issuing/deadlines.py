"""When certificates end, and from when on they may be renewed."""

from __future__ import annotations

from collections.abc import Iterator

from engine.issuing import store
from engine.kernel.deadlines import Deadline, of_rows
from engine.kernel.reader import Reader
from engine.ordering import queries as orders


def _renewals(q: Reader, after: int, until: int) -> Iterator[tuple[int, str]]:
    for certificate_id, agency_id, ends in store.renewable(q):
        opens = orders.renewal_opens(q, agency_id, ends)
        if after < opens <= until:
            yield opens, certificate_id


DEADLINES = (
    Deadline("renewal_opens", _renewals),
    of_rows(
        "certificate_ends",
        "SELECT not_after AS at, id AS subject FROM certificate"
        " WHERE usage = 'signing' AND status IN ('issued', 'active', 'suspended')",
    ),
)
