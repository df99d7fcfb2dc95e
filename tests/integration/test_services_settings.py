"""The catalogue of services is a setting: what it names exists; orders keep their version (PAY-2)."""

from __future__ import annotations

import pytest

from engine.kernel import errors
from engine.policies import actions as settings
from engine.policies import checking
from engine.policies import model as policies
from engine.policies.references import ChoiceMissing, NamedTwice, ReferenceUnknown
from engine.policies.service_checks import MonthsInvalid, PlatformServiceOfPerson
from engine.records import queries as records
from engine.registration import queries as people
from engine.staffing.model import Role
from engine.subscribing import queries
from tests.support import services, tax_days, worlds
from tests.support.worlds import SYSTEM


def body(world, **changes):
    with world.engine.reader(SYSTEM) as q:
        told = q.policy(policies.Service, "tender_alerts").model_dump(mode="json")
    return {**told, **changes}


@pytest.mark.row("PAY-2", "MAL-4")
@pytest.mark.parametrize(
    ("changes", "refused", "field"),
    [
        ({"platforms": ["nowhere"]}, ReferenceUnknown, "platforms"),
        ({"platforms": []}, ChoiceMissing, "platforms"),
        ({"terms": []}, ChoiceMissing, "terms"),
        ({"terms": [12, 12]}, NamedTwice, "terms"),
        ({"terms": [0]}, MonthsInvalid, "terms"),
        ({"terms": [61]}, MonthsInvalid, "terms"),
        ({"buyers": []}, ChoiceMissing, "buyers"),
        ({"tax": "nothing"}, ReferenceUnknown, "tax"),
        ({"agency": "nobody"}, ReferenceUnknown, "agency"),
        ({"onboarded": True}, PlatformServiceOfPerson, "buyers"),
        ({"price_fen": 0}, checking.SettingInvalid, "price_fen"),
    ],
)
def test_a_service_that_cannot_be_had_is_not_proposed(world, changes, refused, field):
    lead = worlds.staff(world, Role.LEAD)
    given = {"kind": "service", "name": "tender_alerts", "effective_at": 0}
    told = body(world, **changes)
    with pytest.raises(refused) as problem, worlds.unchanged(world):
        world.engine.perform(settings.propose, {**given, "body": told}, actor=lead)
    assert problem.value.field == field


@pytest.mark.row("PAY-2", "MAL-4")
def test_a_new_service_is_in_the_catalogue_and_can_be_ordered(world):
    person = tax_days.person(world)
    lead, other = (worlds.staff(world, Role.LEAD) for _ in range(2))
    told = body(world, label={"zh": "专家评审查询", "en": "Experts"}, price_fen=1234, terms=[2])
    given = {"kind": "service", "name": "expert_lists", "body": told, "effective_at": 0}
    proposed = world.engine.perform(settings.propose, given, actor=lead)
    world.engine.perform(settings.approve, {"version_id": proposed.id}, actor=other)
    found = world.engine.ask(queries.catalogue, person)
    assert "expert_lists" in {one.service_id for one in found}
    order = services.paid(world, person, service_id="expert_lists", months=2, quantity=3)
    assert order.amount_fen == 2 * 3 * 1234
    services.change(world, "expert_lists", price_fen=9999)
    shown = world.engine.ask(queries.detail, person, order.id)
    assert (shown.order.amount_fen, shown.order.label.zh) == (7404, "专家评审查询")


@pytest.mark.row("PAY-2", "OPS-6")
def test_staff_find_a_service_order_by_its_number_with_its_whole_history(world):
    person = tax_days.person(world)
    order = services.paid(world, person)
    lead = worlds.staff(world, Role.LEAD)
    [hit] = world.engine.ask(records.find, lead, order.number)
    assert (hit.kind, hit.id) == ("service_order", order.id)
    told = [one.kind for one in world.engine.ask(records.history, lead, hit.id).entries]
    assert told[-1] == "service_order.placed"
    assert {"payment.requested", "payment.paid", "service_order.paid"} <= set(told)
    [holder] = world.engine.ask(records.record, lead, hit.id).linked
    assert (holder.kind, holder.id) == ("account", person.account_id)
    elsewhere = worlds.staff(
        world, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="yangguang"
    )
    with pytest.raises(errors.NotPermitted):
        world.engine.ask(queries.order, elsewhere, order.id)


@pytest.mark.row("PAY-2", "S-CAN-2")
def test_service_orders_are_among_what_a_person_takes_along(world):
    person = tax_days.person(world)
    order = services.paid(world, person)
    told = world.engine.ask(people.my_data, services.fresh(world, person))
    assert order.number in str(told)
