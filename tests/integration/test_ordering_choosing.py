"""Choosing: platforms by name, CAs compared by price, rules and how fast they really are (CRT-1)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.kernel import clock
from engine.mall import queries as mall
from engine.ordering import actions, model, queries
from engine.ordering.queries import listing
from engine.policies import model as policies
from tests.support import ordering, parties, registering, worlds

S = model.OrderStatus


@pytest.fixture
def party(any_world):
    return parties.enterprise(any_world, parties.Reviewers.of(any_world))


def offering(world, party, platform_id="guangzheng", product="enterprise", business="new"):
    with world.engine.reader(party.person) as q:
        return queries.offers(q, platform_id=platform_id, product=product, business=business)


def terms(found):
    return {
        one.agency_id: {term.years: term.amount_fen for term in one.terms} for one in found.offers
    }


@pytest.mark.row("CRT-1")
@pytest.mark.parametrize("text", ["阳光采购平台", "阳光", " 采购 ", "sunshine"])
def test_a_platform_is_found_by_a_part_of_its_name(any_world, party, text):
    found = any_world.engine.ask(mall.find_platforms, party.person, text)
    assert list(found) == ["yangguang"]


@pytest.mark.row("CRT-1")
def test_cas_are_compared_by_price_and_term_rules_and_reach(any_world, party):
    found = offering(any_world, party, "yangguang")
    assert terms(found) == {
        "dongfang": {1: 20_000, 2: 40_000, 3: 60_000},
        "huaxia": {1: 16_000, 2: 32_000, 3: 48_000},
    }
    assert [one.certificate_kinds for one in found.offers] == [("platform", "national")] * 2
    assert (found.download_mode, found.payment, found.attachments) == (
        "automatic",
        "after_review",
        (),
    )
    dongfang = found.offers[0]
    assert (dongfang.pin_digits, dongfang.pin_tries, dongfang.promised_ms) == (6, 5, clock.DAY)
    assert (dongfang.refund_percent_ready, dongfang.country_wide) == (80, True)
    assert found.seal_agencies["huayin"].zh
    # No CA that is not recognized in the whole country offers that kind.
    nanfang = next(one for one in offering(any_world, party).offers if one.agency_id == "nanfang")
    assert nanfang.certificate_kinds == ("platform",)


@pytest.mark.row("CRT-1")
@pytest.mark.row("CRT-3")
def test_each_kind_of_business_has_its_prices_papers_and_reviewers(any_world, party):
    lost = offering(any_world, party, business="replacement")
    assert terms(lost) == {"dongfang": {0: 5_000}, "nanfang": {0: 3_000}}
    assert [paper.code for paper in lost.attachments] == ["replacement_application"]
    assert terms(offering(any_world, party, business="change"))["nanfang"] == {0: 0}
    assert terms(offering(any_world, party, business="delegation"))["dongfang"] == {
        1: 10_000,
        3: 27_000,
    }
    event = offering(any_world, party, product="event")
    assert (terms(event)["nanfang"], event.agency_review, event.offered) == (
        {0: 2_000},
        False,
        True,
    )
    own = offering(any_world, party, "yangguang", "individual")
    assert (own.platform_review, own.agency_review, own.seal_agencies) == (False, True, {})
    assert not offering(any_world, party, product="individual").offered
    with pytest.raises(actions.NotOffered):
        offering(any_world, party, product="company")


@pytest.mark.row("CRT-1")
def test_how_fast_a_ca_really_is_is_measured_from_what_it_decided(any_world):
    """The median of the last decisions, from the facts of the log; nothing is said of fewer than three."""
    world = any_world
    reviewers = parties.Reviewers.of(world)
    took = (2 * clock.HOUR, 30 * clock.HOUR, 4 * clock.HOUR)
    for number, hours in enumerate(took, start=1):
        party = parties.order(
            world,
            parties.enterprise(world, reviewers, number=number, name=f"新疆第{number}有限公司"),
        )
        before = {one.agency_id: one.measured_ms for one in offering(world, party).offers}
        assert before == {"dongfang": None, "nanfang": None}
        party = replace(party, person=ordering.fresh(world, party.person))
        parties.pay(world, party)
        parties.hand_in(world, party)
        parties.approve(world, "certificate_platform", party.order_id, reviewers.platform)
        worlds.clock_of(world).advance(hours)
        parties.approve(world, "certificate_ca", party.order_id, reviewers.agency)
    measured = {
        one.agency_id: (one.measured_ms, one.measured_of) for one in offering(world, party).offers
    }
    assert measured == {"dongfang": (4 * clock.HOUR, 3), "nanfang": (None, 0)}


@pytest.mark.row("CRT-5")
def test_the_list_comes_in_parts_and_by_state_kind_and_text(any_world, party, monkeypatch):
    world = any_world
    monkeypatch.setattr(listing, "PAGE", 2)
    made = []
    for _ in range(3):
        placed = parties.order(world, party).order_id
        ordering.perform(world, party, actions.cancel, order_id=placed)
        made.append(placed)
        worlds.clock_of(world).advance(clock.SECOND)
    made.append(parties.order(world, party).order_id)

    def page(**given):
        with world.engine.reader(party.person) as q:
            return queries.listed(q, **given)

    first = page()
    assert [one.id for one in first.orders] == made[:1:-1]
    second = page(before=first.next_before)
    assert ([one.id for one in second.orders], second.next_before) == (made[1::-1], "")
    assert first.counts == {"to_do": 1, "in_review": 0, "completed": 0, "ended": 3}
    assert [one.id for one in page(group="to_do").orders] == [made[3]]
    assert page(product="event").orders == ()
    assert len(page(business="new", group="ended").orders) == 2
    assert [one.id for one in page(text="00003").orders] == [made[2]]
    assert page(text="天山").orders[0].title == party.name
    assert page(text="_").orders == page(text="%").orders == ()
    stranger = registering.sign_up(world, "13700137000")
    with world.engine.reader(stranger) as q:
        assert queries.listed(q).orders == ()


@pytest.mark.row("CRT-5")
@pytest.mark.guide("G-notice-3")
def test_the_detail_tells_what_happened_when_and_who_did_it(any_world, party):
    world = any_world
    party = parties.order(world, party)
    parties.pay(world, party)
    parties.hand_in(world, party)
    parties.approve(world, "certificate_platform", party.order_id, party.reviewers.platform)
    parties.reject(world, "certificate_ca", party.order_id, party.reviewers.agency)
    parties.settle(world)
    found = world.engine.ask(queries.detail, party.person, party.order_id)
    assert [(step.code, step.who, step.amount_fen) for step in found.history] == [
        ("placed", "you", 20_000),
        ("paid", "provider", 20_000),
        ("papers_attached", "you", None),
        ("approved_by_platform", "platform", None),
        ("rejected", "agency", None),
        ("refunding", "system", 20_000),
        ("refunded", "provider", 20_000),
    ]
    assert [step.occurred_at for step in found.history] == sorted(
        s.occurred_at for s in found.history
    )
    assert (found.state, found.cancellable, found.refund_fen) == ("rejected", False, 0)


@pytest.mark.row("CRT-5")
def test_the_history_says_which_reviewer_said_no(any_world, party):
    party = parties.order(any_world, party)
    parties.pay(any_world, party)
    parties.hand_in(any_world, party)
    parties.reject(any_world, "certificate_platform", party.order_id, party.reviewers.platform)
    found = any_world.engine.ask(queries.detail, party.person, party.order_id)
    assert ("rejected", "platform") in [(step.code, step.who) for step in found.history]


def test_what_the_prices_say_can_be_had(any_world, party):
    """Every CA of a platform offers something of each product that the platform lists."""
    for name, platform in any_world.engine.ask(
        lambda q: q.policies(policies.Platform), party.person
    ).items():
        for product in platform.products:
            assert offering(any_world, party, name, product).offers, (name, product)
