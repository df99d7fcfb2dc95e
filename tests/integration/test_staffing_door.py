"""The staff's door over HTTP: a code after the password, a password of one's own, a second factor."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import identity, staff_steps
from engine.kernel.engine import SECOND_FACTOR_MS
from engine.staffing import actions, model
from engine.staffing.model import Role
from tests.support import qr_reading, staffing, web, worlds

pytestmark = pytest.mark.row("OPS-7")


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


def step(visitor: TestClient, page: str, **fields: str):
    form = {"csrf": web.csrf_of(page), "next": "/desk", **fields}
    return visitor.post("/sign-in/step", data=form, headers={"origin": web.ORIGIN})


def begin(visitor: TestClient, login: str, password: str = worlds.PASSWORD) -> str:
    """The password, then the page of the step that is missing."""
    answer = web.sign_in(visitor, login, password, next="/desk")
    assert answer.headers["location"] == "/sign-in/step?next=/desk"
    assert identity.COOKIE not in visitor.cookies
    assert visitor.get("/desk", headers=web.HTML).headers["location"] == "/login?next=/desk"
    return visitor.get(answer.headers["location"]).text


def test_the_password_then_the_code_then_the_page_that_was_wanted(
    world: World, visitor: TestClient
) -> None:
    worlds.staff(world, Role.LEAD, login="lead")
    app, _codes = staffing.enrol(world, staffing.signed_in(world, "lead"))
    page = begin(visitor, "lead")
    assert "authenticator app" in page
    wrong = step(visitor, page, code="000000x")
    assert wrong.status_code == 401
    assert "This code is wrong" in wrong.text
    assert identity.COOKIE not in visitor.cookies
    done = step(visitor, page, code=app.next_code())
    assert (done.status_code, done.headers["location"]) == (303, "/desk")
    assert staff_steps.STEP_COOKIE not in visitor.cookies
    assert visitor.get("/desk").text.startswith("console of stf_")


def test_the_cookie_of_a_step_is_no_session_in_either_place(
    world: World, visitor: TestClient
) -> None:
    worlds.staff(world, Role.LEAD, login="lead")
    staffing.enrol(world, staffing.signed_in(world, "lead"))
    begin(visitor, "lead")
    token = visitor.cookies[staff_steps.STEP_COOKIE]
    thief = web.browser(visitor.app)
    thief.cookies.set(identity.COOKIE, token)
    assert thief.get("/desk").status_code == 401
    cookie = next(
        one
        for one in web.sign_in(visitor, "lead", worlds.PASSWORD).headers.get_list("set-cookie")
        if one.startswith(staff_steps.STEP_COOKIE)
    )
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie


def test_an_administrator_sets_a_second_factor_up_at_the_first_sign_in(
    world: World, visitor: TestClient
) -> None:
    worlds.staff(world, Role.ADMINISTRATOR, login="root")
    page = begin(visitor, "root")
    picture = re.search(r"data:image/png;base64,([^\"]+)", page)
    assert picture is not None
    address = qr_reading.read_base64(picture.group(1))
    secret = re.search(r"secret=([A-Z2-7]+)", address)
    assert secret is not None
    assert secret.group(1) in page
    app = staffing.App(world, model.Enrolment(secret=secret.group(1), address=address))
    # A slip of the finger shows the same QR again.
    assert secret.group(1) in step(visitor, page, code="1").text
    done = step(visitor, page, code=app.code())
    assert done.status_code == 200
    codes = re.findall(r"<li>([A-Z2-7-]{19})</li>", done.text)
    assert len(codes) == 10
    assert visitor.get("/desk").text.startswith("console of stf_")
    # The next time a recovery code will do.
    other = web.browser(visitor.app)
    page = begin(other, "root")
    assert step(other, page, code=codes[0]).status_code == 303


def test_a_temporary_password_is_changed_at_the_door(world: World, visitor: TestClient) -> None:
    admin = staffing.administrator(world)
    given = {"login": "new", "name": "新人", "password": worlds.PASSWORD, "roles": ("auditor",)}
    staffing.do(world, admin, actions.create_staff, **given)
    page = begin(visitor, "new")
    differ = step(visitor, page, password="one long password", again="another long password")
    assert differ.status_code == 422
    assert "do not match" in differ.text
    common = step(visitor, page, password="password", again="password")
    assert common.status_code == 422
    done = step(visitor, page, password="one long password", again="one long password")
    assert done.headers["location"] == "/desk"
    assert visitor.get("/desk").text.startswith("console of stf_")


@pytest.mark.parametrize("path", ["get", "post"])
def test_without_a_begun_sign_in_there_is_no_step(
    world: World, visitor: TestClient, path: str
) -> None:
    worlds.staff(world, Role.LEAD, login="lead")
    page = visitor.get("/login").text
    with worlds.unchanged(world):
        if path == "get":
            answer = visitor.get("/sign-in/step?next=/desk")
        else:
            answer = step(visitor, page, code="123456")
    assert answer.headers["location"] == "/login?next=/desk"


def test_a_foreign_page_cannot_answer_a_step(world: World, visitor: TestClient) -> None:
    worlds.staff(world, Role.LEAD, login="lead")
    app, _codes = staffing.enrol(world, staffing.signed_in(world, "lead"))
    page = begin(visitor, "lead")
    form = {"csrf": web.csrf_of(page), "code": app.next_code()}
    for headers, fields in (
        ({"origin": "http://evil.example"}, form),
        ({}, form),
        ({"origin": web.ORIGIN}, {**form, "csrf": "x"}),
    ):
        with worlds.unchanged(world):
            assert visitor.post("/sign-in/step", data=fields, headers=headers).status_code == 403


def test_the_api_asks_for_the_second_factor_too_and_for_the_right(
    world: World, visitor: TestClient
) -> None:
    worlds.staff(world, Role.ADMINISTRATOR, login="root")
    member = worlds.staff(world, login="anna")
    page = begin(visitor, "root")
    found = re.search(r"([A-Z2-7]{32})", page)
    assert found is not None
    secret = found.group(1)
    app = staffing.App(
        world, model.Enrolment(secret=secret, address=f"otpauth://totp/x?secret={secret}")
    )
    step(visitor, page, code=app.code())
    ours = {"origin": web.ORIGIN}
    grant = {"staff_id": member.staff_id, "role": "auditor"}
    worlds.clock_of(world).advance(SECOND_FACTOR_MS)
    refused = visitor.post("/api/v1/staffing/grant-role", json=grant, headers=ours)
    assert (refused.status_code, refused.json()["code"]) == (403, "kernel.step_up_needed")
    proved = visitor.post("/api/v1/staffing/step-up", json={"code": app.code()}, headers=ours)
    assert proved.status_code == 200, proved.text
    done = visitor.post("/api/v1/staffing/grant-role", json=grant, headers=ours)
    assert done.json()["roles"] == ["auditor"]
    # Whoever manages no staff is refused by the engine, whichever door they take.
    worlds.staff(world, Role.LEAD, login="lead")
    lead = web.browser(visitor.app)
    web.sign_in(lead, "lead", worlds.PASSWORD)
    given = {"staff_id": member.staff_id}
    for path in ("sessions-of", "history", "end-sessions"):
        answer = lead.post(f"/api/v1/staffing/{path}", json=given, headers=ours)
        assert answer.status_code == (200 if path == "history" else 403), path
