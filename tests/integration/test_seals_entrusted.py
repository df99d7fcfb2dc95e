"""A seal entrusted to a member: for which acts, until when, taken back at once; the log of uses (ENT-3)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.issuing import actions as issuing
from engine.issuing import model as certificates
from engine.kernel import clock, errors
from engine.kernel.engine import SecondFactorNeeded
from engine.registration import actions as registration
from engine.registration import model as people_model
from engine.registration import queries as people
from engine.sealing import actions, model, queries
from tests.support import covering, fold, ordering, parties, seal_owners, trading, worlds
from tests.support.worlds import SYSTEM


@pytest.fixture
def party(world):
    return parties.sealed(world, parties.Reviewers.of(world))


@pytest.fixture
def member(world, party):
    return covering.delegated(
        world, party, ordering.colleague(world, party), "contract", "bid", seal=False
    )


def use(world, holder, seal_id, act="contract"):
    with world.engine.reader(SYSTEM) as q:
        held = q.get(certificates.Certificate, "certificate", holder.certificate_id)
        return queries.require_usable(q, seal_id, held, act=act)


@pytest.mark.row("ENT-3")
def test_a_member_uses_a_seal_only_once_it_is_entrusted_and_is_told(world, party, member):
    with pytest.raises(queries.NotEntrusted):
        use(world, member, party.seal_id)
    given = seal_owners.entrust(world, party, member, party.seal_id, "contract")
    assert use(world, member, party.seal_id).id == party.seal_id
    assert ordering.messages(world, member.person)[-1] == ("seal.entrusted", False)
    (mine,) = world.engine.ask(queries.delegated_to_me, member.person)
    assert (mine.id, mine.status, mine.acts) == (given.id, "active", ("contract",))
    assert mine.enterprise == party.name
    # Names of people are masked, also for the administrator.
    (shown,) = world.engine.ask(queries.delegations, party.person, party.seal_id)
    assert shown.member == "王*明"
    fold.require(world)


@pytest.mark.row("ENT-3")
def test_scope_and_term_hold(world, party, member):
    seal_owners.entrust(world, party, member, party.seal_id, "bid", days=10)
    assert use(world, member, party.seal_id, "bid")
    with pytest.raises(queries.ActNotEntrusted):
        use(world, member, party.seal_id, "contract")
    worlds.clock_of(world).advance(10 * clock.DAY)
    with pytest.raises(queries.DelegationOver):
        use(world, member, party.seal_id, "bid")
    (shown,) = world.engine.ask(queries.delegations, party.person, party.seal_id)
    assert shown.status == "expired"
    # After its end it can be given anew, without taking anything back.
    seal_owners.entrust(world, party, member, party.seal_id, "contract")
    assert use(world, member, party.seal_id)
    statuses = [
        one.status for one in world.engine.ask(queries.delegations, party.person, party.seal_id)
    ]
    assert statuses == ["active", "ended"]
    assert parties.violations(world) == {}


@pytest.mark.row("ENT-3")
def test_what_was_entrusted_is_taken_back_at_once(world, party, member):
    given = seal_owners.entrust(world, party, member, party.seal_id)
    with worlds.unchanged(world), pytest.raises(people.NotAMember):
        world.engine.perform(
            actions.withdraw_seal_delegation, {"delegation_id": given.id}, actor=member.person
        )
    # Of two messages of one instant chance says which is the newest.
    worlds.clock_of(world).advance(1)
    found = world.engine.perform(
        actions.withdraw_seal_delegation, {"delegation_id": given.id}, actor=party.person
    )
    assert found.status is model.DelegationStatus.WITHDRAWN
    with pytest.raises(queries.NotEntrusted):
        use(world, member, party.seal_id)
    assert ordering.messages(world, member.person)[-1][0] == "seal.entrusting_withdrawn"


@pytest.mark.row("ENT-3")
def test_it_ends_when_the_member_leaves(world, party, member):
    seal_owners.entrust(world, party, member, party.seal_id)
    world.engine.perform(
        registration.leave_enterprise,
        {"enterprise_id": party.enterprise_id},
        actor=ordering.fresh(world, member.person),
    )
    (shown,) = world.engine.ask(queries.delegations, party.person, party.seal_id)
    assert (shown.status, shown.why) == ("ended", "member_left")
    assert parties.violations(world) == {}


@pytest.mark.row("ENT-3")
def test_it_ends_when_the_members_last_certificate_ends(world, party, member):
    seal_owners.entrust(world, party, member, party.seal_id)
    world.engine.perform(
        issuing.revoke,
        {"certificate_id": member.certificate_id, "reason": "keyCompromise"},
        actor=ordering.fresh(world, member.person),
    )
    (shown,) = world.engine.ask(queries.delegations, party.person, party.seal_id)
    assert (shown.status, shown.why) == ("ended", "certificate_ended")


@pytest.mark.row("ENT-3")
def test_it_ends_when_the_seal_gives_way_to_another(world, party, member):
    seal = seal_owners.made(world, party, name="东区合同章")
    seal_owners.entrust(world, party, member, seal.id)
    asked = seal_owners.perform(world, party, actions.remake_seal, seal_id=seal.id, reason="worn")
    seal_owners.decide(world, party, asked.id)
    (shown,) = world.engine.ask(queries.delegations, party.person, seal.id)
    assert (shown.status, shown.why) == ("ended", "seal_replaced")


@pytest.mark.parametrize(
    ("about", "refusal"),
    [
        ({"acts": ()}, actions.ActsMissing),
        ({"valid_to": -1}, actions.TermInvalid),
        ({"valid_to": 4 * 366 * clock.DAY}, actions.TermInvalid),
        ({"account_id": "acc_nobody"}, actions.NotAColleague),
    ],
    ids=["no acts", "past", "too long", "no member"],
)
def test_what_cannot_be_entrusted(world, party, member, about, refusal):
    now = world.engine.now()
    given = {
        "seal_id": party.seal_id,
        "account_id": member.person.account_id,
        "acts": ("contract",),
        **about,
        "valid_to": now + about.get("valid_to", clock.DAY),
    }
    with worlds.unchanged(world), pytest.raises(refusal):
        seal_owners.perform(world, party, actions.delegate_seal, **given)


def test_it_is_entrusted_once_to_whom_needs_it_and_with_a_code(world, party, member):
    seal_owners.entrust(world, party, member, party.seal_id)
    with worlds.unchanged(world), pytest.raises(actions.EntrustedAlready):
        seal_owners.entrust(world, party, member, party.seal_id)
    user = ordering.colleague(
        world,
        party,
        phone="13900139001",
        sequence="025",
        name="李小军",
        role=people_model.MemberRole.SEAL_USER,
    )
    with worlds.unchanged(world), pytest.raises(actions.MayAlready):
        seal_owners.entrust(world, party, user, party.seal_id)
    given = {
        "seal_id": party.seal_id,
        "account_id": member.person.account_id,
        "acts": ("contract",),
        "valid_to": world.engine.now() + clock.DAY,
    }
    long_ago = replace(party.person, second_factor_at=world.engine.now() - clock.HOUR)
    with worlds.unchanged(world), pytest.raises(SecondFactorNeeded):
        world.engine.perform(actions.delegate_seal, given, actor=long_ago)


@pytest.mark.row("ENT-3")
def test_each_use_is_logged_with_who_what_and_the_documents_digest(any_world):
    world = any_world
    deal = trading.trade(world)
    party = deal.purchaser
    digest = "ab" * 32

    def used(op, *, seal_id, by):
        return actions.record_use(
            op, seal_id, by=by, purpose="contract", subject="sig_1", digest_hex=digest
        )

    used.__module__ = "engine.sealing.test"
    given = {"seal_id": party.seal_id, "by": party.person.account_id}
    world.engine.perform(used, given, actor=SYSTEM)
    shown = world.engine.ask(queries.uses, party.person, party.seal_id)
    assert len(shown) == 1
    assert (shown[0].act, shown[0].subject, shown[0].digest_hex) == ("contract", "sig_1", digest)
    assert (shown[0].delegated, shown[0].result) == (False, "signed")
    for actor in (deal.supplier.person, deal.supplier.mall):
        with pytest.raises((errors.NotPermitted, errors.NotFound)):
            world.engine.ask(queries.uses, actor, party.seal_id)
    assert world.engine.ask(queries.uses, party.mall, party.seal_id) == shown
    assert world.engine.ask(queries.deletion, party.person, party.seal_id).uses == 1
    fold.require(world)
