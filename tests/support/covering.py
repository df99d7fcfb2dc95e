"""Certificates that name their acts: what a member holds for an enterprise, and one-time ones."""

from __future__ import annotations

from dataclasses import replace

from engine.boot import World
from engine.kernel import ids
from engine.ordering import actions
from engine.ordering import model as orders
from engine.pki import keys
from engine.sealing import model as sealing
from tests.support import ordering, parties, seal_owners


def order(world: World, party: parties.Party, member: parties.Party, *scope: str) -> orders.Order:
    """The party's order of a certificate that the member is to hold for these acts."""
    return ordering.perform(
        world,
        party,
        actions.delegate_certificate,
        certificate_id=party.certificate_id,
        account_id=member.person.account_id,
        scope=scope,
        years=1,
    )


def delegated(
    world: World, party: parties.Party, member: parties.Party, *scope: str, seal: bool = True
) -> parties.Party:
    """The member with an active certificate that the party gave them for these acts, and with its seal."""
    placed = order(world, party, member, *scope)
    ordering.until_ready(world, party, placed.id)
    with_it = replace(member, order_id=placed.id, person=ordering.fresh(world, member.person))
    held = parties.download(world, with_it)
    parties.settle(world, rounds=1)
    acts = [act for act in scope if act in sealing.ACTS]
    if seal and acts and party.seal_id:
        seal_owners.entrust(world, party, member, party.seal_id, *acts)
    return replace(held, seal_id=party.seal_id)


def event_approved(
    world: World, party: parties.Party, act: str, *, number: int = 50
) -> parties.Party:
    """The party whose order of a one-time certificate for an act is paid and approved."""
    given = {
        "product": "event",
        "platform_id": party.mall.platform_id,
        "agency_id": "dongfang",
        "seal_agency_id": "",
        "certificate_kind": "platform",
        "years": 0,
        "scope": (act,),
        "enterprise_id": party.enterprise_id,
    }
    who = ordering.fresh(world, party.person)
    placed = world.engine.perform(actions.place_order, given, actor=who)
    ordering.until_ready(world, party, placed.id)
    key = keys.generate(ids.seeded(number, "event"))
    fresh = ordering.fresh(world, party.person)
    return replace(party, order_id=placed.id, key=key, person=fresh)


def event(world: World, party: parties.Party, act: str, *, number: int = 50) -> parties.Party:
    """The party with an active one-time certificate of its enterprise for an act."""
    held = parties.download(world, event_approved(world, party, act, number=number))
    parties.settle(world, rounds=1)
    return held
