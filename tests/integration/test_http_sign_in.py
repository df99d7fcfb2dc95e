"""Signing staff in: by password, and by one click only where that may exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from engine import boot
from engine.boot import World
from engine.http import identity, login_page
from engine.staffing.model import Role
from tests.support import web, worlds

PASSWORD = worlds.PASSWORD


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    worlds.staff(world, Role.LEAD, login="lead")
    return web.browser(web.application(world, monkeypatch))


def test_a_right_password_opens_a_session_in_an_http_only_cookie(visitor: TestClient) -> None:
    answer = web.sign_in(visitor, "lead", PASSWORD, next="/desk")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(identity.COOKIE))
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert cookie.startswith(f"{identity.COOKIE}=run.")


def test_over_tls_the_cookie_is_bound_to_this_very_host(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    worlds.staff(world, Role.LEAD, login="lead")
    visitor = web.browser(web.application(world, monkeypatch), base_url="https://127.0.0.1:8501")
    answer = web.sign_in(visitor, "lead", PASSWORD)
    name = f"__Host-{identity.COOKIE}"
    cookie = next(c for c in answer.headers.get_list("set-cookie") if c.startswith(name))
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert visitor.get("/").status_code == 200
    planted = visitor.cookies[name]
    visitor.cookies.clear()
    visitor.cookies.set(identity.COOKIE, planted)
    assert visitor.get("/").status_code == 401


@pytest.mark.parametrize(("login", "password"), [("lead", "wrong"), ("nobody", PASSWORD), ("", "")])
def test_wrong_credentials_are_told_alike_whoever_is_meant(
    visitor: TestClient, login: str, password: str
) -> None:
    answer = web.sign_in(visitor, login, password)
    assert answer.status_code == 401
    assert "The login or the password is wrong" in answer.text
    assert identity.COOKIE not in visitor.cookies


def test_a_form_without_its_browsers_token_does_nothing(world: World, visitor: TestClient) -> None:
    fields = {"login": "lead", "password": PASSWORD}
    foreign = web.browser(visitor.app)
    other_token = web.csrf_of(foreign.get("/login").text)
    visitor.get("/login")
    with worlds.unchanged(world):
        for token in ("", "x", other_token):
            answer = visitor.post(
                "/sign-in", data={**fields, "csrf": token}, headers={"origin": web.ORIGIN}
            )
            assert answer.status_code == 403
            assert identity.COOKIE not in visitor.cookies


@pytest.mark.parametrize("origin", ["http://evil.example", "null", ""])
def test_a_form_from_a_foreign_page_does_nothing(
    world: World, visitor: TestClient, origin: str
) -> None:
    token = web.csrf_of(visitor.get("/login").text)
    fields = {"login": "lead", "password": PASSWORD, "csrf": token}
    with worlds.unchanged(world):
        answer = visitor.post("/sign-in", data=fields, headers={"origin": origin})
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "http://evil.example", "/login", "/a\r\nb", ""]
)
def test_signing_in_never_leads_away_from_the_site(visitor: TestClient, path: str) -> None:
    answer = web.sign_in(visitor, "lead", PASSWORD, next=path)
    assert answer.headers["location"] == "/"


def test_signing_out_ends_the_session_in_the_database(visitor: TestClient) -> None:
    web.sign_in(visitor, "lead", PASSWORD)
    kept = visitor.cookies[identity.COOKIE]
    answer = visitor.get("/logout", headers={"sec-fetch-site": "same-origin"})
    assert answer.headers["location"] == "/login"
    visitor.cookies.set(identity.COOKIE, kept)
    assert visitor.get("/").status_code == 401


def test_a_foreign_page_cannot_sign_anybody_out(visitor: TestClient) -> None:
    web.sign_in(visitor, "lead", PASSWORD)
    visitor.get("/logout", headers={"sec-fetch-site": "cross-site"})
    visitor.post("/logout", headers={"origin": "http://evil.example"})
    assert visitor.get("/").status_code == 200


def test_text_in_the_form_is_shown_as_text(visitor: TestClient) -> None:
    page = visitor.get("/login", params={"next": '/"><script>alert(1)</script>'}).text
    assert "<script" not in page


# -- one click -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> World:
    path: Path = tmp_path_factory.mktemp("one-click") / "demo"
    boot.create_world(path, kind="demo", world_id="one-click")
    made = boot.open_world(path)
    worlds.staff(made, Role.LEAD, login="lead")
    return made


def _one_click(visitor: TestClient) -> int:
    token = web.csrf_of(visitor.get("/login").text)
    form = {"csrf": token, "demo": "lead"}
    return int(visitor.post("/sign-in", data=form, headers={"origin": web.ORIGIN}).status_code)


def test_one_click_signs_in_on_the_loopback_of_a_demo_world(
    demo: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = web.browser(web.application(demo, monkeypatch))
    assert re.search(r'name="demo" value="lead"', visitor.get("/login").text)
    assert _one_click(visitor) == 303
    assert visitor.get("/").status_code == 200


def test_one_click_does_not_exist_for_other_machines(
    demo: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = web.browser(web.application(demo, monkeypatch), client=("192.0.2.7", 5))
    assert 'name="demo"' not in visitor.get("/login").text
    assert _one_click(visitor) == 401


def test_one_click_does_not_exist_behind_a_proxy(
    demo: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = web.browser(web.application(demo, monkeypatch))
    visitor.headers["x-forwarded-for"] = "192.0.2.7"
    assert 'name="demo"' not in visitor.get("/login").text
    assert _one_click(visitor) == 401


def test_one_click_does_not_exist_in_other_worlds(visitor: TestClient) -> None:
    assert 'name="demo"' not in visitor.get("/login").text
    assert _one_click(visitor) == 401


def test_a_huge_form_is_not_read(visitor: TestClient) -> None:
    visitor.get("/login")
    answer = visitor.post(
        "/sign-in",
        data={"login": "x" * (login_page.LARGEST_FORM + 1)},
        headers={"origin": web.ORIGIN},
    )
    assert answer.status_code == 403
