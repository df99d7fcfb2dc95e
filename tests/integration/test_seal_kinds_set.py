"""Kinds of seal are data: a new one is a setting that two people agree on; what a new name does to them."""

from __future__ import annotations

import pytest

from engine.kernel import clock
from engine.policies import actions as settings
from engine.policies import model as policies
from engine.policies import queries as policy_queries
from engine.sealing import model, queries
from tests.support import fold, malls, parties, seal_owners, worlds

BODY = {
    "label": {"zh": "投标专用章", "en": "Bidding seal"},
    "shape": "round",
    "sizes_mm": ["40", "38"],
    "line": "投标专用章",
    "route": "form",
    "bears": "enterprise",
    "needs_tax_number": False,
    "filed": True,
    "at_most": 1,
    "colours": ["red"],
}


def agree(world, name, **changes):
    one, other = malls.two_leads(world)
    body = {**BODY, **changes}
    given = {"kind": "seal_kind", "name": name, "body": body, "effective_at": 0}
    proposed = world.engine.perform(settings.propose, given, actor=one)
    world.engine.perform(settings.approve, {"version_id": proposed.id}, actor=other)


@pytest.mark.row("SEA-3")
def test_a_kind_of_a_known_shape_and_way_is_added_without_code(any_world):
    world = any_world
    party = parties.certified(world, parties.Reviewers.of(world))
    with worlds.unchanged(world), pytest.raises(queries.KindNotOffered):
        seal_owners.apply(world, party, "bidding")
    agree(world, "bidding")
    shown = world.engine.ask(queries.kinds, party.person, party.enterprise_id)
    (kind,) = [one for one in shown if one.kind == "bidding"]
    assert (kind.label.zh, kind.usual_name, kind.why_not) == ("投标专用章", "投标专用章", "")
    seal = seal_owners.made(world, party, "bidding")
    assert (seal.kind, seal.width_mm, seal.status) == ("bidding", 40, model.SealStatus.ACTIVE)
    assert world.engine.ask(queries.filing, worlds.SYSTEM, seal.id)
    with worlds.unchanged(world), pytest.raises(queries.SealExists):
        seal_owners.apply(world, party, "bidding")
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("SEA-3")
def test_a_setting_that_changes_changes_what_is_offered_from_its_day_on(world):
    party = parties.certified(world, parties.Reviewers.of(world))
    made = seal_owners.made(world, party, "personnel")
    found = world.engine.ask(
        policy_queries.in_force, worlds.SYSTEM, policies.SealKindRule, "personnel"
    )
    body = {**found.model_dump(mode="json"), "at_most": 2, "sizes_mm": ["40"]}
    agree(world, "personnel", **body)
    again = seal_owners.made(world, party, "personnel", name="人事专用章（二）")
    # What was made stays as it is.
    assert (seal_owners.seal(world, made.id).width_mm, again.width_mm) == (38, 40)


@pytest.mark.row("ENT-4")
@pytest.mark.row("SEA-3")
def test_a_change_of_the_name_is_told_of_every_seal_that_bears_it(world):
    party = parties.sealed(world, parties.Reviewers.of(world))
    seals = [
        seal_owners.made(world, party, kind, name=name)
        for kind, name in (
            ("contract", "东区合同章"),
            ("contract", "西区合同章"),
            ("finance", "财务章"),
        )
    ]
    asked = seal_owners.apply(world, party, "invoice")
    worlds.clock_of(world).advance(clock.HOUR)
    with world.engine.reader(worlds.SYSTEM) as q:
        found = queries.follows(q, party.enterprise_id, frozenset({"name"}))
        other = queries.follows(q, party.enterprise_id, frozenset({"legal_representative"}))
    fates = {one.subject: one.fate for one in found}
    assert {fates[one.id] for one in seals} == {model.Fate.MADE_ANEW}
    assert fates[party.seal_id] is model.Fate.MADE_ANEW
    assert fates[asked.id] is model.Fate.CARRIED_OVER
    assert {one.kind for one in other} == {"representative", "signature"}
