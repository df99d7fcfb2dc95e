"""The phone's gateway: a cookie is a phone, its session stays on this side, and nothing else opens it."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import doors, phone_acts, phone_stores
from engine.kernel import clock
from engine.registration.actions import codes
from engine.scanning import model
from tests.support import gateways, web, worlds


@pytest.fixture
def app(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    return web.application(world, monkeypatch)


@pytest.fixture
def browser(app: Any) -> TestClient:
    return web.browser(app)


@pytest.fixture
def phone(browser: TestClient, world: World) -> gateways.Page:
    return gateways.phone(browser, world)


def test_a_new_phone_tells_its_state_and_has_no_store_yet(
    world: World, phone: gateways.Page
) -> None:
    state = phone.ask("handset.state")
    assert (state["signed_in"], state["sim"], state["demo"]) == (False, None, True)
    assert (state["world"], state["language"]) == (world.id, "en")
    token = phone.browser.cookies["yinxin_phone_me"].partition(".")[2]
    assert len(token) >= 43
    assert phone_stores.of_world(world).find(token) is None


@pytest.mark.row("ACC-3")
def test_a_person_signs_in_with_a_code_and_out_again(world: World, phone: gateways.Page) -> None:
    done = gateways.sign_in(phone, world)
    assert done["new_account"]
    assert worlds.kinds(world)[-1] == "account.signed_in"
    assert phone.ask("handset.state")["signed_in"]
    assert phone.ask("registration.me")["phone"] == "138****8000"
    assert phone.do("handset.sign_out") == {"signed_in": False}
    assert worlds.kinds(world)[-1] == "account.signed_out"
    assert not phone.ask("handset.state")["signed_in"]
    with pytest.raises(doors.NotSignedIn):
        phone.ask("registration.me")


def test_the_engines_own_way_to_sign_in_is_kept_on_this_side_too(
    world: World, phone: gateways.Page
) -> None:
    asked = phone.do(
        "registration.request_code", phone=gateways.PHONE, purpose="sign_in", terms_accepted=True
    )
    told = phone.do(
        "registration.sign_in_by_code",
        request_id=asked["request_id"],
        phone=gateways.PHONE,
        code=gateways.code_on(world, gateways.PHONE),
    )
    assert "token" not in told
    assert phone.ask("handset.state")["signed_in"]
    phone.do("registration.sign_out")
    assert not phone.ask("handset.state")["signed_in"]


def test_no_token_is_in_any_body_or_cookie_that_a_script_could_read(
    world: World, phone: gateways.Page
) -> None:
    gateways.sign_in(phone, world)
    store = phone_stores.of_world(world).find(
        phone.browser.cookies["yinxin_phone_me"].partition(".")[2]
    )
    assert store is not None
    session = store.store.get("session")
    assert session is not None
    phone.ask("registration.me")
    phone.ask("handset.state")
    secrets = [session.decode(), phone.browser.cookies["yinxin_phone_me"].partition(".")[2]]
    assert not any(secret in body for secret in secrets for body in phone.bodies)


def test_a_second_browser_and_a_second_slot_are_other_phones(
    world: World, app: Any, phone: gateways.Page
) -> None:
    gateways.sign_in(phone, world)
    assert not gateways.phone(web.browser(app), world).ask("handset.state")["signed_in"]
    assert not gateways.phone(phone.browser, world, "a").ask("handset.state")["signed_in"]


def test_a_cookie_of_another_world_opens_nothing(world: World, phone: gateways.Page) -> None:
    gateways.sign_in(phone, world)
    token = phone.browser.cookies["yinxin_phone_me"].partition(".")[2]
    phone.browser.cookies.clear()
    phone.browser.cookies.set("yinxin_phone_me", f"elsewhere.{token}")
    assert phone.refused("ask", "registration.me").code == "http.not_signed_in"


@pytest.mark.parametrize("slot", ["d", "", "A", "me2", ".."])
def test_only_known_slots_are_phones(world: World, browser: TestClient, slot: str) -> None:
    answer = gateways.phone(browser, world, slot).call("ask", "handset.state")
    assert answer.status_code == 404


def test_a_sim_card_is_put_in_shown_masked_and_taken_out(
    world: World, phone: gateways.Page
) -> None:
    assert phone.refused("ask", "handset.carrier_number").code == "providers.no_sim"
    assert phone.do("handset.set_sim", phone="138 0013 8000") == {"sim": "138****8000"}
    assert phone.ask("handset.carrier_number") == {"masked": "138****8000"}
    assert phone.ask("handset.state")["sim"] == "138****8000"
    phone.do("handset.set_sim", phone="")
    assert phone.ask("handset.state")["sim"] is None
    assert phone.refused("do", "handset.set_sim", phone="12").told["field"] == "phone"


@pytest.mark.row("ACC-2")
def test_one_tap_signs_in_by_the_number_of_the_card(world: World, phone: gateways.Page) -> None:
    assert phone.refused("do", "handset.one_tap", terms_accepted=True).code == "providers.no_sim"
    phone.do("handset.set_sim", phone=gateways.PHONE)
    session = phone.do("handset.one_tap", terms_accepted=True)
    assert session["new_account"]
    assert "account.signed_in" in worlds.kinds(world)
    assert phone.ask("registration.me")["phone"] == "138****8000"
    assert not any("secret" in body for body in phone.bodies)


@pytest.mark.row("ACC-1")
def test_one_tap_needs_the_terms_and_refuses_without_waiting(
    world: World, phone: gateways.Page
) -> None:
    phone.do("handset.set_sim", phone=gateways.PHONE)
    with worlds.unchanged(world, without=("sim_counter", "sim_number")):
        refused = phone.refused("do", "handset.one_tap", terms_accepted=False)
    assert refused.told["field"] == "terms_accepted"


def test_a_second_code_within_the_hour_costs_the_phone_a_proof_of_work(
    world: World, phone: gateways.Page
) -> None:
    given = {"phone": gateways.PHONE, "purpose": "sign_in", "terms_accepted": True}
    phone.do("handset.request_code", **given)
    worlds.clock_of(world).advance(2 * clock.MINUTE)
    refused = phone.refused("do", "registration.request_code", **given)
    assert refused.code == "registration.challenge_needed"
    assert phone.do("handset.request_code", **given)["request_id"]


def test_text_messages_are_those_to_the_phones_own_card(world: World, phone: gateways.Page) -> None:
    phone.do("handset.request_code", phone=gateways.PHONE, purpose="sign_in", terms_accepted=True)
    assert phone.browser.get(f"{phone.base}/sms").json() == []
    phone.do("handset.set_sim", phone=gateways.PHONE)
    (message,) = phone.browser.get(f"{phone.base}/sms").json()
    assert set(message) == {"text", "sent_at"}
    assert "验证码" in message["text"]
    phone.do("handset.set_sim", phone="13900139000")
    assert phone.browser.get(f"{phone.base}/sms").json() == []


def test_a_production_world_has_no_simulated_card_messages_or_demo_phones(
    world: World, browser: TestClient, phone: gateways.Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(phone_acts, "simulated", lambda world: False)
    assert browser.get(f"{phone.base}/sms").status_code == 404
    assert phone.refused("do", "handset.set_sim", phone=gateways.PHONE).status == 404
    assert phone.refused("do", "handset.pay", payment_id="pay_x").status == 404
    assert not phone.ask("handset.state")["demo"]
    assert gateways.phone(browser, world, "a").call("ask", "handset.state").status_code == 404


def test_the_same_key_is_the_same_act(world: World, phone: gateways.Page) -> None:
    phone.ask("handset.state")
    given = {"phone": gateways.PHONE, "purpose": "sign_in", "terms_accepted": True}
    key = {"idempotency-key": "a-key-of-mine"}
    first = phone.call("do", "handset.request_code", given, **key)
    with worlds.unchanged(world, without=("job", "sim_sms")):
        again = phone.call("do", "handset.request_code", given, **key)
    assert (again.status_code, again.json()) == (200, first.json())
    other = phone.call("do", "handset.request_code", {**given, "phone": "13900139000"}, **key)
    assert other.json()["code"] == "kernel.key_reused"


def test_the_same_key_in_another_browser_is_another_act(
    world: World, app: Any, phone: gateways.Page
) -> None:
    key = {"idempotency-key": "a-key-of-mine"}
    given = {"phone": gateways.PHONE, "purpose": "sign_in", "terms_accepted": True}
    assert phone.call("do", "registration.request_code", given, **key).status_code == 200
    other = gateways.phone(web.browser(app), world)
    answer = other.call("do", "registration.request_code", given, **key)
    assert answer.json()["code"] == codes.CodeTooSoon.code


@pytest.mark.parametrize("key", ["", "short", "x" * 129])
def test_an_act_needs_a_key_of_the_right_form(world: World, phone: gateways.Page, key: str) -> None:
    given = {"phone": gateways.PHONE, "purpose": "sign_in", "terms_accepted": True}
    with worlds.unchanged(world):
        answer = phone.call("do", "registration.request_code", given, **{"idempotency-key": key})
    assert answer.status_code == 422
    assert answer.json()["code"] in ("http.key_needed", "http.key_invalid")


def test_refusals_speak_the_readers_language(world: World, phone: gateways.Page) -> None:
    english = phone.call("ask", "registration.me").json()["title"]
    chinese = phone.call("ask", "registration.me", None, **{"accept-language": "zh-CN"}).json()
    assert english.isascii()
    assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese["title"])
    asked = phone.browser.post(
        f"{phone.base}/ask?lang=zh_CN",
        json={"name": "registration.me"},
        headers={"origin": web.ORIGIN},
    )
    assert asked.json()["title"] == chinese["title"]


@pytest.mark.parametrize(
    "text", ["", "https://evil.example/YX1:x", "YX1:w:login:t:" + "A" * 86, "YX1:" + "x" * 5_000]
)
def test_a_code_that_is_not_ours_is_refused_again_by_the_gateway(
    world: World, phone: gateways.Page, text: str
) -> None:
    """The phone has looked; whoever sends one past it is refused all the same."""
    gateways.sign_in(phone, world)
    with worlds.unchanged(world):
        assert phone.refused("do", "handset.scan", qr_text=text).code == "handset.foreign_code"


def test_no_picture_is_taken_in_for_a_scan(world: World, phone: gateways.Page) -> None:
    gateways.sign_in(phone, world)
    with worlds.unchanged(world):
        refused = phone.refused("do", "handset.scan", qr_text="", picture=gateways.b64(b"x"))
    assert refused.status == 422


def test_the_key_that_knows_our_codes_comes_with_the_state(
    world: World, phone: gateways.Page
) -> None:
    known = base64.b64decode(phone.ask("handset.state")["codes_key"])
    assert known == model.signing_key(world.keyring).public_key().public_bytes_raw()


def test_a_page_that_does_not_say_which_device_it_is_signs_nobody_in(
    world: World, phone: gateways.Page
) -> None:
    asked = phone.do(
        "handset.request_code", phone=gateways.PHONE, purpose="sign_in", terms_accepted=True
    )
    code = gateways.code_on(world, gateways.PHONE)
    given = {"request_id": asked["request_id"], "phone": gateways.PHONE, "code": code}
    for told in ("", "no base64", "x" * 500):
        answer = phone.call("do", "handset.sign_in", given, **{"yinxin-device": told})
        assert answer.json()["code"] == "http.device_unknown"
    assert not phone.ask("handset.state")["signed_in"]
    phone.do("handset.sign_in", **given)
    assert phone.ask("handset.state")["signed_in"]


def test_a_session_that_was_ended_elsewhere_is_forgotten(
    world: World, phone: gateways.Page
) -> None:
    gateways.sign_in(phone, world)
    worlds.run_sql(world, "UPDATE handset_session SET ended_at = 1")
    assert not phone.ask("handset.state")["signed_in"]
    assert phone.do("handset.sign_out") == {"signed_in": False}
