"""Certificate orders from placing to their end, and every refusal on the way."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.boot import tables
from engine.kernel import actors, clock, errors
from engine.mall import model as mall_model
from engine.messaging import queries as messages
from engine.ordering import actions, model, queries
from engine.policies import model as policies
from engine.reviewing import actions as reviewing
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from tests.support import fold, parties, registering, worlds
from tests.support.worlds import SYSTEM

S = model.OrderStatus
CHOICE = {
    "platform_id": "guangzheng",
    "agency_id": "dongfang",
    "seal_agency_id": "huayin",
    "certificate_kind": "platform",
    "years": 1,
}


@pytest.fixture
def reviewers(world):
    return parties.Reviewers.of(world)


@pytest.fixture
def party(world, reviewers):
    """An approved enterprise, onboarded at a platform that is paid first and asks for a paper."""
    return parties.enterprise(world, reviewers)


def place(world, party, **changes):
    """Place an order as the party's person."""
    arguments = {"enterprise_id": party.enterprise_id, **CHOICE, **changes}
    return world.engine.perform(actions.place_order, arguments, actor=party.person)


def order_of(world, party):
    """The party's order as it is now."""
    return world.engine.ask(queries.order, SYSTEM, party.order_id)


def told(world, party):
    """Codes of the person's messages, newest first, and whether each asks for a step."""
    return [(m.kind, m.todo) for m in world.engine.ask(messages.mine, party.person)]


def ledger(world, party):
    """What the accounts of the ledger hold of the party's order, in fen; none that holds nothing."""
    sums: dict[str, int] = {}
    for line in world.engine.ask(queries.ledger, SYSTEM, party.order_id):
        sums[line.account] = sums.get(line.account, 0) + line.amount_fen
    return {account: held for account, held in sums.items() if held}


# -- the line --------------------------------------------------------------------------------


@pytest.mark.row("CRT-1")
def test_paid_before_review_with_papers(any_world):
    world = any_world
    party = parties.order(world, parties.enterprise(world, parties.Reviewers.of(world)))
    seen = [order_of(world, party).status]
    parties.pay(world, party)
    seen.append(order_of(world, party).status)
    parties.hand_in(world, party)
    seen.append(order_of(world, party).status)
    parties.approve(world, "certificate_platform", party.order_id, party.reviewers.platform)
    seen.append(order_of(world, party).status)
    parties.approve(world, "certificate_ca", party.order_id, party.reviewers.agency)
    seen.append(order_of(world, party).status)
    assert told(world, party)[0] == ("certificate.ready", 1)
    party = parties.download(world, party)
    seen.append(order_of(world, party).status)
    assert seen == [
        S.AWAITING_PAYMENT,
        S.AWAITING_PAPERS,
        S.PLATFORM_REVIEW,
        S.AGENCY_REVIEW,
        S.AWAITING_DOWNLOAD,
        S.COMPLETED,
    ]
    assert ledger(world, party) == {"provider_clearing": 20_000, "revenue_new": -20_000}
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("CRT-1")
def test_paid_after_review_without_papers(world, reviewers):
    party = parties.enterprise(world, reviewers, platform_id="yangguang")
    placed = place(world, party, platform_id="yangguang", agency_id="huaxia", years=2)
    party = replace(party, order_id=placed.id)
    assert placed.status is S.PLATFORM_REVIEW
    assert placed.amount_fen == 2 * 16_000
    assert worlds.rows(world, "SELECT id FROM payment") == []
    with pytest.raises(actions.NothingToPay), worlds.unchanged(world):
        world.engine.perform(actions.pay, {"order_id": placed.id}, actor=party.person)
    parties.approve_order(world, party)
    assert order_of(world, party).status is S.AWAITING_PAYMENT
    assert ("order.payment_wanted", 1) in told(world, party)
    parties.pay(world, party)
    assert order_of(world, party).status is S.AWAITING_DOWNLOAD
    assert told(world, party)[0] == ("certificate.ready", 1)
    parties.download(world, party)
    assert order_of(world, party).status is S.COMPLETED
    assert parties.violations(world) == {}
    fold.require(world)


def test_an_order_keeps_its_price_list_and_its_number_counts_the_days_orders(world, reviewers):
    first = place(world, parties.enterprise(world, reviewers))
    second = place(
        world, parties.enterprise(world, reviewers, number=2, name="新疆昆仑商贸有限公司"), years=3
    )
    assert (first.number, second.number) == ("CA2026060100001", "CA2026060100002")
    assert (first.amount_fen, second.amount_fen) == (20_000, 60_000)
    kept = worlds.rows(
        world, "SELECT kind, name FROM policy_version WHERE id = ?", first.policy_version
    )
    assert kept == [{"kind": "certificate_agency", "name": "dongfang"}]
    worlds.clock_of(world).advance(clock.DAY)
    third = place(world, parties.enterprise(world, reviewers, number=3, name="新疆天池有限公司"))
    assert third.number == "CA2026060200001"


# -- the two reviews ----------------------------------------------------------------------------


def in_review(world, party):
    """With a paid order before the platform's reviewers."""
    party = parties.order(world, party)
    parties.pay(world, party)
    parties.hand_in(world, party)
    return party


@pytest.mark.row("CRT-1")
def test_who_approved_for_the_platform_can_not_approve_for_the_ca(world, party):
    both = worlds.staff(world, Role.PLATFORM_REVIEWER, Role.AGENCY_REVIEWER)
    party = in_review(world, party)
    parties.approve(world, "certificate_platform", party.order_id, both)
    case_id = parties.open_case(world, "certificate_ca", party.order_id)
    with pytest.raises(reviewing.MakerIsNotChecker), worlds.unchanged(world):
        world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=both)
    parties.approve(world, "certificate_ca", party.order_id, party.reviewers.agency)
    found = order_of(world, party)
    assert found.platform_approved_by == both.text
    assert found.agency_approved_by == party.reviewers.agency.text


def test_both_reviews_show_the_applicant_one_label(world, party):
    party = in_review(world, party)
    labels = [queries.shown_status(order_of(world, party))]
    parties.approve(world, "certificate_platform", party.order_id, party.reviewers.platform)
    labels.append(queries.shown_status(order_of(world, party)))
    assert labels == ["in_review", "in_review"]


@pytest.mark.row("CRT-5")
@pytest.mark.parametrize("stage", ["certificate_platform", "certificate_ca"])
def test_a_rejected_order_says_why_and_its_money_goes_back(world, party, stage):
    party = in_review(world, party)
    if stage == "certificate_ca":
        parties.approve(world, "certificate_platform", party.order_id, party.reviewers.platform)
        parties.reject(world, stage, party.order_id, party.reviewers.agency)
    else:
        parties.reject(world, stage, party.order_id, party.reviewers.platform)
    found = order_of(world, party)
    assert found.status is S.REJECTED
    assert found.reasons
    assert told(world, party)[0] == ("order.rejected", 1)
    parties.settle(world)
    assert ledger(world, party) == {}
    assert worlds.rows(world, "SELECT status FROM payment") == [{"status": "refunded"}]
    assert worlds.kinds(world).count("order.refunded") == 1
    assert parties.violations(world) == {}
    assert place(world, party).status is S.AWAITING_PAYMENT


def test_reviewers_see_fields_papers_and_checks(world, party):
    party = in_review(world, party)
    for kind, who in (
        ("certificate_platform", party.reviewers.platform),
        ("certificate_ca", party.reviewers.agency),
    ):
        sheet = world.engine.ask(tables.SHEETS[kind], who, party.order_id)
        values = {field.name: field.value for field in sheet.fields}
        assert values["enterprise"] == party.name
        assert values["amount"] == "200.00"
        assert registering.NAME not in values["applicant"]
        assert [paper.media_type for paper in sheet.papers] == ["image/png"]
        assert all(check.ok for check in sheet.checks)


# -- taking back ----------------------------------------------------------------------------------


@pytest.mark.row("CRT-5")
def test_a_cancelled_order_leaves_the_queue_and_its_money_goes_back(world, party):
    party = in_review(world, party)
    cancelled = world.engine.perform(
        actions.cancel, {"order_id": party.order_id}, actor=party.person
    )
    assert cancelled.status is S.CANCELLED
    assert worlds.rows(
        world, "SELECT status FROM review_case WHERE subject_id = ?", cancelled.id
    ) == [{"status": "withdrawn"}]
    parties.settle(world)
    assert ledger(world, party) == {}
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(world):
        world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)


@pytest.mark.row("CRT-5")
@pytest.mark.parametrize("held", [False, True])
def test_an_order_is_taken_back_while_the_cas_reviewer_has_it(any_world, held):
    party = in_review(any_world, parties.enterprise(any_world, parties.Reviewers.of(any_world)))
    agency = party.reviewers.agency
    parties.approve(any_world, "certificate_platform", party.order_id, party.reviewers.platform)
    case_id = parties.open_case(any_world, "certificate_ca", party.order_id)
    any_world.engine.perform(reviewing.claim, {"case_id": case_id}, actor=agency)
    if held:
        waits = {"case_id": case_id, "reason": "applicant_asked"}
        any_world.engine.perform(reviewing.hold, waits, actor=agency)
    any_world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    with pytest.raises(errors.IllegalTransition), worlds.unchanged(any_world):
        any_world.engine.perform(reviewing.approve, {"case_id": case_id}, actor=agency)
    parties.settle(any_world)
    assert ledger(any_world, party) == {}


def test_money_that_comes_for_a_cancelled_order_goes_back(world, party):
    party = parties.order(world, party)
    parties.settle(world, rounds=1)
    payment = world.engine.perform(actions.pay, {"order_id": party.order_id}, actor=party.person)
    world.engine.perform(actions.cancel, {"order_id": party.order_id}, actor=party.person)
    world.bank.pay(payment.id)
    parties.settle(world)
    assert order_of(world, party).status is S.CANCELLED
    assert ledger(world, party) == {}
    assert parties.violations(world) == {}


def test_an_order_is_its_applicants_and_nobody_elses(world, party):
    party = parties.order(world, party)
    other = parties.enterprise(
        world,
        party.reviewers,
        number=2,
        name="新疆昆仑商贸有限公司",
        role=mall_model.MallRole.PURCHASER,
    )
    for action in (actions.cancel, actions.pay):
        with pytest.raises(errors.NotFound), worlds.unchanged(world):
            world.engine.perform(action, {"order_id": party.order_id}, actor=other.person)
    for actor in (other.person, other.mall, party.mall, actors.Machine(name="payment")):
        for question in (queries.order, queries.payment_of):
            with pytest.raises(errors.NotFound):
                world.engine.ask(question, actor, party.order_id)
    assert world.engine.ask(queries.mine, other.person) == []
    assert [o.id for o in world.engine.ask(queries.mine, party.person)] == [party.order_id]


def test_staff_see_the_orders_of_their_scope(world, party):
    party = parties.order(world, party)
    for kind, scope in (("platform", "guangzheng"), ("agency", "dongfang")):
        near = worlds.staff(world, Role.PLATFORM_REVIEWER, scope_kind=kind, scope_id=scope)
        assert world.engine.ask(queries.order, near, party.order_id).id == party.order_id
    for kind, scope in (("platform", "yangguang"), ("agency", "huaxia")):
        far = worlds.staff(world, Role.PLATFORM_REVIEWER, scope_kind=kind, scope_id=scope)
        with pytest.raises(staffing.MayNot):
            world.engine.ask(queries.order, far, party.order_id)


def test_the_platforms_of_the_data_are_those_the_tests_mean(world):
    found = world.engine.ask(lambda q: q.policies(policies.Platform), SYSTEM)
    assert found["guangzheng"].payment == "before_review"
    assert found["yangguang"].payment == "after_review"
    assert found["yangguang"].attachments == ()
