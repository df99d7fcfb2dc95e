"""What is unfinished of a person here: certificates being signed, to download, ending, held or locked."""

from __future__ import annotations

from engine.issuing import model, queries, store
from engine.kernel import clock, events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader
from engine.policies import model as policies

# So long before its end the holder of a certificate is told to order the next one.
_ENDS_SOON_MS = 30 * clock.DAY

_MOVERS = {
    "certificate_requested": Mover.OUTSIDE,
    "certificate_issued": Mover.CALLER,
    "certificate_suspended": Mover.STAFF,
    "certificate_locked": Mover.CALLER,
    "certificate_ending": Mover.CALLER,
}


def _of(q: Reader, account_id: str) -> list[Matter]:
    """A person's unfinished matters of this stage."""
    stands = [(one, _state(q, one)) for one in queries.living(q, account_id)]
    return [_matter(q, one, state) for one, state in stands if state]


def _state(q: Reader, one: model.Certificate) -> str:
    if one.status is not model.CertificateStatus.ACTIVE:
        return one.status.value
    if store.tries(q, one.id) >= q.policy(policies.CertificateAgency, one.agency_id).pin_tries:
        return "locked"
    return "ending" if q.now >= one.not_after - _ENDS_SOON_MS else ""


def _matter(q: Reader, one: model.Certificate, state: str) -> Matter:
    ending = state == "ending"
    since = one.not_after - _ENDS_SOON_MS if ending else events.newest(q.connection, one.id)
    began, ended = "certificate.requested", "certificate.issued"
    asked = state == "requested"
    return Matter(
        kind="certificate",
        state=state,
        subject=one.id,
        since=since or one.created_at,
        name=queries.title(q, one),
        number=one.serial_hex,
        until=one.not_after if ending else None,
        lately=events.took(q.connection, began=began, ended=ended) if asked else (),
        instead_of=one.order_id if state in ("requested", "issued") else "",
        platform_id=one.platform_id,
        agency_id=one.agency_id,
    )


MATTERS = Matters(movers=_MOVERS, of=_of)
