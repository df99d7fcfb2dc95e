"""INV-2: the simulated courier does what its test values say, once a parcel, and keeps nobody's place."""

from __future__ import annotations

import pytest

from engine.boot import World, memory_world
from engine.kernel import clock, errors, ports
from engine.providers import courier, health
from engine.providers.store import Memory
from tests.support import worlds
from tests.support.worlds import SYSTEM

WAY = ["picked_up", "departed", "arrived", "out_for_delivery", "signed"]


@pytest.fixture
def world() -> World:
    return memory_world()


@pytest.fixture
def service(world: World) -> courier.SimulatedCourier:
    return courier.SimulatedCourier(
        Memory(world.engine.parts, world.engine.now), courier.load_rules()
    )


def parcel(
    shipment_id: str = "shp_1", place: str = "江苏省苏州市虎丘区中山路 1 号"
) -> ports.Parcel:
    return ports.Parcel(
        shipment_id=shipment_id,
        recipient="古丽努尔",
        phone="13800138111",
        region="320505",
        city="苏州市",
        place=place,
        contents="发票",
    )


@pytest.mark.row("INV-2")
def test_a_parcel_is_fetched_once_and_its_way_is_told_as_it_happens(world, service):
    one = service.order(parcel())
    assert service.order(parcel()) == one
    assert service.track(one.tracking_no) == []
    told = []
    for _ in range(30):
        worlds.clock_of(world).advance(2 * clock.HOUR)
        steps = service.track(one.tracking_no)
        assert [step.code for step in steps[: len(told)]] == told
        told = [step.code for step in steps]
    assert told == WAY
    assert [step.place for step in steps] == ["乌鲁木齐市"] * 2 + ["苏州市"] * 3
    assert [step.occurred_at for step in steps] == sorted(step.occurred_at for step in steps)
    assert service.order(parcel("shp_2")).tracking_no != one.tracking_no


@pytest.mark.row("INV-2")
@pytest.mark.parametrize(
    ("fault", "way"),
    [
        ("lost", ["picked_up", "departed", "lost"]),
        ("returned", [*WAY[:4], "returned"]),
        ("silent", ["picked_up", "departed"]),
        ("late", WAY),
        ("repeated", [*WAY, *WAY[-2:]]),
        ("shuffled", WAY[::-1]),
        ("elsewhere", WAY),
        ("reply_lost", WAY),
    ],
)
def test_each_test_value_forces_its_way(world, service, fault, way):
    text = next(one.text for one in courier.sandbox_values() if one.fault == fault)
    wanted = parcel(place=f"江苏省苏州市虎丘区{text}路 1 号")
    if fault == "reply_lost":
        with pytest.raises(errors.ProviderUnavailable):
            service.order(wanted)
    number = service.order(wanted).tracking_no
    worlds.clock_of(world).advance(20 * clock.DAY)
    assert [step.code for step in service.track(number)] == way


@pytest.mark.row("INV-2")
def test_a_place_that_is_not_served_and_a_courier_that_is_away(world, service):
    told = service.order(parcel(place="快递拒收路 1 号"))
    assert (told.problem, told.tracking_no) == ("not_served", "")
    with pytest.raises(errors.ProviderUnavailable):
        service.order(parcel("shp_2", place="快递停机路 1 号"))
    with pytest.raises(errors.NotFound):
        service.track("MK000000000009")
    (told,) = world.engine.ask(health.provider_health, SYSTEM)
    assert (told.provider, told.failures) == ("courier", 1)


@pytest.mark.row("INV-2", "S-PI-1")
def test_the_courier_s_books_name_nobody_and_no_place(world, service):
    service.order(parcel())
    kept = repr(worlds.rows(world, "SELECT * FROM sim_parcel"))
    for value in ("古丽努尔", "13800138111", "苏州", "中山路", "320505"):
        assert value not in kept
