"""Information and platform services: the catalogue, ordering, paying, and what is refused (PAY-2)."""

from __future__ import annotations

import dataclasses

import pytest

from engine import worker
from engine.kernel import clock, errors
from engine.ordering import actions as ordering
from engine.ordering import queries as orders
from engine.registration import queries as people
from engine.subscribing import actions, model, queries
from tests.support import fold, moneys, parties, registering, services, worlds

S = model.ServiceStatus


@pytest.fixture
def person(world):
    made = registering.sign_up(world, "13800138000")
    registering.prove(world, made)
    return made


class Watching:
    """A cashier that notes what payments are called."""

    def __init__(self, inner):
        self._inner, self.seen = inner, []

    def __getattr__(self, name):
        return getattr(self._inner, name)

    def create(self, charge):
        """Note it, and pass it on."""
        self.seen.append(charge.description)
        return self._inner.create(charge)


def stands(world):
    """Nothing is wrong with the books, and the log tells the tables."""
    assert parties.violations(world) == {}
    fold.require(world)


def messages(world, person):
    sql = "SELECT kind FROM message WHERE account_id = ? ORDER BY created_at, id"
    return [row["kind"] for row in worlds.rows(world, sql, person.account_id)]


@pytest.mark.row("PAY-2")
def test_the_catalogue_names_prices_terms_and_platforms(world, person):
    found = world.engine.ask(queries.catalogue, person)
    assert {one.category for one in found} == set(model.CATEGORIES)
    alerts = next(one for one in found if one.service_id == "tender_alerts")
    assert [(term.months, term.amount_fen) for term in alerts.terms] == [
        (1, 3900),
        (3, 11700),
        (6, 23400),
        (12, 46800),
    ]
    assert {place.platform_id for place in alerts.platforms} == {"guangzheng", "yangguang"}
    of_platform = world.engine.ask(queries.catalogue, person, category="platform")
    assert {one.service_id for one in of_platform} == {"trading_seat", "document_storage"}
    [here] = world.engine.ask(
        queries.catalogue, person, category="platform", platform_id="guangzheng"
    )
    assert here.service_id == "trading_seat"


@pytest.mark.row("PAY-2")
def test_a_person_orders_and_pays_and_the_service_begins_then(any_world):
    world = any_world
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    placed = services.place(world, person, months=6, quantity=2)
    assert placed.number.startswith("FW2026")
    assert (placed.status, placed.amount_fen) == (S.AWAITING_PAYMENT, 2 * 6 * 3900)
    services.pay(world, person, placed.id)
    found = services.order(world, placed.id)
    assert found.status is S.ACTIVE
    assert found.paid_at == found.starts_at
    assert found.ends_at == model.months_after(found.starts_at, 6)
    assert messages(world, person)[-1] == "service.paid"
    assert moneys.holds(world, "revenue_information") == -placed.amount_fen
    assert moneys.holds(world, "receivable") == 0
    [shown] = world.engine.ask(queries.mine, person)
    assert (shown.state, shown.enterprise_name) == ("active", "")
    moneys.next_morning(world)
    assert moneys.cases(world) == []
    stands(world)


@pytest.mark.row("PAY-2")
def test_an_enterprise_orders_a_platform_service_where_it_is_onboarded(world):
    party = parties.enterprise(world, parties.Reviewers.of(world))
    found = services.paid(
        world,
        party.person,
        service_id="trading_seat",
        months=3,
        enterprise_id=party.enterprise_id,
    )
    assert (found.category, found.holder) == ("platform", party.enterprise_id)
    assert moneys.holds(world, "revenue_platform") == -3 * 19900
    with pytest.raises(actions.ServiceWantsOnboarding), worlds.unchanged(world):
        services.place(
            world,
            party.person,
            service_id="trading_seat",
            platform_id="yangguang",
            months=3,
            enterprise_id=party.enterprise_id,
        )
    [shown] = world.engine.ask(queries.mine, party.person, category="platform")
    assert shown.enterprise_name == party.name
    assert world.engine.ask(queries.mine, party.person, category="information") == []


@pytest.mark.row("PAY-2")
@pytest.mark.parametrize(
    ("chosen", "refused"),
    [
        ({"months": 2}, actions.ServiceTermNotOffered),
        ({"months": 0}, actions.ServiceTermNotOffered),
        ({"quantity": 0}, actions.QuantityNotOffered),
        ({"quantity": 51}, actions.QuantityNotOffered),
        ({"service_id": "nothing"}, actions.ServiceClosed),
        ({"service_id": "document_storage"}, actions.ServiceClosed),
        ({"service_id": "trading_seat", "months": 3}, actions.BuyerNotServed),
        ({"platform_id": "nowhere"}, errors.NotFound),
        ({"enterprise_id": "ent_nobody"}, people.NotAMember),
    ],
)
def test_what_is_not_offered_is_refused_and_leaves_no_trace(world, person, chosen, refused):
    with pytest.raises(refused), worlds.unchanged(world):
        services.place(world, person, **chosen)


@pytest.mark.row("PAY-2")
def test_somebody_whose_name_is_not_proven_orders_nothing(world):
    someone = registering.sign_up(world, "13800138000")
    with pytest.raises(people.NotRealNamed), worlds.unchanged(world):
        services.place(world, someone)


@pytest.mark.row("PAY-2")
def test_one_order_for_a_service_waits_for_its_payment_at_a_time(any_world):
    world = any_world
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    first = services.place(world, person)
    with pytest.raises(actions.ServiceOrderUnpaid) as refused, worlds.unchanged(world):
        services.place(world, person, months=1)
    assert refused.value.params["number"] == first.number
    services.place(world, person, platform_id="yangguang")


@pytest.mark.row("PAY-2")
def test_a_closed_service_takes_no_new_order_and_keeps_those_it_has(world, person):
    found = services.paid(world, person)
    services.change(world, "tender_alerts", open=False, price_fen=9999)
    with pytest.raises(actions.ServiceClosed):
        services.place(world, person)
    shown = world.engine.ask(queries.detail, person, found.id)
    assert (shown.order.label.zh, shown.renewable) == ("招标信息订阅", False)
    assert shown.order.amount_fen == 12 * 3900


@pytest.mark.row("PAY-2")
def test_an_order_is_its_person_s_alone(world, person):
    placed = services.place(world, person)
    other = registering.sign_up(world, "13900139000")
    for ask in (queries.order, queries.detail):
        with pytest.raises(errors.NotFound):
            world.engine.ask(ask, other, placed.id)
    for act in (actions.cancel, actions.pay, actions.ask_refund):
        with pytest.raises(errors.NotFound):
            world.engine.perform(act, {"order_id": placed.id}, actor=services.fresh(world, other))
    assert world.engine.ask(queries.mine, other) == []


@pytest.mark.row("PAY-2")
def test_a_paid_order_is_not_paid_again(world, person):
    found = services.paid(world, person)
    with pytest.raises(actions.ServicePaid):
        world.engine.perform(
            actions.pay, {"order_id": found.id}, actor=services.fresh(world, person)
        )


@pytest.mark.row("PAY-2")
def test_the_payment_stands_among_the_person_s_payments(world, person):
    placed = services.place(world, person)
    services.pay(world, person, placed.id)
    [shown] = world.engine.ask(orders.my_payments, person)
    assert (shown.order_number, shown.order_status) == (placed.number, "active")
    assert shown.receipt is not None


@pytest.mark.row("PAY-2")
def test_money_that_comes_twice_or_before_its_refund_is_dealt_with_as_for_any_order(any_world):
    world = any_world
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    placed = services.place(world, person)
    services.pay(world, person, placed.id, "sandbox-paid-twice")
    [case] = moneys.cases(world, kind="paid_twice")
    assert case["amount_fen"] == placed.amount_fen
    other = services.place(world, person, platform_id="yangguang", months=1)
    parties.settle(world, rounds=1)
    payment = services.payment(world, other.id)
    early = {"status": "refunded", "refund_no": "rfd_theirs", "refund_fen": payment.amount_fen}
    assert moneys.deliver(world, moneys.notice(world, payment, **early)) == "put_aside"
    moneys.deliver(world, moneys.notice(world, payment))
    again = services.order(world, other.id)
    assert again.status is S.AWAITING_PAYMENT
    assert services.payment(world, other.id).id != payment.id
    assert "service.payment_wanted" in messages(world, person)
    services.pay(world, person, other.id)
    assert services.order(world, other.id).status is S.ACTIVE
    stands(world)


@pytest.mark.row("PAY-1", "PAY-2")
def test_a_lost_notice_is_booked_from_the_statement_and_the_service_begins(any_world):
    world = any_world
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    placed = services.place(world, person)
    parties.settle(world, rounds=1)
    world.bank.pay(services.payment(world, placed.id).id, "sandbox-notice-lost")
    moneys.next_morning(world)
    assert services.order(world, placed.id).status is S.ACTIVE
    assert [case["kind"] for case in moneys.cases(world)] in ([], ["late"])
    stands(world)


@pytest.mark.row("PAY-2")
def test_the_cashier_calls_a_service_a_service(world, person):
    watching = Watching(world.ports.payment)
    ports = dataclasses.replace(world.ports, payment=watching)
    watched = dataclasses.replace(world, ports=ports)
    placed = services.place(watched, person)
    worker.run_due(watched)
    assert watching.seen == [f"服务订单 {placed.number}"]


@pytest.mark.row("PAY-2")
def test_an_order_that_was_closed_and_is_paid_after_all_gives_the_money_back(any_world):
    world = any_world
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    placed = services.place(world, person)
    parties.settle(world, rounds=1)
    payment = services.payment(world, placed.id)
    world.engine.perform(actions.cancel, {"order_id": placed.id}, actor=person)
    moneys.deliver(world, moneys.notice(world, payment))
    assert services.order(world, placed.id).status is S.CANCELLED
    assert services.payment(world, placed.id).status.value == "refunding"
    assert moneys.holds(world, "refunds_payable") == -placed.amount_fen
    assert moneys.holds(world, "overpayment") == 0
    assert moneys.holds(world, "revenue_information") == 0
    stands(world)


@pytest.mark.row("PAY-2")
def test_the_certificate_s_own_door_does_not_take_service_orders(world, person):
    placed = services.place(world, person)
    with pytest.raises(errors.NotFound):
        world.engine.perform(
            ordering.pay, {"order_id": placed.id}, actor=services.fresh(world, person)
        )
    assert clock.civil_date(placed.created_at).strftime("FW%Y%m%d") == placed.number[:10]
