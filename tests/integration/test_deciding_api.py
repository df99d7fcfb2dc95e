"""Four eyes through the JSON API: the same refusals as anywhere else (OPS-3)."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from engine.boot import World
from engine.reviewing import actions, queries
from engine.staffing.model import Role
from tests.support import deciding, web, worlds

OURS = {"origin": web.ORIGIN}


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


@pytest.fixture
def lead(world: World, visitor: TestClient) -> TestClient:
    worlds.staff(world, Role.LEAD, login="lead")
    assert web.sign_in(visitor, "lead", worlds.PASSWORD).status_code == 303
    return visitor


def post(door: TestClient, act: str, **given: object) -> tuple[int, dict[str, object]]:
    answer = door.post(f"/api/v1/reviewing/{act}", json=given, headers=OURS)
    return answer.status_code, answer.json()


@pytest.mark.row("OPS-3")
def test_nobody_approves_twice_through_the_api(world: World, lead: TestClient) -> None:
    case = deciding.claim_case(world)
    status, given = post(lead, "next-case")
    assert (status, given["id"]) == (200, case.id)
    seen = deciding.evidence(world, case)
    assert post(lead, "approve", case_id=case.id, evidence="x.y")[0] == 409
    assert post(lead, "approve", case_id=case.id, evidence=seen)[0] == 200
    with worlds.unchanged(world, without=("staff_session",)):
        for act in ("claim", "approve"):
            status, told = post(lead, act, case_id=case.id)
            assert (status, told["code"]) == (403, actions.MakerIsNotChecker.code)
        assert post(lead, "next-case") == (200, None)


@pytest.mark.row("OPS-3")
def test_a_maker_does_not_check_through_the_api(world: World, lead: TestClient) -> None:
    maker = worlds.rows(world, "SELECT id FROM staff WHERE login = 'lead'")[0]["id"]
    case = deciding.bare_case(world, maker=f"staff:{maker}")
    with worlds.unchanged(world, without=("staff_session",)):
        for act, more in (
            ("claim", {}),
            ("take-over", {"reason": "x"}),
            ("approve", {}),
            ("reject", {"reasons": ["x"]}),
            ("hold", {"reason": "other", "note": "x"}),
            ("reassign", {"staff_id": maker, "reason": "x"}),
        ):
            status, told = post(lead, act, case_id=case.id, **more)
            assert (status, told["code"]) == (403, actions.MakerIsNotChecker.code), act


@pytest.mark.row("OPS-1")
def test_holding_and_handing_on_through_the_api(world: World, lead: TestClient) -> None:
    case = deciding.claim_case(world)
    other = deciding.reviewer(world)
    assert post(lead, "claim", case_id=case.id)[0] == 200
    known = post(lead, "hold-reasons-for", kind=case.kind)[1]
    assert (
        known.keys() == world.engine.ask(queries.hold_reasons_for, worlds.SYSTEM, case.kind).keys()
    )
    assert post(lead, "hold", case_id=case.id, reason="register_silent")[1]["status"] == "held"
    status, given = post(
        lead, "reassign", case_id=case.id, staff_id=other.staff_id, reason="熟悉这家"
    )
    assert (status, given["assignee"], given["status"]) == (200, other.text, "held")
