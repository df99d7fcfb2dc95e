"""Who may use a seal, what it was used for, what was filed of it, and what deleting it ends."""

from __future__ import annotations

from engine.kernel import identifiers, notes, paging
from engine.kernel.reader import Reader
from engine.registration import queries as people
from engine.sealing import model, store
from engine.sealing.queries import offers, seals


def delegations(q: Reader, seal_id: str) -> list[model.DelegationShown]:
    """Who was given the use of a seal, for its enterprise's administrator and entitled staff, newest first.

    Raises: NotFound, NotAMember, MayNot.
    """
    found = seals.seal(q, seal_id)
    if seals.is_person(q):
        offers.require_keeper(q, found)
    return [_shown(q, one, found) for one in store.delegations(q, seal_id)]


def delegated_to_me(q: Reader) -> list[model.DelegationShown]:
    """The seals that the signed-in person was given the use of, newest first (ENT-3)."""
    return [
        _shown(q, one, q.get(model.Seal, "seal", one.seal_id))
        for one in store.delegated_to(q, people.person(q).account_id)
    ]


def _shown(q: Reader, one: model.SealDelegation, seal: model.Seal) -> model.DelegationShown:
    over = one.status is model.DelegationStatus.ACTIVE and q.now >= one.valid_to
    return model.DelegationShown(
        id=one.id,
        seal_id=one.seal_id,
        seal_name=seal.name,
        enterprise_id=one.enterprise_id,
        enterprise=people.enterprise(q, one.enterprise_id).name,
        account_id=one.account_id,
        member=identifiers.masked_name(people.person_name(q, one.account_id)),
        granted_by=identifiers.masked_name(people.person_name(q, one.granted_by)),
        acts=one.acts,
        status="expired" if over else one.status.value,
        valid_to=one.valid_to,
        created_at=one.created_at,
        ended_at=one.ended_at,
        why=one.why,
    )


def uses(q: Reader, seal_id: str, *, window: paging.Window | None = None) -> list[model.UseShown]:
    """A seal's uses, newest first: when, who, for what, on which document, with what result (ENT-3).

    Raises: NotFound, NotAMember, MayNot.
    """
    seals.seal(q, seal_id)
    return [
        model.UseShown(
            id=one.id,
            member=identifiers.masked_name(people.person_name(q, one.account_id)),
            delegated=one.delegation_id is not None,
            act=one.act,
            subject=one.subject,
            digest_hex=one.digest_hex,
            result=one.result,
            created_at=one.created_at,
        )
        for one in store.uses(q, seal_id, window)
    ]


def filing(q: Reader, seal_id: str) -> list[model.SealFiling]:
    """What was filed of a seal with the public security register, oldest first (备案).

    Raises: NotFound, NotAMember, MayNot.
    """
    seals.seal(q, seal_id)
    return store.filings(q, seal_id)


def deletion(q: Reader, seal_id: str) -> model.Deletion:
    """What deleting a seal ends, counted, before it is confirmed (SEA-3).

    Raises: NotFound, NotAMember.
    """
    found = q.get(model.Seal, "seal", seal_id)
    offers.require_keeper(q, found)
    model.SEAL.advance(found.status, "delete")
    return model.Deletion(
        seal_id=found.id,
        name=found.name,
        uses=store.count_uses(q, seal_id),
        delegations=len(store.active_delegations(q, seal_id)),
        applications=len(store.open_for(q, seal_id)),
        signatures=_under_way(q, found),
        filing_number=found.filing_number,
    )


def _under_way(q: Reader, found: model.Seal) -> int:
    """How many signatures with a seal were asked for and not made, as the stages above tell it."""
    within = notes.Within.of(found.enterprise_id, found.account_id)
    told = [one for stage in q.parts.working for one in stage(q, within)]
    return sum(one.params.get("seal") == found.id for one in told)
