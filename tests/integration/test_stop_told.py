"""Who waits while issuing is stopped is told, once at its start and once at its end (OPS-6, MSG-1)."""

from __future__ import annotations

import pytest

from engine.home import workbench
from engine.incidents import actions, model, queries
from engine.issuing import actions as issuing
from engine.issuing import queries as issued
from engine.issuing.model import WaitsWith
from engine.kernel import clock
from engine.messaging import queries as messages
from engine.ordering import actions as ordering
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from tests.support import certifying, fold, parties, worlds
from tests.support.worlds import SYSTEM

TOLD = ("order.paused", "order.resumed")


@pytest.fixture
def officers(any_world):
    """Two who handle incidents."""
    return worlds.staff(any_world, Role.LEAD), worlds.staff(any_world, Role.AGENCY_REVIEWER)


@pytest.fixture
def reviewers(any_world):
    """Who approves."""
    return parties.Reviewers.of(any_world)


def stop(world, who, agency_id="dongfang"):
    """Issuing is stopped, and the worker has had its turn."""
    given = {"agency_id": agency_id, "reason": "密钥核查"}
    made = world.engine.perform(actions.stop_issuing, given, actor=who)
    parties.settle(world)
    return made


def lift(world, found, asks, agrees):
    """Two people let it go on after a while, and the worker has had its turn."""
    worlds.clock_of(world).advance(clock.MINUTE)
    given = {"stop_id": found.id, "reason": "核查完成"}
    world.engine.perform(actions.ask_to_lift, given, actor=asks)
    made = world.engine.perform(actions.lift_stop, {"stop_id": found.id}, actor=agrees)
    parties.settle(world)
    return made


def told(world, person):
    """What a person was told of a stop, oldest first."""
    return [one.kind for one in world.engine.ask(messages.mine, person) if one.kind in TOLD][::-1]


def waiting(world, party):
    """What the person waits with, by the phone's own question."""
    return [one.step for one in world.engine.ask(issued.my_waiting, party.person)]


def unpaid(world, reviewers, **about):
    """A party with an order that nobody has paid."""
    party = parties.order(world, parties.enterprise(world, reviewers, **about))
    parties.settle(world, rounds=1)
    return party


@pytest.mark.row("OPS-6", "MSG-1")
def test_who_waits_is_told_once_and_once_that_it_goes_on(any_world, officers, reviewers):
    world = any_world
    ready = certifying.approved(world, reviewers)
    paying = unpaid(world, reviewers, number=3, name="伊犁河谷农业有限公司")
    asked = certifying.approved(world, reviewers, number=2, name="哈密瓜果贸易有限公司")
    certifying.request(world, asked)
    since = world.engine.now()
    found = stop(world, officers[0])
    everybody = {
        WaitsWith.DOWNLOADING: ready,
        WaitsWith.ISSUING: asked,
        WaitsWith.PAYING: paying,
    }
    for step, party in everybody.items():
        assert told(world, party.person) == ["order.paused"]
        assert waiting(world, party) == [step]
        found_ = world.engine.ask(messages.mine, party.person)
        newest = next(one for one in found_ if one.kind == "order.paused")
        assert (newest.link, newest.category) == (f"orders/{party.order_id}", "order")
        assert world.engine.ask(issued.my_waiting, party.person)[0].since == since
        # Why is not told: no word of the stop's reason, and no id that leads to it.
        assert set(newest.params) == {"number"}
    lift(world, found, *officers)
    for party in everybody.values():
        assert told(world, party.person) == ["order.paused", "order.resumed"]
        assert waiting(world, party) == []
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("OPS-6", "MSG-1")
def test_nobody_else_is_told(any_world, officers, reviewers):
    world = any_world
    certified = parties.certified(world, reviewers)
    # Issued, and not taken into use: it does not wait for its CA.
    issued_ = certifying.approved(world, reviewers, number=2, name="哈密瓜果贸易有限公司")
    certifying.request(world, issued_)
    parties.settle(world)
    elsewhere = certifying.approved(world, reviewers, number=3, name="伊犁河谷农业有限公司")
    reviewed = unpaid(world, reviewers, number=4, name="喀什丝路商贸有限公司")
    parties.pay(world, reviewed)
    parties.hand_in(world, reviewed)
    nanfang = stop(world, officers[0], "nanfang")
    assert told(world, elsewhere.person) == []
    lift(world, nanfang, *officers)
    dongfang = stop(world, officers[0])
    for party in (certified, issued_, reviewed):
        assert (told(world, party.person), waiting(world, party)) == ([], [])
    lift(world, dongfang, *officers)
    for party in (certified, issued_, reviewed):
        assert told(world, party.person) == []
    assert told(world, elsewhere.person) == ["order.paused", "order.resumed"]


@pytest.mark.row("OPS-6", "MSG-1")
def test_who_begins_to_wait_while_it_is_stopped_is_told_then(any_world, officers, reviewers):
    world = any_world
    party = unpaid(world, reviewers)
    parties.pay(world, party)
    parties.hand_in(world, party)
    found = stop(world, officers[0])
    assert told(world, party.person) == []
    worlds.clock_of(world).advance(clock.HOUR)
    parties.approve_order(world, party)
    assert told(world, party.person) == ["order.paused"]
    assert world.engine.ask(issued.my_waiting, party.person)[0].since == found.stopped_at
    lift(world, found, *officers)
    assert told(world, party.person) == ["order.paused", "order.resumed"]


@pytest.mark.row("OPS-6", "MSG-1")
def test_nobody_is_told_twice(any_world, officers, reviewers):
    """Not by a second stop, the end of one of two, a job that is run again, or a review meanwhile."""
    world = any_world
    party = unpaid(world, reviewers)
    own = stop(world, officers[0])
    worlds.clock_of(world).advance(clock.HOUR)
    everywhere = stop(world, officers[0], model.ALL)
    again = {"order_ids": [party.order_id]}
    assert world.engine.perform(issuing.tell_waiting, again, actor=SYSTEM) == 0
    assert told(world, party.person) == ["order.paused"]
    # One stop after the other is one time without issuing.
    lift(world, own, *officers)
    assert told(world, party.person) == ["order.paused"]
    assert world.engine.ask(queries.stopped_since, SYSTEM, "dongfang") == own.stopped_at
    lift(world, everywhere, *officers)
    assert world.engine.perform(issuing.tell_waiting, again, actor=SYSTEM) == 0
    assert told(world, party.person) == ["order.paused", "order.resumed"]
    # Another day is another stop.
    worlds.clock_of(world).advance(clock.DAY)
    later = stop(world, officers[0])
    assert world.engine.ask(queries.stopped_since, SYSTEM, "dongfang") == later.stopped_at
    assert told(world, party.person) == ["order.paused", "order.resumed", "order.paused"]


@pytest.mark.row("OPS-6", "MSG-1")
def test_whoever_was_told_hears_of_the_end_unless_the_order_has_ended(
    any_world, officers, reviewers
):
    world = any_world
    gone = unpaid(world, reviewers)
    short = unpaid(world, reviewers, number=2, name="哈密瓜果贸易有限公司")
    found = stop(world, officers[0])
    world.engine.perform(ordering.cancel, {"order_id": gone.order_id}, actor=gone.person)
    lift(world, found, *officers)
    assert told(world, gone.person) == ["order.paused"]
    assert told(world, short.person) == ["order.paused", "order.resumed"]
    # A stop that is lifted before anybody could be told of it is told to nobody.
    other = unpaid(world, reviewers, number=3, name="伊犁河谷农业有限公司")
    given = {"agency_id": "dongfang", "reason": "密钥核查"}
    made = world.engine.perform(actions.stop_issuing, given, actor=officers[0])
    lift(world, made, *officers)
    assert told(world, other.person) == []


@pytest.mark.row("OPS-6")
def test_the_pc_tells_it_too(any_world, officers, reviewers):
    world = any_world
    party = unpaid(world, reviewers)
    assert world.engine.ask(workbench, party.mall).waiting == ()
    found = stop(world, officers[0])
    (one,) = world.engine.ask(workbench, party.mall).waiting
    assert (one.order_id, one.since, one.step) == (
        party.order_id,
        found.stopped_at,
        WaitsWith.PAYING,
    )


@pytest.mark.row("OPS-6", "OPS-3")
def test_who_stops_is_told_who_could_lift_it_with_them(any_world):
    world = any_world
    lead = worlds.staff(world, Role.LEAD)
    able = world.engine.ask(queries.lifters, lead, "dongfang")
    assert lead.staff_id not in able
    other = worlds.staff(world, Role.AGENCY_REVIEWER, scope_kind="agency", scope_id="dongfang")
    found = {
        agency_id: other.staff_id in world.engine.ask(queries.lifters, lead, agency_id)
        for agency_id in ("dongfang", "nanfang", model.ALL)
    }
    assert found == {"dongfang": True, "nanfang": False, model.ALL: False}


@pytest.mark.row("OPS-6", "OPS-3")
def test_two_accounts_of_one_person_are_not_two_people(any_world, officers):
    world = any_world
    one, other = officers
    found = stop(world, one)
    boss = worlds.staff(world, Role.ADMINISTRATOR)
    for who in officers:
        given = {"staff_id": who.staff_id, "name": "王审核", "phone": "13800138055"}
        world.engine.perform(staffing.change_staff, given, actor=boss)
    assert other.staff_id not in world.engine.ask(queries.lifters, one, "dongfang")
    given = {"stop_id": found.id, "reason": "核查完成"}
    world.engine.perform(actions.ask_to_lift, given, actor=one)
    with worlds.unchanged(world), pytest.raises(actions.AskedYourself):
        world.engine.perform(actions.lift_stop, {"stop_id": found.id}, actor=other)
