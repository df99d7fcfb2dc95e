"""A machine at the JSON API: its token opens what its scopes name, and nothing that is a person's."""

from __future__ import annotations

import concurrent.futures
import logging

import pytest
from starlette.testclient import TestClient

from engine.asking import actions as asking
from engine.asking import model as questions
from engine.boot import World
from engine.http import beside, machine_door, routes
from engine.integrating import actions, model
from engine.kernel.marks import PeopleOnly
from engine.staffing.model import Role
from tests.support import machines, web, worlds

pytestmark = pytest.mark.row("API-1")

STAFF_ROUTES = [route for route in routes.ROUTES if route.who == "staff"]
MINE = "/api/v1/integrating/my-client"


@pytest.fixture
def office(world: World) -> machines.Office:
    return machines.office(world)


@pytest.fixture(autouse=True)
def _turnstile(monkeypatch):
    monkeypatch.setattr(machine_door, "HERE", machine_door.Turnstile(lambda: 30.0))


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def test_every_operation_of_the_staff_is_in_an_area_of_the_catalogue():
    assert {route.scope for route in STAFF_ROUTES} <= set(model.scopes())
    assert {kind.scope for kind in model.events().values()} <= set(model.scopes())


def test_every_scope_opens_its_own_operations_and_no_other(world, office, monkeypatch):
    cells = 0
    for scope in model.scopes():
        token = office.token(office.client(name=scope, scopes=(scope,))).token
        for route in STAFF_ROUTES:
            monkeypatch.setattr(machine_door, "HERE", machine_door.Turnstile())
            if route.scope == scope:
                machine_door.actor_of(world.engine, token, route, "203.0.113.1")
            else:
                with pytest.raises(machine_door.ScopeMissing) as refusal:
                    machine_door.actor_of(world.engine, token, route, "203.0.113.1")
                assert refusal.value.params == {"scope": route.scope}
            cells += 1
    print(f"\n{cells} cells of scopes × operations")


@pytest.mark.parametrize(
    "route",
    [one for one in STAFF_ROUTES if getattr(one.function, "step_up", False)],
    ids=lambda one: one.name,
)
def test_what_asks_for_a_second_factor_is_never_done_by_a_machine(world, office, route):
    who = office.machine(office.token(office.client(scopes=model.scopes())).token)
    assert who is not None
    with worlds.unchanged(world), pytest.raises(PeopleOnly):
        world.engine.perform(route.function, {}, actor=who)


def test_a_token_opens_the_api_and_a_revoked_one_does_not_at_once(world, office, visitor):
    client = office.client(scopes=("integrating:read",))
    token = office.token(client)
    answer = visitor.post(MINE, json={}, headers=bearer(token.token))
    assert answer.status_code == 200
    assert answer.json()["name"] == client.name
    refused = visitor.post("/api/v1/policies/pending", json={}, headers=bearer(token.token))
    assert (refused.status_code, refused.json()["code"]) == (403, "http.scope_missing")
    assert refused.json()["params"] == {"scope": "policies:read"}
    world.engine.perform(actions.revoke_token, {"token_id": token.id}, actor=office.maker)
    refused = visitor.post(MINE, json={}, headers=bearer(token.token))
    assert (refused.status_code, refused.json()["code"]) == (401, "http.token_invalid")


@pytest.mark.parametrize("wrong", ["ymt_", "ymt_x_y", "ymt_" + "0" * 26 + "_" + "a" * 56])
def test_a_token_that_nobody_gave_opens_nothing(office, visitor, wrong):
    refused = visitor.post(MINE, json={}, headers=bearer(wrong))
    assert (refused.status_code, refused.json()["code"]) == (401, "http.token_invalid")


def test_a_machines_token_is_no_persons_and_no_malls(office, visitor):
    token = office.token(office.client(scopes=model.scopes())).token
    for path in ("/api/v1/registration/me", "/api/v1/mall/signed-in"):
        refused = visitor.post(path, json={}, headers=bearer(token))
        assert refused.status_code == 401


def test_a_client_with_networks_is_let_in_from_those_alone(world, office, visitor):
    for networks, status in ((("127.0.0.0/8",), 200), (("203.0.113.0/24",), 403)):
        client = office.client(name=networks[0], sources=networks)
        answer = visitor.post(MINE, json={}, headers=bearer(office.token(client).token))
        assert answer.status_code == status, answer.text


def test_a_token_that_asks_too_often_is_told_when_to_come_back(office, visitor):
    client = office.client()
    token, other = office.token(client), office.token(client)
    answers = [visitor.post(MINE, json={}, headers=bearer(token.token)) for _ in range(121)]
    assert [one.status_code for one in answers] == [200] * 120 + [429]
    assert answers[-1].json()["code"] == "http.too_many_calls"
    assert answers[-1].headers["retry-after"] == "31"
    # Each token by itself.
    assert visitor.post(MINE, json={}, headers=bearer(other.token)).status_code == 200


def test_what_stands_beside_the_table_is_not_a_machines(world, office, visitor, monkeypatch):
    def made_up() -> None:
        """Something composed."""

    made_up.__module__ = "simulations.made_up"
    beside.offer(made_up, "Something composed", changes=True)
    name = "made_up.made_up"
    try:
        token = office.token(office.client(scopes=model.scopes())).token
        with pytest.raises(machine_door.ScopeMissing):
            machine_door.actor_of(world.engine, token, beside.OFFERED[name].route, "127.0.0.1")
    finally:
        beside.OFFERED.pop(name)


def test_fifty_parallel_twins_by_a_machine_are_one_act(any_world):
    office, world = machines.office(any_world), any_world
    who = office.machine(office.token(office.client(role=str(Role.AUDITOR))).token)
    given = {
        "name": "每日订单",
        "sql": "SELECT 1",
        "drawing": questions.Drawing(),
        "shared": False,
    }

    def twin(_number: int) -> str:
        made = world.engine.perform(asking.save_question, given, actor=who, key="twin-twin")
        return made.id

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = set(pool.map(twin, range(50)))
    assert len(found) == 1
    assert worlds.kinds(world).count("question.saved") == 1
    named = worlds.rows(world, "SELECT actor FROM event WHERE kind = 'question.saved'")
    assert named[0]["actor"] == f"staff:{who.staff_id}"


def test_a_token_stands_in_no_answer_and_in_no_line_of_a_log(office, visitor, caplog):
    caplog.set_level(logging.DEBUG)
    token = office.token(office.client(scopes=("integrating:read",))).token
    told = []
    for path in (MINE, "/api/v1/policies/pending", "/api/v1/integrating/nothing"):
        told.append(visitor.post(path, json={}, headers=bearer(token)).text)
    told.append(visitor.post(MINE, json={"x": 1}, headers=bearer(token + "x")).text)
    assert token not in "".join(told)
    assert token not in caplog.text
