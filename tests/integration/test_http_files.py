"""Files are shown to those whose they are, and to nobody else."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import identity
from engine.kernel import actors
from engine.mall import actions as mall
from engine.registration import model
from engine.signing import queries as contracts
from engine.staffing.model import Role
from tests.support import parties, registering, trading, web, worlds


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


def _claimed(world: World, phone: str = "13800138000", number: int = 1) -> tuple[str, str]:
    """A person's token and the address of the licence they handed in."""
    asked = registering.ask_for_code(world, phone)
    session = registering.enter_code(world, asked)
    person = actors.Person(
        account_id=session.account_id,
        device_id=session.device_id,
        second_factor_at=registering.ALWAYS,
    )
    registering.prove(world, person, registering.resident_id(sequence=f"{number * 2:03d}"))
    claim = registering.claim(world, person, uscc=registering.credit_code(number))
    licence = model.blob_of(claim.papers, "licence")
    return session.token, f"/w/run/media/{licence}"


def _as_staff(world: World, visitor: TestClient, *roles: Role, **scope: str) -> None:
    worlds.staff(world, *roles, login="somebody", **scope)
    assert web.sign_in(visitor, "somebody", worlds.PASSWORD).status_code == 303


def test_a_reviewer_sees_a_paper_that_can_run_nothing(world: World, visitor: TestClient) -> None:
    _, path = _claimed(world)
    _as_staff(world, visitor, Role.ENTERPRISE_REVIEWER)
    answer = visitor.get(path)
    assert answer.status_code == 200
    assert answer.content == registering.PNG
    headers = answer.headers
    assert headers["content-type"] == "image/png"
    assert headers["content-disposition"].startswith("inline; filename=")
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["content-security-policy"].endswith("sandbox")
    assert visitor.get(f"{path}?download").headers["content-disposition"].startswith("attachment")


def test_a_stranger_is_401(world: World, visitor: TestClient) -> None:
    _, path = _claimed(world)
    assert visitor.get(path).status_code == 401
    assert visitor.get(path, headers={"authorization": "Bearer wrong"}).status_code == 401


@pytest.mark.parametrize("role", [Role.PRODUCT, Role.QA])
def test_staff_without_the_right_see_nothing(world: World, visitor: TestClient, role: Role) -> None:
    _, path = _claimed(world)
    _as_staff(world, visitor, role)
    assert visitor.get(path).status_code == 404


def test_a_grant_for_one_platform_shows_no_paper_outside_it(
    world: World, visitor: TestClient
) -> None:
    _, path = _claimed(world)
    _as_staff(world, visitor, Role.PLATFORM_REVIEWER, scope_kind="platform", scope_id="guangzheng")
    assert visitor.get(path).status_code == 404


def test_a_person_sees_their_own_paper_and_no_other_persons(
    world: World, visitor: TestClient
) -> None:
    mine, my_path = _claimed(world)
    other, other_path = _claimed(world, "13900139000", 2)
    for token, seen, hidden in ((mine, my_path, other_path), (other, other_path, my_path)):
        bearer = {"authorization": f"Bearer {token}"}
        assert visitor.get(seen, headers=bearer).status_code == 200
        assert visitor.get(hidden, headers=bearer).status_code == 404


@pytest.mark.parametrize("blob_id", ["blb_nothing", "x", "..%2F..%2Fkeys%2Fcookies", "%00", "'"])
def test_an_id_that_does_not_exist_is_404(world: World, visitor: TestClient, blob_id: str) -> None:
    _as_staff(world, visitor, Role.LEAD)
    assert visitor.get(f"/w/run/media/{blob_id}").status_code == 404
    assert visitor.get("/w/other/media/blb_nothing").status_code == 404


def test_parties_of_a_contract_see_its_document_and_its_reviewer_too(
    world: World, visitor: TestClient
) -> None:
    trade = trading.trade(world)
    stranger = parties.enterprise(world, trade.reviewers, number=3, name="喀什商贸有限公司")
    contract = trading.draft(world, trade)
    blob_id = world.engine.ask(contracts.newest, worlds.SYSTEM, contract.id).blob_id
    path = f"/w/run/media/{blob_id}"
    for party, status in ((trade.supplier, 200), (trade.purchaser, 200), (stranger, 404)):
        answer = visitor.get(path, headers={"authorization": f"Bearer {_browser(world, party)}"})
        assert answer.status_code == status
    _as_staff(world, visitor, Role.CONTRACT_REVIEWER)
    answer = visitor.get(path)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert "sandbox" not in answer.headers["content-security-policy"]


def _browser(world: World, party: parties.Party) -> str:
    session = world.engine.perform(
        mall.sign_in,
        {
            "platform_id": party.mall.platform_id,
            "login": _login(world, party),
            "password": worlds.PASSWORD,
        },
        actor=identity.DOOR,
    )
    return session.token


def _login(world: World, party: parties.Party) -> str:
    sql = "SELECT login FROM mall_account WHERE id = ?"
    return str(worlds.rows(world, sql, party.mall.mall_account_id)[0]["login"])
