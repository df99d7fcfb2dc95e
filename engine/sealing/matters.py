"""What is unfinished of a person here: applications for seals, and seals in making or on hold."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel import events
from engine.kernel.notes import Matter, Matters, Mover
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.registration import queries as people
from engine.sealing import listed, model, store
from engine.sealing.queries import offers

_MOVERS = {
    "seal_in_review": Mover.STAFF,
    "seal_in_making": Mover.STAFF,
    "seal_rejected": Mover.CALLER,
    "seal_making": Mover.OUTSIDE,
    "seal_certificate_missing": Mover.CALLER,
    "seal_suspended": Mover.STAFF,
}


def _of(q: Reader, account_id: str) -> list[Matter]:
    """A person's unfinished matters of this stage: their own applications and seals, their enterprises'."""
    mine = [*_applications(q, account_id), *_waiting(q, store.of_person(q, account_id))]
    return mine + [
        matter
        for enterprise in people.enterprises_of(q, account_id)
        for matter in _waiting(q, store.of_enterprise(q, enterprise.id))
    ]


def _applications(q: Reader, account_id: str) -> Iterator[Matter]:
    seen: set[tuple[str | None, str]] = set()
    for one in store.applications_by(q, account_id):
        newest = (one.enterprise_id, one.kind) not in seen
        seen.add((one.enterprise_id, one.kind))
        # Every open one is unfinished; a rejected one until there is another of its kind.
        rejected = one.status is model.ApplicationStatus.REJECTED
        if one.ended_at is not None and not (rejected and newest):
            continue
        since = one.ended_at or events.newest(q.connection, one.id) or one.created_at
        yield Matter(
            kind="seal",
            state=one.status.value,
            subject=one.id,
            since=since,
            name=_whose(q, one.enterprise_id),
            number=offers.label(q, one.kind),
            agency_id=one.agency_id,
        )


def _whose(q: Reader, enterprise_id: str | None) -> str:
    return people.enterprise(q, enterprise_id).name if enterprise_id else ""


def _waiting(q: Reader, found: list[model.Seal]) -> list[Matter]:
    """An owner's seals that are not in use: those that wait for the same thing are one matter."""
    waiting: dict[str, list[model.Seal]] = {}
    for one in found:
        if one.status is model.SealStatus.MAKING:
            state = "making" if listed.wanted(q, one) else "certificate_missing"
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
        name=_whose(q, oldest.enterprise_id),
        number="、".join(
            rule.label.zh
            for kind, rule in q.policies(policies.SealKindRule).items()
            if kind in {one.kind for one in seals}
        ),
        lately=events.took(q.connection, began="seal.ordered", ended="seal.made") if made else (),
        platform_id=oldest.platform_id,
        agency_id=oldest.agency_id,
    )


MATTERS = Matters(movers=_MOVERS, of=_of)
