"""Which seals can be used now, by whom, and what is asked for."""

from __future__ import annotations

from collections.abc import Iterator

from engine.issuing import model as issuing
from engine.issuing import queries as certificates
from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.sealing import model, store
from engine.sealing.queries.seals import certificate_digest


def working(q: Reader, within: notes.Within) -> list[notes.Note]:
    """The seals that some certificate can be used with now, who was entrusted with one, what is asked for.

    Of a CA nothing: its seals are of the enterprises' and people's.
    """
    if not (within.enterprise_id or within.account_id):
        return []
    return [*_seals(q, within), *_asked_for(q, within)]


def _seals(q: Reader, within: notes.Within) -> Iterator[notes.Note]:
    if within.enterprise_id:
        found = store.of_enterprise(q, within.enterprise_id)
        held = certificates.of_enterprise(q, within.enterprise_id)
    else:
        found = store.of_person(q, within.account_id)
        held = [
            one for one in certificates.living(q, within.account_id) if one.enterprise_id is None
        ]
    usable = {certificate_digest(one.der) for one in _active(q, held) if one.der is not None}
    for seal in found:
        if not seal.usable(q.now):
            continue
        if usable & set(seal.certificates):
            yield notes.Note(code="works.seal", subject=seal.id, params={"name": seal.name})
        for one in store.active_delegations(q, seal.id):
            if q.now < one.valid_to:
                yield notes.Note(
                    code="works.seal_delegation", subject=one.id, params={"name": seal.name}
                )


def _active(q: Reader, held: list[issuing.Certificate]) -> Iterator[issuing.Certificate]:
    for one in held:
        if one.usable(q.now):
            yield certificates.opened(q, one)


def _asked_for(q: Reader, within: notes.Within) -> Iterator[notes.Note]:
    if within.enterprise_id:
        found = store.open_of(q, within.enterprise_id)
    else:
        found = [
            one
            for one in store.open_applications(q, within.account_id)
            if one.enterprise_id is None
        ]
    for one in found:
        if not model.APPLICATION.terminal(one.status):
            yield notes.Note(
                code="works.seal_application", subject=one.id, params={"name": one.name}
            )
