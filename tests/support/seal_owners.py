"""Owners of seals in tests: what they apply for, stamp, write by hand, and have made."""

from __future__ import annotations

import math
from typing import Any

from engine.boot import World
from engine.kernel import clock
from engine.sealing import actions, model, queries
from simulations import stamped
from tests.support import ordering, parties, registering, worlds
from tests.support.worlds import SYSTEM

K = model.SealKind


def perform(world: World, party: parties.Party, action: Any, **arguments: Any) -> Any:
    """What a party does just after entering a code."""
    actor = ordering.fresh(world, party.person)
    return world.engine.perform(action, arguments, actor=actor)


def scan(world: World, party: parties.Party, kind: str = K.CONTRACT, **how: Any) -> bytes:
    """The party's form for a kind, printed, stamped in its box and scanned."""
    form = world.engine.ask(queries.application_form, party.person, party.enterprise_id, kind)
    return stamped.stamped(form, party.name, **how)


def apply(
    world: World, party: parties.Party, kind: str = K.CONTRACT, **about: Any
) -> model.SealApplication:
    """An application; its form is a picture that shows no stamp, unless one is given."""
    given = {
        "enterprise_id": party.enterprise_id,
        "kind": kind,
        "form": registering.PNG,
        **about,
    }
    found: model.SealApplication = world.engine.perform(
        actions.apply_for_seal, given, actor=party.person
    )
    return found


def decide(world: World, party: parties.Party, application_id: str) -> None:
    """The reviewer and the maker say yes, where each is asked, and the agency makes the seal."""
    steps = (("seal", party.reviewers.seal), ("seal_making", party.reviewers.maker))
    for kind, who in steps:
        sql = (
            "SELECT id FROM review_case WHERE kind = ? AND subject_id = ?"
            " AND status IN ('waiting', 'claimed', 'held')"
        )
        if worlds.rows(world, sql, kind, application_id):
            parties.approve(world, kind, application_id, who)
    parties.settle(world, rounds=1)


def made(world: World, party: parties.Party, kind: str = K.CONTRACT, **about: Any) -> model.Seal:
    """A seal of a kind, applied for, reviewed and made."""
    asked = apply(world, party, kind, **about)
    decide(world, party, asked.id)
    return of_application(world, asked.id)


def of_application(world: World, application_id: str) -> model.Seal:
    """The seal that an application led to."""
    sql = "SELECT id FROM seal WHERE application_id = ?"
    return seal(world, worlds.rows(world, sql, application_id)[0]["id"])


def seal(world: World, seal_id: str) -> model.Seal:
    """A seal as the platform itself sees it."""
    return world.engine.ask(queries.seal, SYSTEM, seal_id)


def written() -> tuple[tuple[tuple[int, ...], ...], ...]:
    """A signature on the pad: a wave and a stroke through it."""
    wave = tuple(
        (1_000 + 160 * n, 2_000 + round(900 * math.sin(n / 4)), 12 * n, 400 + 8 * (n % 40))
        for n in range(48)
    )
    return wave, ((1_500, 3_200, 700, 500), (4_000, 2_900, 760, 700), (8_200, 2_600, 900, 300))


def entrust(
    world: World,
    party: parties.Party,
    member: parties.Party,
    seal_id: str,
    *acts: str,
    days: int = 30,
) -> model.SealDelegation:
    """The party lets a member use a seal."""
    found: model.SealDelegation = perform(
        world,
        party,
        actions.delegate_seal,
        seal_id=seal_id,
        account_id=member.person.account_id,
        acts=acts or ("contract",),
        valid_to=world.engine.now() + days * clock.DAY,
    )
    return found
