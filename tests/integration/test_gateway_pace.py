"""What anybody may ask and what costs something is asked so often a minute from one place, no oftener."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import pace
from engine.http.doors import DirectDoor
from engine.kernel import actors
from tests.support import gateways, web, worlds

FROM_A, FROM_B = ("203.0.113.5", 40_000), ("203.0.113.6", 40_000)
ASKED = {
    "registration.check_face": {"face": ""},
    "registration.bank_of": {"bank_card": "6222020000000005"},
}
PLACES = pace.EACH_MINUTE["address"]


class Time:
    """Seconds that pass when told."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(pace, "HERE", pace.Pace(made))
    return made


@pytest.fixture
def app(world: World, monkeypatch: pytest.MonkeyPatch) -> Starlette:
    return web.application(world, monkeypatch)


def _api(visitor: TestClient, _world: World, name: str, given: dict[str, Any]) -> int:
    stage, function = name.split(".")
    path = f"/api/v1/{stage}/{function.replace('_', '-')}"
    return int(visitor.post(path, json=given).status_code)


def _phone(visitor: TestClient, world: World, name: str, given: dict[str, Any]) -> int:
    return int(gateways.phone(visitor, world).call("ask", name, given).status_code)


def _mall(visitor: TestClient, world: World, name: str, given: dict[str, Any]) -> int:
    return int(gateways.mall(visitor, world).call("ask", name, given).status_code)


@pytest.mark.row("IDV-4")
@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("door", [_api, _phone, _mall])
def test_an_address_is_turned_away_for_the_rest_of_the_minute(
    world: World,
    app: Starlette,
    time: Time,
    door: Callable[[TestClient, World, str, dict[str, Any]], int],
    name: str,
) -> None:
    for _ in range(PLACES):
        pace.HERE.count(actors.Source(address=FROM_A[0]))
    with worlds.unchanged(world):
        assert door(web.browser(app, client=FROM_A), world, name, ASKED[name]) == 429
        assert door(web.browser(app, client=FROM_B), world, name, ASKED[name]) != 429
        time.now += 60
        assert door(web.browser(app, client=FROM_A), world, name, ASKED[name]) != 429


def test_a_browser_has_a_bound_of_its_own_and_is_told_what_to_do(
    world: World, app: Starlette, time: Time
) -> None:
    page = gateways.phone(web.browser(app, client=FROM_A), world)
    page.ask("handset.state")
    for _ in range(pace.EACH_MINUTE["browser"]):
        assert page.ask("registration.check_face", face="") == {"ok": False, "problem": "missing"}
    refused = page.refused("ask", "registration.check_face", face="")
    assert (refused.status, refused.code) == (429, "http.asked_too_often")
    other = gateways.phone(web.browser(app, client=FROM_A), world)
    other.ask("handset.state")
    assert other.ask("registration.check_face", face="")["ok"] is False


def test_other_questions_and_who_has_no_source_are_not_counted(
    world: World, app: Starlette, time: Time
) -> None:
    for _ in range(PLACES):
        pace.HERE.count(actors.Source(address=FROM_A[0]))
    page = gateways.phone(web.browser(app, client=FROM_A), world)
    assert page.ask("registration.terms")
    door = DirectDoor(world.engine)
    for _ in range(PLACES + 1):
        door.ask("registration.check_face", {"face": ""})


def test_a_flood_of_sources_takes_no_more_memory_and_known_ones_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pace, "_MOST_SOURCES", 3)
    time = Time()
    here = pace.Pace(time)
    for number in range(3):
        here.count(actors.Source(address=f"198.51.100.{number}"))
    with pytest.raises(pace.AskedTooOften):
        here.count(actors.Source(address="198.51.100.3"))
    here.count(actors.Source(address="198.51.100.0"))
    time.now += 60
    here.count(actors.Source(address="198.51.100.3"))
