"""What follows for the seals from a change of the enterprise's particulars, and what blocks a closing."""

from __future__ import annotations

from collections.abc import Iterator

from engine.kernel import notes
from engine.kernel.reader import Reader
from engine.policies import model as policies
from engine.sealing import model, store


def follows(q: Reader, enterprise_id: str, changed: frozenset[str]) -> list[model.Follow]:
    """What a change of particulars does to an enterprise's seals: told before, and carried out by."""
    found: list[model.Follow] = []
    for kind, rule in q.policies(policies.SealKindRule).items():
        if model.MADE_ANEW_AFTER.get(rule.bears) in changed:
            found += _of_kind(q, enterprise_id, kind, rule)
    return found


def _of_kind(
    q: Reader, enterprise_id: str, kind: str, rule: policies.SealKindRule
) -> Iterator[model.Follow]:
    asked = [one for one in store.open_of(q, enterprise_id) if one.kind == kind]
    living = [one for one in store.living(q, enterprise_id) if one.kind == kind]
    for one in asked:
        if one.purpose == "new":
            yield model.Follow(kind=kind, fate=model.Fate.CARRIED_OVER, subject=one.id)
    replaced = {one.replaces for one in living}
    for seal in living:
        if seal.status is model.SealStatus.MAKING:
            yield model.Follow(kind=kind, fate=model.Fate.CARRIED_OVER, subject=seal.id)
        elif seal.id not in replaced:
            yield model.Follow(kind=kind, fate=model.Fate.MADE_ANEW, subject=seal.id)
    if rule.route == "first" and not asked and not living:
        yield model.Follow(kind=kind, fate=model.Fate.ORDERED, subject=enterprise_id)


def consequences(q: Reader, enterprise_id: str, changed: frozenset[str]) -> list[notes.Note]:
    """What a person is told of `follows` before they confirm a change (ENT-4)."""
    return [
        notes.Note(
            code=f"consequence.seal_{one.fate}",
            subject=one.subject,
            params={"kind": f"seal.kind.{one.kind}"},
        )
        for one in follows(q, enterprise_id, changed)
    ]


def blockers(q: Reader, account_id: str) -> list[notes.Note]:
    """What keeps an account from being cancelled: applications for a seal that have not ended."""
    return [
        notes.Note(code="blocker.seal_application_open", subject=one.id, params={"name": one.name})
        for one in store.open_applications(q, account_id)
    ]
