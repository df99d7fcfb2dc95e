"""What is unfinished of a person here: applications for seals, and seals in making or on hold."""

from __future__ import annotations

from collections.abc import Iterator

from engine.issuing import queries as certificates
from engine.kernel import events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.sealing import model, store

_MOVERS = {
    "seal_in_review": Mover.STAFF,
    "seal_in_making": Mover.STAFF,
    "seal_rejected": Mover.CALLER,
    "seal_making": Mover.OUTSIDE,
    "seal_certificate_missing": Mover.CALLER,
    "seal_suspended": Mover.STAFF,
}


def _of(q: Reader, account_id: str) -> list[Matter]:
    """A person's unfinished matters of this stage: their own applications, their enterprises' seals."""
    mine = [*_applications(q, account_id)]
    return mine + [
        matter
        for enterprise in people.enterprises_of(q, account_id)
        for matter in _seals(q, enterprise.id)
    ]


def _applications(q: Reader, account_id: str) -> Iterator[Matter]:
    seen: set[tuple[str, model.SealKind]] = set()
    for one in store.applications_by(q, account_id):
        newest = (one.enterprise_id, one.kind) not in seen
        seen.add((one.enterprise_id, one.kind))
        if not newest or one.status is model.ApplicationStatus.MADE:
            continue
        since = one.ended_at or events.newest(q.connection, one.id) or one.created_at
        yield Matter(
            kind="seal",
            state=one.status.value,
            subject=one.id,
            since=since,
            name=people.enterprise(q, one.enterprise_id).name,
            number=model.LABELS[one.kind],
            agency_id=one.agency_id,
        )


def _seals(q: Reader, enterprise_id: str) -> list[Matter]:
    """An enterprise's seals that are not in use: those that wait for the same thing are one matter."""
    waiting: dict[str, list[model.Seal]] = {}
    for one in store.of_enterprise(q, enterprise_id):
        if one.status is model.SealStatus.MAKING:
            state = "making" if certificates.active(q, enterprise_id) else "certificate_missing"
            waiting.setdefault(state, []).append(one)
        elif one.status is model.SealStatus.SUSPENDED:
            waiting.setdefault(one.id, []).append(one)
    return [
        _seal(q, seals, "suspended" if state == seals[0].id else state)
        for state, seals in waiting.items()
    ]


def _seal(q: Reader, seals: list[model.Seal], state: str) -> Matter:
    made = state == "making"
    oldest = min(seals, key=lambda one: (one.created_at, one.id))
    return Matter(
        kind="seal",
        state=state,
        subject=oldest.id,
        since=events.newest(q.connection, oldest.id) or oldest.created_at,
        name=people.enterprise(q, oldest.enterprise_id).name,
        number="、".join(model.LABELS[kind] for kind in model.SealKind if kind in _kinds(seals)),
        lately=events.took(q.connection, began="seal.ordered", ended="seal.made") if made else (),
        platform_id=oldest.platform_id,
        agency_id=oldest.agency_id,
    )


def _kinds(seals: list[model.Seal]) -> set[model.SealKind]:
    return {one.kind for one in seals}


MATTERS = Matters(movers=_MOVERS, of=_of)
