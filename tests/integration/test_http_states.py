"""States on demand through the JSON API: staff with the right, described, counted, and never without it."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import beside, openapi
from engine.staffing.model import Role
from simulations.states import door
from tests.support import web, worlds

pytestmark = pytest.mark.row("SIM-9")
OURS = {"origin": web.ORIGIN}
MAKE, LIST = "/api/v1/states/make-states", "/api/v1/states/list-states"


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    monkeypatch.setattr(beside, "OFFERED", {})
    door.offer()
    return web.browser(web.application(world, monkeypatch))


def _post(visitor: TestClient, path: str, **given: Any) -> tuple[int, Any]:
    answer = visitor.post(path, json=given, headers=OURS)
    return answer.status_code, answer.json()


def _signed_in(world: World, visitor: TestClient, role: Role) -> None:
    worlds.staff(world, role, login="somebody")
    assert web.sign_in(visitor, "somebody", worlds.PASSWORD).status_code == 303


def test_a_tester_makes_a_state_through_the_api(world: World, visitor: TestClient) -> None:
    _signed_in(world, visitor, Role.QA)
    status, listed = _post(visitor, LIST)
    assert status == 200
    assert {"order.agency_review", "case.held"} <= {one["name"] for one in listed if one["made"]}
    status, made = _post(visitor, MAKE, state="certificate.review_ca", n=1, seed=7)
    assert (status, made[0]["state"]) == (200, "order.agency_review")
    found = worlds.rows(world, "SELECT id, status FROM certificate_order")
    assert found == [{"id": made[0]["id"], "status": "agency_review"}]


def test_what_is_wrong_is_refused_by_name(world: World, visitor: TestClient) -> None:
    _signed_in(world, visitor, Role.QA)
    with worlds.unchanged(world, without=("staff_session",)):
        assert (
            _post(visitor, MAKE, state="order.nonsense")[1]["code"] == "simulations.no_such_state"
        )
        status, told = _post(visitor, MAKE, state="account.active", n=21)
        assert (status, told["code"]) == (422, "simulations.too_many")
        assert (
            _post(visitor, MAKE, state="difference.open")[1]["code"] == "simulations.cannot_be_made"
        )
        assert _post(visitor, MAKE, state="account.active", more=1)[0] == 422


def test_who_lacks_the_right_and_who_is_nobody_are_refused(
    world: World, visitor: TestClient
) -> None:
    assert _post(visitor, MAKE, state="account.active")[0] == 401
    _signed_in(world, visitor, Role.AGENT)
    with worlds.unchanged(world, without=("staff_session",)):
        assert _post(visitor, MAKE, state="account.active")[0] == 403


def test_it_is_described_and_the_engine_alone_has_none_of_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(beside, "OFFERED", {})
    assert MAKE not in openapi.description.__wrapped__()["paths"]
    door.offer()
    described = openapi.description.__wrapped__()["paths"]
    assert {"staff": []} in described[MAKE]["post"]["security"]
    assert "parameters" not in described[MAKE]["post"]
    assert LIST in described
