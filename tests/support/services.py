"""Service orders in a test: placed, paid at the cashier, and looked at again."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine import worker
from engine.boot import World
from engine.kernel import actors, clock
from engine.ordering import queries as orders
from engine.policies import actions as settings
from engine.policies import model as policies
from engine.staffing.model import Role
from engine.subscribing import actions, model, queries
from tests.support import parties, worlds
from tests.support.worlds import SYSTEM


def fresh(world: World, person: actors.Person) -> actors.Person:
    """The person with a second factor of this minute."""
    return replace(person, second_factor_at=worlds.clock_of(world).now_ms())


def place(world: World, who: actors.Person, **chosen: Any) -> model.ServiceOrder:
    """An order for tender alerts at the first platform, unless another is chosen."""
    given = {"service_id": "tender_alerts", "platform_id": "guangzheng", "months": 12, **chosen}
    return world.engine.perform(actions.place_order, given, actor=who)


def pay(world: World, who: actors.Person, order_id: str, account: str = "") -> None:
    """Go to the cashier and pay; the notices come."""
    parties.settle(world, rounds=1)
    payment = world.engine.perform(actions.pay, {"order_id": order_id}, actor=fresh(world, who))
    world.bank.pay(payment.id, account)
    parties.settle(world)


def paid(world: World, who: actors.Person, **chosen: Any) -> model.ServiceOrder:
    """A service that was paid for."""
    placed = place(world, who, **chosen)
    pay(world, who, placed.id)
    return order(world, placed.id)


def give_up(world: World, who: actors.Person, order_id: str) -> model.ServiceOrder:
    """Ask the money back, and wait for it."""
    given = {"order_id": order_id}
    done = world.engine.perform(actions.ask_refund, given, actor=fresh(world, who))
    parties.settle(world)
    return done


def order(world: World, order_id: str) -> model.ServiceOrder:
    """An order as it is now."""
    return world.engine.ask(queries.order, SYSTEM, order_id)


def payment(world: World, order_id: str) -> Any:
    """The payment of an order as it is now."""
    return world.engine.ask(orders.payment_for, SYSTEM, order_id)


def wait_until(world: World, instant: int) -> None:
    """Let time pass up to an instant, and do what is due then."""
    worlds.clock_of(world).set(instant)
    worker.tick(world, owner="test")


def days(world: World, count: int) -> None:
    """Let days pass."""
    wait_until(world, worlds.clock_of(world).now_ms() + count * clock.DAY)


def change(world: World, service_id: str, **changes: Any) -> None:
    """A service is changed: proposed by one, approved by another."""
    with world.engine.reader(SYSTEM) as q:
        body = q.policy(policies.Service, service_id).model_dump(mode="json")
    lead, other = (worlds.staff(world, Role.LEAD) for _ in range(2))
    given = {"kind": "service", "name": service_id, "body": {**body, **changes}, "effective_at": 0}
    proposed = world.engine.perform(settings.propose, given, actor=lead)
    world.engine.perform(settings.approve, {"version_id": proposed.id}, actor=other)
