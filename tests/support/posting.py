"""Somebody with an address, and something posted to it, for tests of the post."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine import worker
from engine.boot import World
from engine.delivering import actions, model, queries
from engine.kernel import actors, clock
from engine.providers import courier
from engine.providers.store import Memory
from tests.support import registering, worlds
from tests.support.worlds import SYSTEM

FORM = {
    "recipient": "古丽努尔·买买提",
    "phone": "13800138111",
    "region": "650102",
    "detail": "新华北路 165 号中天广场 2101 室",
}
PLATFORM, AGENCY = "yangguang", "huaxia"


@dataclass(frozen=True)
class Posted:
    """A person and the shipment to them; `subject` stands for an invoice."""

    world: World
    person: actors.Person
    subject: str
    id: str

    def row(self) -> model.Shipment:
        """The newest shipment as it is kept."""
        found = self.world.engine.ask(queries.newest, SYSTEM, self.subject)
        assert found is not None
        return found

    def shown(self) -> model.ShipmentShown:
        """The newest shipment as its person sees it."""
        found = self.world.engine.ask(queries.shipment, self.person, self.subject)
        assert found is not None
        return found

    def later(self, hours: float) -> model.ShipmentShown:
        """What is so after some hours in which the worker worked."""
        for _ in range(max(1, round(hours))):
            worlds.clock_of(self.world).advance(round(hours * clock.HOUR / max(1, round(hours))))
            worker.run_due(self.world)
        return self.shown()


def add_address(world: World, person: actors.Person, **changes: object) -> model.Address:
    """An address of a person."""
    return world.engine.perform(actions.add_address, {**FORM, **changes}, actor=person)


def prepared(
    world: World,
    person: actors.Person | None = None,
    subject: str = "inv_1",
    *,
    platform_id: str = PLATFORM,
    agency_id: str = AGENCY,
    **changes: object,
) -> Posted:
    """Something that waits for its contents."""
    person = person or registering.sign_up(world)
    address = add_address(world, person, **changes)
    made = world.engine.perform(
        actions.prepare,
        {
            "subject": subject,
            "account_id": person.account_id,
            "platform_id": platform_id,
            "agency_id": agency_id,
            "address_id": address.id,
        },
        actor=SYSTEM,
    )
    return Posted(world, person, subject, made.id)


def packed(
    world: World, person: actors.Person | None = None, subject: str = "inv_1", **changes: object
) -> Posted:
    """Something that the courier is asked to fetch."""
    posted = prepared(world, person, subject, **changes)  # type: ignore[arg-type]
    pack(posted)
    return posted


def pack(posted: Posted, contents: str = "065002600001 00000001") -> None:
    """What goes into the newest shipment is there."""
    given = {"shipment_id": posted.row().id, "contents": contents}
    posted.world.engine.perform(actions.pack, given, actor=SYSTEM)


def with_faults(world: World, **shares: float) -> World:
    """The world with a courier that has these faults."""
    rules = courier.load_rules().model_copy(update={"faults": courier.Faults(**shares)})
    memory = Memory(world.engine.parts, world.engine.now)
    simulated = courier.SimulatedCourier(memory, rules)
    return replace(world, ports=replace(world.ports, courier=simulated))
