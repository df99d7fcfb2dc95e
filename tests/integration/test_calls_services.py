"""What is told to a caller of their service orders: what is to be paid, and what comes back (OPS-8)."""

from __future__ import annotations

import pytest

from engine.boot import World
from engine.calls import queries
from engine.kernel import actors
from engine.kernel.notes import Mover
from engine.subscribing import actions
from tests.support import calling, registering, services


@pytest.fixture
def agent(world: World) -> actors.Staff:
    return calling.agent(world)


def told(world: World, agent: actors.Staff, who: actors.Person) -> dict[str, object]:
    with world.engine.reader(agent) as q:
        return {one.matter.code: one for one in queries.matters(q, who.account_id)}


@pytest.mark.row("OPS-8", "PAY-2")
def test_a_service_that_waits_for_its_payment_and_one_that_is_given_up(world: World, agent) -> None:
    person = registering.sign_up(world, "13800138000")
    registering.prove(world, person)
    placed = services.place(world, person)
    found = told(world, agent, person)["service_awaiting_payment"]
    assert found.mover is Mover.CALLER
    assert placed.number in found.title.zh
    assert "招标信息订阅" in found.say.zh
    services.pay(world, person, placed.id)
    assert told(world, agent, person) == {}
    given = {"order_id": placed.id}
    world.engine.perform(actions.ask_refund, given, actor=services.fresh(world, person))
    found = told(world, agent, person)["service_refunding"]
    assert found.mover is Mover.OUTSIDE
    for both in (found.title, found.stands, found.next, found.say):
        assert both.zh
        assert not set(both.zh + both.en) & set("{}"), both
