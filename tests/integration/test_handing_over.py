"""Taking a persona's part: on a stage, for who shows demonstrations or was invited, and nowhere else."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import handing_over
from engine.staffing.model import Role
from simulations import stages
from tests.support import gateways, on_stage, web, worlds
from tests.support.gateways import Page

ORIGIN = {"origin": web.ORIGIN}


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The process's own world: a demo, and no stage."""
    with (
        pytest.MonkeyPatch.context() as patch,
        on_stage.process_of(tmp_path_factory.mktemp("own") / "demo", patch) as world,
    ):
        worlds.staff(world, Role.PRODUCT, login="presenter")
        worlds.staff(world, Role.AUDITOR, login="auditor")
        yield world


@pytest.fixture(scope="module")
def stage(own: World) -> Iterator[stages.Stage]:
    """A stage whose people have certificates."""
    found = stages.begin("signing", seed=3)
    yield found
    found.end()


@pytest.fixture
def browser(own: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    """A browser of nobody."""
    return web.browser(web.application(own, monkeypatch))


@pytest.fixture
def presenter(own: World, browser: TestClient) -> TestClient:
    """The browser of somebody who shows demonstrations."""
    assert web.sign_in(browser, "presenter", worlds.PASSWORD).status_code == 303
    return browser


def given(stage: stages.Stage) -> dict[str, Any]:
    """What the stage hands over."""
    found: dict[str, Any] = json.loads((stage.folder / handing_over.FILE).read_text())
    return found


def take(browser: TestClient, world_id: str, pc: str = "purchaser", **headers: str) -> int:
    """Ask for a persona's part; the answer's status."""
    sent = headers or ORIGIN
    return browser.post(f"/w/{world_id}/handover?pc={pc}", headers=sent).status_code


def phone(browser: TestClient, world_id: str, slot: str = "a") -> Page:
    """A phone's gateway."""
    return Page(browser, f"/w/{world_id}/phone/{slot}")


def lent(page: Page, name: str) -> Any:
    """What is lent under a name."""
    return page.call("ask", "handset.lent", {"name": name})


@pytest.mark.row("DEM-2")
def test_the_presenter_s_browser_gets_the_phones_and_a_pc(
    presenter: TestClient, stage: stages.Stage
) -> None:
    assert not phone(presenter, stage.id).ask("handset.state")["signed_in"]
    assert take(presenter, stage.id) == 200
    state = phone(presenter, stage.id).ask("handset.state")
    assert state["signed_in"]
    assert state["world"] == stage.id
    me = phone(presenter, stage.id).ask("registration.me")
    with stage.playing(stage.state) as play:
        other = play.cast["supplier"].identity
    assert me["enterprises"][0]["name"] != other.enterprise
    supplier = phone(presenter, stage.id, "b").ask("registration.me")
    assert supplier["enterprises"][0]["name"] == other.enterprise


@pytest.mark.row("DEM-2")
def test_the_device_s_key_and_the_sealed_shares_are_lent(
    presenter: TestClient, stage: stages.Stage
) -> None:
    take(presenter, stage.id)
    page = phone(presenter, stage.id)
    device = lent(page, "device").json()["value"]
    key = serialization.load_der_private_key(base64.b64decode(device["key"]), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    names = page.ask("handset.lent_names", prefix="key/")
    with stage.playing(stage.state) as play:
        assert names == [f"key/{play.cast['purchaser'].certificate_id}"]
    held = lent(page, names[0]).json()["value"]
    assert set(held) == {"scheme", "material", "salt", "sealed", "cost"}
    # What a browser keeps, the story has too.
    page.do("handset.keep", changes={"pending/ord_1": '{"scheme":"split_rsa"}'})
    assert lent(page, "pending/ord_1").json()["value"] == {"scheme": "split_rsa"}
    page.do("handset.keep", changes={"pending/ord_1": ""})
    assert lent(page, "pending/ord_1").json()["value"] is None


@pytest.mark.row("DEM-2")
def test_a_world_that_is_no_stage_hands_nothing_over(
    presenter: TestClient, own: World, stage: stages.Stage
) -> None:
    assert take(presenter, own.id) == 404
    invitation = given(stage)["phones"]["a"]["join"]
    assert presenter.get(f"/w/{own.id}/join/{invitation}").status_code == 404
    page = phone(presenter, own.id)
    assert lent(page, "device").status_code == 404
    # Also once the phone has a file of its own.
    page.do("handset.set_sim", phone=gateways.PHONE)
    assert lent(page, "device").status_code == 404
    assert page.call("do", "handset.keep", {"changes": {"a": "1"}}).status_code == 404


def test_no_id_that_leads_elsewhere_is_served(presenter: TestClient, own: World) -> None:
    for name in ("stage-aaaaaaaaaaaa", "stage-..", "demo2"):
        assert take(presenter, name) == 404
        assert presenter.get(f"/w/{name}/phone").status_code == 404


@pytest.mark.row("DEM-2")
def test_nobody_else_takes_a_part(
    browser: TestClient, stage: stages.Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert take(browser, stage.id) == 404
    assert web.sign_in(browser, "auditor", worlds.PASSWORD).status_code == 303
    assert take(browser, stage.id) == 404
    assert not browser.cookies.get(f"yinxin_phone_a_{stage.id}")


def test_another_site_cannot_have_it_taken(presenter: TestClient, stage: stages.Stage) -> None:
    assert take(presenter, stage.id, origin="https://elsewhere.example") == 403
    assert not presenter.cookies.get(f"yinxin_phone_a_{stage.id}")


@pytest.mark.row("DEM-1")
def test_an_invited_phone_joins_as_its_persona_alone(
    browser: TestClient, stage: stages.Stage
) -> None:
    for wrong in ("x", given(stage)["phones"]["b"]["token"]):
        assert browser.get(f"/w/{stage.id}/join/{wrong}").status_code == 404
    answer = browser.get(f"/w/{stage.id}/join/{given(stage)['phones']['b']['join']}")
    assert answer.status_code == 200
    assert f'data-base="/w/{stage.id}/phone/b"' in answer.text
    assert 'data-lent="true"' in answer.text
    assert phone(browser, stage.id, "b").ask("handset.state")["signed_in"]
    assert not phone(browser, stage.id, "a").ask("handset.state")["signed_in"]
    # Of the phone's owner it says no more than any phone: masked.
    me = phone(browser, stage.id, "b").ask("registration.me")
    assert "*" in me["phone"]


@pytest.mark.row("DEM-1")
def test_a_stage_s_cookies_leave_the_process_s_own_alone(
    presenter: TestClient, own: World, stage: stages.Stage
) -> None:
    page = phone(presenter, own.id)
    page.do("handset.set_sim", phone=gateways.PHONE)
    take(presenter, stage.id)
    assert page.ask("handset.state")["sim"] == "138****8000"
    assert presenter.cookies.get("yinxin_phone_a").startswith(f"{own.id}.")
    assert presenter.cookies.get(f"yinxin_phone_a_{stage.id}").startswith(f"{stage.id}.")


def test_the_log_of_a_stage_is_told_to_who_shows_it(
    browser: TestClient, own: World, stage: stages.Stage
) -> None:
    assert browser.get(f"/w/{stage.id}/events").status_code == 401
    assert web.sign_in(browser, "auditor", worlds.PASSWORD).status_code == 303
    assert browser.get(f"/w/{stage.id}/events").status_code == 404


def test_the_file_of_what_is_handed_over_is_for_nobody_else(stage: stages.Stage) -> None:
    path: Path = stage.folder / handing_over.FILE
    assert path.stat().st_mode & 0o077 == 0
