"""Who may call which gateway: every cookie at every door, foreign pages, and what bodies they take."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import browser_door, identity, phone_stores, routes
from engine.kernel import actors
from engine.staffing.model import Role
from tests.support import gateways, parties, web, worlds

DOORS = ("phone", "mall")


@dataclass(frozen=True)
class Cookies:
    """A living session of each kind, as the value of its own cookie."""

    phone: str
    mall: str
    staff: str


@pytest.fixture
def app(world: World, monkeypatch: pytest.MonkeyPatch) -> Any:
    return web.application(world, monkeypatch)


@pytest.fixture
def cookies(world: World, app: Any) -> Cookies:
    """Sessions of a person, of a mall account, and of a member of staff."""
    parties.enterprise(world, parties.Reviewers.of(world))
    phone = gateways.phone(web.browser(app), world)
    gateways.sign_in(phone, world, "13900139000")
    mall = gateways.mall(web.browser(app), world)
    mall.do("mall.sign_in", login="party0001", password=worlds.PASSWORD)
    worlds.staff(world, Role.LEAD, login="lead")
    desk = web.browser(app)
    web.sign_in(desk, "lead", worlds.PASSWORD)
    token = phone.browser.cookies["yinxin_phone_me"].partition(".")[2]
    kept = phone_stores.of_world(world).find(token)
    assert kept is not None
    return Cookies(
        phone=phone.browser.cookies["yinxin_phone_me"],
        mall=mall.browser.cookies["yinxin_mall_guangzheng"],
        staff=desk.cookies[identity.COOKIE],
    )


def _page(door: str, browser: TestClient, world: World) -> gateways.Page:
    page = gateways.phone if door == "phone" else gateways.mall
    return page(browser, world)


QUESTION = {"phone": "registration.me", "mall": "mall.signed_in"}
COOKIE = {
    "phone": "yinxin_phone_me",
    "mall": "yinxin_mall_guangzheng",
    "staff": identity.COOKIE,
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("kind", ["phone", "mall", "staff"])
@pytest.mark.parametrize("named", ["phone", "mall", "staff"])
def test_a_session_opens_its_own_door_in_its_own_cookie_and_no_other(
    world: World, app: Any, cookies: Cookies, door: str, kind: str, named: str
) -> None:
    browser = web.browser(app)
    browser.cookies.set(COOKIE[named], getattr(cookies, kind))
    page = _page(door, browser, world)
    opens = kind == named == door
    assert page.call("ask", QUESTION[door]).status_code == (200 if opens else 401)
    if not opens:
        assert browser.get(f"{page.base}/events").status_code == 401
    media = browser.get(f"{page.base}/media/blb_x")
    assert media.status_code == (404 if opens else 401)


@pytest.mark.parametrize("kind", ["phone", "mall", "staff"])
def test_a_bearer_token_opens_no_gateway_and_a_cookie_no_bearer_route(
    world: World, app: Any, cookies: Cookies, kind: str
) -> None:
    browser = web.browser(app)
    browser.cookies.set(COOKIE[kind], getattr(cookies, kind))
    for path in ("registration/me", "mall/signed-in"):
        assert browser.post(f"/api/v1/{path}", json={}).status_code == 401
    token = getattr(cookies, kind).partition(".")[2]
    stranger = web.browser(app)
    for door in DOORS:
        answer = _page(door, stranger, world).call(
            "ask", QUESTION[door], None, authorization=f"Bearer {token}"
        )
        assert answer.status_code == 401


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("verb", ["do", "ask"])
@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://127.0.0.1:9999", "null", "", "https://"]
)
def test_a_foreign_page_or_no_page_at_all_is_refused(
    world: World, app: Any, cookies: Cookies, door: str, verb: str, origin: str
) -> None:
    browser = web.browser(app)
    browser.cookies.set(COOKIE[door], getattr(cookies, door))
    page = _page(door, browser, world)
    with worlds.unchanged(world):
        answer = page.call(verb, QUESTION[door], None, origin=origin)
    assert answer.status_code == 403
    assert answer.json()["code"] == "http.foreign_page"


BODIES = {
    "nothing": b"",
    "a list": b"[]",
    "no name": b'{"arguments": {}}',
    "a number for a name": b'{"name": 1}',
    "a text for arguments": b'{"name": "mall.platforms", "arguments": "x"}',
    "something more": b'{"name": "mall.platforms", "arguments": {}, "actor": "staff"}',
    "deep": b"[" * 50_000,
}


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_body_of_another_form_is_refused(world: World, app: Any, door: str, body: bytes) -> None:
    browser = web.browser(app)
    answer = browser.post(
        f"{_page(door, browser, world).base}/ask",
        content=body,
        headers={"origin": web.ORIGIN, "content-type": "application/json"},
    )
    assert answer.status_code == 422
    assert answer.json()["code"] in ("http.body_invalid", "http.name_invalid")


@pytest.mark.parametrize("door", DOORS)
def test_only_json_of_a_bounded_size_is_taken(world: World, app: Any, door: str) -> None:
    browser = web.browser(app)
    base = _page(door, browser, world).base
    headers = {"origin": web.ORIGIN, "idempotency-key": "a-key-of-mine"}
    form = browser.post(f"{base}/do", data={"name": "mall.sign_in"}, headers=headers)
    assert form.status_code == 415
    big = json.dumps({"name": "x" * browser_door.LARGEST_OF_STRANGERS})
    sent = {**headers, "content-type": "application/json"}
    assert browser.post(f"{base}/do", content=big, headers=sent).status_code == 413
    told = {**sent, "content-length": str(browser_door.LARGEST + 1)}
    assert browser.post(f"{base}/ask", content=b"{}", headers=told).status_code == 413


def test_a_gateway_offers_the_operations_of_its_own_people_and_no_others(
    world: World, app: Any, cookies: Cookies
) -> None:
    offered = {"phone": ("person", "anybody"), "mall": ("mall", "anybody")}
    for door, whose in offered.items():
        browser = web.browser(app)
        browser.cookies.set(COOKIE[door], getattr(cookies, door))
        page = _page(door, browser, world)
        for route in routes.ROUTES:
            if route.who in whose:
                continue
            for verb in ("do", "ask"):
                refused = page.refused(verb, route.name)
                assert refused.code == "http.no_such_operation", route.name


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize(
    "name", ["", "registration", "registration.store", "handset.__init__", "../x", "a.b.c"]
)
def test_an_unknown_name_is_404(world: World, app: Any, door: str, name: str) -> None:
    page = _page(door, web.browser(app), world)
    for verb in ("do", "ask"):
        assert page.refused(verb, name).status == 404


def test_a_question_is_not_an_act_nor_an_act_a_question(world: World, app: Any) -> None:
    page = gateways.mall(web.browser(app), world)
    assert page.call("ask", "mall.platforms").status_code == 200
    assert page.refused("do", "mall.platforms").code == "http.no_such_operation"
    assert page.refused("ask", "mall.sign_in").code == "http.no_such_operation"


def test_a_session_of_the_other_kind_is_never_opened_at_a_door(
    world: World, app: Any, cookies: Cookies
) -> None:
    phone = gateways.phone(web.browser(app), world)
    given = {"platform_id": gateways.PLATFORM, "login": "party0001", "password": worlds.PASSWORD}
    assert phone.refused("do", "mall.sign_in", **given).code == "http.no_such_operation"
    mall = gateways.mall(web.browser(app), world)
    sign_in = {"request_id": "x", "phone": gateways.PHONE, "code": "1", "device_label": "x"}
    assert mall.refused("do", "registration.sign_in_by_code", **sign_in).status == 404


def test_every_act_knows_where_it_comes_from(
    world: World, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[actors.Source] = []
    attempt = world.engine.attempt

    def watched(*given: Any, **more: Any) -> Any:
        seen.append(more.get("source", actors.Source()))
        return attempt(*given, **more)

    monkeypatch.setattr(world.engine, "attempt", watched)
    given = {"phone": gateways.PHONE, "purpose": "sign_in", "terms_accepted": True}
    browser = web.browser(app, client=("203.0.113.7", 50_000))
    phone = gateways.phone(browser, world)
    phone.do("registration.request_code", **given)
    phone.do("handset.request_code", **{**given, "phone": "13900139000"})
    gateways.mall(browser, world).do(
        "registration.request_code", **{**given, "phone": "13900139001"}
    )
    browser.post("/api/v1/registration/request-code", json={**given, "phone": "13900139002"})
    assert {source.address for source in seen} == {"203.0.113.7"}
    assert seen[0].browser == seen[1].browser != ""
    assert len({source.browser for source in seen}) == 3
    assert browser.cookies["yinxin_phone_me"].partition(".")[2] not in seen[0].browser


def _attributes(answer: Any) -> list[str]:
    return [one.strip().lower() for one in answer.headers["set-cookie"].split(";")]


def test_cookies_are_out_of_reach_of_scripts_and_of_foreign_pages(world: World, app: Any) -> None:
    plain = gateways.phone(web.browser(app), world).call("ask", "handset.state")
    assert {"httponly", "samesite=strict", "path=/"} <= set(_attributes(plain))
    assert "secure" not in _attributes(plain)
    secure = web.browser(app, base_url="https://127.0.0.1:8501")
    phone = gateways.phone(secure, world)
    told = phone.call("ask", "handset.state")
    assert told.headers["set-cookie"].startswith("__Host-yinxin_phone_me=run.")
    assert {"httponly", "secure", "samesite=strict"} <= set(_attributes(told))
    opened = gateways.mall(secure, world).call(
        "do", "binding.open_login_ticket", {"kind": "platform"}
    )
    assert opened.headers["set-cookie"].startswith("__Host-yinxin_browser=run.")


def test_over_tls_a_cookie_without_the_prefix_is_ignored(
    world: World, app: Any, cookies: Cookies
) -> None:
    browser = web.browser(app, base_url="https://127.0.0.1:8501")
    browser.cookies.set("yinxin_phone_me", cookies.phone)
    assert gateways.phone(browser, world).call("ask", "registration.me").status_code == 401
    browser.cookies.set("__Host-yinxin_phone_me", cookies.phone)
    assert gateways.phone(browser, world).call("ask", "registration.me").status_code == 200


def test_a_bug_shows_an_id_and_nothing_else(
    world: World, app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: Any) -> Any:
        raise ValueError("a secret of the inside")

    page = gateways.mall(web.browser(app), world)
    monkeypatch.setattr(browser_door, "at_door", broken)
    answer = page.call("ask", "mall.platforms")
    assert answer.status_code == 500
    assert answer.json()["incident"] in answer.json()["title"]
    assert "secret of the inside" not in answer.text


def test_a_browser_that_leaves_while_it_asks_is_no_incident(
    app: Any, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    address = f"/w/{world.id}/phone/me/ask"
    headers = {"host": "127.0.0.1:8501", "origin": web.ORIGIN, "content-type": "application/json"}
    scope = {
        "type": "http",
        "method": "POST",
        "path": address,
        "raw_path": address.encode(),
        "query_string": b"",
        "scheme": "http",
        "client": web.LOOPBACK,
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    begun = {"type": "http.request", "body": b'{"name": "hand', "more_body": True}
    coming = iter((begun, {"type": "http.disconnect"}))
    told: list[Any] = []

    async def receive() -> Any:
        return next(coming)

    async def send(message: Any) -> None:
        told.append(message)

    asyncio.run(app(scope, receive, send))
    assert next(coming, None) is None
    assert told[0]["status"] < 500
    assert "incident" not in caplog.text
