"""Services over time: renewed, reminded of, ended, lapsed, given up, their money back by rule (PAY-2)."""

from __future__ import annotations

import pytest

from engine import worker
from engine.kernel import clock, workflow
from engine.registration import actions as registration
from engine.subscribing import actions, model, queries
from tests.support import fold, moneys, parties, registering, services, worlds

S = model.ServiceStatus


@pytest.fixture
def person(world):
    made = registering.sign_up(world, "13800138000")
    registering.prove(world, made)
    return made


def kinds(world, person):
    sql = "SELECT kind FROM message WHERE account_id = ? ORDER BY created_at, id"
    return [row["kind"] for row in worlds.rows(world, sql, person.account_id)]


def stands(world):
    assert parties.violations(world) == {}
    fold.require(world)


@pytest.mark.row("PAY-2")
def test_nobody_pays_and_the_order_lapses_with_its_payment_closed(any_world):
    world = any_world
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    placed = services.place(world, person)
    shown = world.engine.ask(queries.detail, person, placed.id)
    assert shown.lapses_at == placed.created_at + 72 * clock.HOUR
    services.wait_until(world, shown.lapses_at - 1)
    assert services.order(world, placed.id).status is S.AWAITING_PAYMENT
    services.wait_until(world, shown.lapses_at)
    found = services.order(world, placed.id)
    assert (found.status, found.ended_at) == (S.CANCELLED, shown.lapses_at)
    assert kinds(world, person)[-1] == "service.lapsed"
    assert moneys.holds(world, "receivable") == 0
    parties.settle(world)
    assert services.payment(world, placed.id).status.value == "closed"
    stands(world)


@pytest.mark.row("PAY-2")
def test_an_unpaid_order_is_taken_back_and_a_paid_one_is_not(world, person):
    placed = services.place(world, person)
    world.engine.perform(actions.cancel, {"order_id": placed.id}, actor=person)
    assert services.order(world, placed.id).status is S.CANCELLED
    found = services.paid(world, person)
    with pytest.raises(workflow.NotPossibleNow), worlds.unchanged(world):
        world.engine.perform(actions.cancel, {"order_id": found.id}, actor=person)
    stands(world)


@pytest.mark.row("PAY-2")
@pytest.mark.parametrize(
    ("after", "unused"),
    [(-1, 12), (0, 11), (1, 11), (40 * clock.DAY, 10), (364 * clock.DAY, 0)],
)
def test_giving_up_brings_the_months_back_that_have_not_begun(world, person, after, unused):
    services.change(world, "tender_alerts", refund_percent=80)
    found = services.paid(world, person)
    now = found.starts_at + after
    whole = after < 0
    given = found.amount_fen if whole else found.amount_fen * unused * 80 // 1200
    assert model.refund_fen(found, now, 80) == given
    assert model.unused_months(found, now) == unused


@pytest.mark.row("PAY-2")
def test_a_running_service_is_given_up_and_the_rest_goes_back_in_one_refund(any_world):
    world = any_world
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    found = services.paid(world, person)
    services.days(world, 40)
    shown = world.engine.ask(queries.detail, person, found.id)
    assert (shown.refundable, shown.unused_months) == (True, 10)
    assert shown.refund_fen == 10 * 3900
    services.give_up(world, person, found.id)
    assert services.order(world, found.id).status is S.REFUNDED
    payment = services.payment(world, found.id)
    assert payment.status.value == "partly_refunded"
    assert moneys.holds(world, "revenue_information") == -2 * 3900
    with pytest.raises(actions.NothingToGiveUp), worlds.unchanged(world):
        services.give_up(world, person, found.id)
    stands(world)


@pytest.mark.row("PAY-2")
def test_a_renewal_continues_the_service_and_goes_back_whole_before_it_begins(any_world):
    world = any_world
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    services.change(world, "tender_alerts", refund_percent=50)
    first = services.paid(world, person, months=3)
    later = services.paid(world, person, months=1)
    assert (later.starts_at, later.follows) == (first.ends_at, first.id)
    shown = world.engine.ask(queries.detail, person, later.id)
    assert (shown.order.state, shown.refund_fen) == ("to_begin", later.amount_fen)
    with pytest.raises(actions.RenewalFollows) as refused, worlds.unchanged(world):
        services.give_up(world, person, first.id)
    assert refused.value.params["number"] == later.number
    services.give_up(world, person, later.id)
    assert services.payment(world, later.id).status.value == "refunded"
    assert world.engine.ask(queries.detail, person, first.id).refundable
    stands(world)


@pytest.mark.row("PAY-2")
def test_the_end_is_told_on_each_day_of_notice_and_comes(world, person):
    found = services.paid(world, person, months=6)
    told = []
    for day in (30, 7, 1):
        services.wait_until(world, found.ends_at - day * clock.DAY - 1)
        assert kinds(world, person).count("service.ends_soon") == len(told)
        services.wait_until(world, found.ends_at - day * clock.DAY)
        told.append(day)
        assert kinds(world, person).count("service.ends_soon") == len(told)
    sql = "SELECT done_at FROM message WHERE kind = 'service.ends_soon' ORDER BY created_at"
    done = [row["done_at"] is not None for row in worlds.rows(world, sql)]
    assert done == [True, True, False]
    services.wait_until(world, found.ends_at)
    assert services.order(world, found.id).status is S.COMPLETED
    assert kinds(world, person)[-1] == "service.has_ended"
    assert all(row["done_at"] for row in worlds.rows(world, sql))
    stands(world)


@pytest.mark.row("PAY-2")
def test_nobody_is_reminded_who_has_renewed(world, person):
    first = services.paid(world, person, months=3)
    later = services.paid(world, person, months=3)
    services.wait_until(world, first.ends_at)
    assert "service.ends_soon" not in kinds(world, person)
    assert "service.has_ended" not in kinds(world, person)
    assert services.order(world, first.id).status is S.COMPLETED
    shown = world.engine.ask(queries.detail, person, later.id)
    assert shown.order.state == "active"


@pytest.mark.row("PAY-2")
def test_a_month_has_its_civil_length_also_at_the_end_of_january():
    def at(text):
        day = clock.datetime.datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)
        return clock.from_datetime(day)

    assert model.months_after(at("2027-01-31T10:00"), 1) == at("2027-02-28T10:00")
    assert model.months_after(at("2028-01-31T10:00"), 1) == at("2028-02-29T10:00")
    assert model.months_after(at("2026-11-30T00:00"), 3) == at("2027-02-28T00:00")
    assert model.months_after(at("2026-12-15T23:59"), 12) == at("2027-12-15T23:59")


@pytest.mark.row("PAY-2", "S-CAN-1")
def test_an_unpaid_order_and_a_running_service_of_one_s_own_keep_an_account_open(world, person):
    placed = services.place(world, person)
    codes = [one.code for one in queries_of_closing(world, person)]
    assert codes == ["blocker.service_unpaid"]
    services.pay(world, person, placed.id)
    codes = [one.code for one in queries_of_closing(world, person)]
    assert codes == ["blocker.service_running"]
    services.give_up(world, person, placed.id)
    assert queries_of_closing(world, person) == []


def queries_of_closing(world, person):
    with world.engine.reader(person) as q:
        return queries.blockers(q, person.account_id)


@pytest.mark.row("PAY-2")
def test_what_ends_with_an_enterprise_goes_back_by_rule(any_world):
    world = any_world
    party = parties.enterprise(world, parties.Reviewers.of(world))
    given = {"enterprise_id": party.enterprise_id}
    runs = services.paid(world, party.person, **given)
    waits = services.place(world, party.person, platform_id="yangguang", **given)
    world.engine.perform(
        registration.close_enterprise,
        {"enterprise_id": party.enterprise_id},
        actor=services.fresh(world, party.person),
    )
    parties.settle(world)
    assert services.order(world, runs.id).status is S.REFUNDED
    assert services.order(world, waits.id).status is S.CANCELLED
    assert moneys.holds(world, "revenue_information") == -3900
    stands(world)


@pytest.mark.row("PAY-2")
def test_a_job_that_comes_late_or_twice_does_nothing(world, person):
    found = services.paid(world, person)
    for act in (actions.lapse, actions.watch):
        world.engine.perform(act, {"order_id": found.id}, actor=worlds.SYSTEM)
    assert services.order(world, found.id) == found
    worker.run_due(world)
