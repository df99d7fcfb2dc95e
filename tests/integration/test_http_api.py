"""The JSON API: strict in what it takes, one act for one key, and a code for every refusal."""

from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine.boot import World
from engine.http import api
from engine.staffing.model import Role
from tests.support import parties, registering, web, worlds

CODE = {"phone": "13800138000", "purpose": "sign_in", "terms_accepted": True}
REQUEST_CODE = "/api/v1/registration/request-code"


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


def _token(world: World) -> str:
    asked = registering.ask_for_code(world, "13900139000")
    return registering.enter_code(world, asked).token


def _problem(answer: Any, status: int, code: str) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    told: dict[str, Any] = answer.json()
    assert told["code"] == code
    assert told["status"] == status
    return told


def test_an_action_happens_and_answers_in_json(world: World, visitor: TestClient) -> None:
    answer = visitor.post(REQUEST_CODE, json=CODE)
    assert answer.status_code == 200
    assert answer.json()["request_id"].startswith("cod_")
    assert worlds.kinds(world)[-1] == "code.requested"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"extra": 1}, "extra"),
        ({"op": {}}, "op"),
        ({"prepared": "x"}, "prepared"),
        ({"phone": 13800138000}, "phone"),
        ({"phone": None}, "phone"),
        ({"phone": ["13800138000"]}, "phone"),
        ({"terms_accepted": "true"}, "terms_accepted"),
        ({"terms_accepted": 1}, "terms_accepted"),
        ({"purpose": "anything"}, "purpose"),
        ({"phone": "\ud800"}, None),
    ],
)
def test_an_unknown_field_or_a_wrong_type_is_refused_by_name(
    world: World, visitor: TestClient, change: dict[str, Any], field: str | None
) -> None:
    with worlds.unchanged(world):
        answer = visitor.post(
            REQUEST_CODE,
            content=json.dumps({**CODE, **change}),
            headers={"content-type": "application/json"},
        )
    told = _problem(answer, 422, "http.argument_invalid")
    if field is not None:
        assert told["field"] == field


def test_a_missing_field_is_named(visitor: TestClient) -> None:
    told = _problem(visitor.post(REQUEST_CODE, json={}), 422, "http.argument_invalid")
    assert told["field"] == "phone"


def test_bytes_must_be_base64(world: World, visitor: TestClient) -> None:
    given = {"request_id": "x", "phone": "13800138000", "code": "1", "device_label": "x"}
    answer = visitor.post(
        "/api/v1/registration/sign-in-by-code", json={**given, "device_key": "not base64!"}
    )
    assert _problem(answer, 422, "http.argument_invalid")["field"] == "device_key"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"null", b"[" * 100_000, b"\xff"])
def test_a_body_that_is_no_json_object_is_refused(visitor: TestClient, body: bytes) -> None:
    answer = visitor.post(REQUEST_CODE, content=body, headers={"content-type": "application/json"})
    _problem(answer, 422, "http.body_invalid")


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_only_json_is_taken(visitor: TestClient, media_type: str) -> None:
    headers = {"content-type": media_type} if media_type else {}
    answer = visitor.post(REQUEST_CODE, content=json.dumps(CODE), headers=headers)
    _problem(answer, 415, "http.json_needed")


def test_a_body_that_is_too_big_is_refused_before_it_is_read(visitor: TestClient) -> None:
    answer = visitor.post(
        REQUEST_CODE,
        content=b"{}",
        headers={"content-type": "application/json", "content-length": str(api._LIMIT + 1)},
    )
    _problem(answer, 413, "http.body_too_big")


@pytest.mark.parametrize(
    "path", ["/api", "/api/", "/api/v1", "/api/v1/nothing", "/api/v2/registration/me", "/api/../x"]
)
def test_an_unknown_address_is_404_for_every_method(visitor: TestClient, path: str) -> None:
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        answer = visitor.request(method, path, headers={"accept": "application/json"})
        assert answer.status_code in (401, 404), path
        assert "<html" not in answer.text


@pytest.mark.parametrize("method", ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_a_known_address_takes_post_only(visitor: TestClient, method: str) -> None:
    answer = visitor.request(method, REQUEST_CODE)
    _problem(answer, 405, "http.method_not_allowed")
    assert answer.headers["allow"] == "POST"


def test_repeating_a_request_with_its_key_is_the_same_act(
    world: World, visitor: TestClient
) -> None:
    key = {"idempotency-key": "a-key-of-mine"}
    first = visitor.post(REQUEST_CODE, json=CODE, headers=key)
    with worlds.unchanged(world):
        again = visitor.post(REQUEST_CODE, json=CODE, headers=key)
    assert (again.status_code, again.json()) == (200, first.json())


def test_a_key_that_was_used_for_something_else_is_a_conflict(
    world: World, visitor: TestClient
) -> None:
    key = {"idempotency-key": "a-key-of-mine"}
    visitor.post(REQUEST_CODE, json=CODE, headers=key)
    with worlds.unchanged(world):
        other = visitor.post(REQUEST_CODE, json={**CODE, "phone": "13900139000"}, headers=key)
    _problem(other, 409, "kernel.key_reused")


@pytest.mark.parametrize("key", ["short", "x" * 129, "with\ttab-in-it"])
def test_a_key_of_a_wrong_form_is_refused(world: World, visitor: TestClient, key: str) -> None:
    with worlds.unchanged(world):
        answer = visitor.post(REQUEST_CODE, json=CODE, headers={"idempotency-key": key})
    _problem(answer, 422, "http.key_invalid")


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer wrong", "Basic eDp5", "Bearer " * 3]
)
def test_without_a_living_session_nothing_of_a_person_is_told(
    visitor: TestClient, header: str | None
) -> None:
    headers = {} if header is None else {"authorization": header}
    answer = visitor.post("/api/v1/registration/me", json={}, headers=headers)
    _problem(answer, 401, "http.not_signed_in")


def test_a_session_of_one_kind_opens_no_route_of_another(world: World, visitor: TestClient) -> None:
    bearer = {"authorization": f"Bearer {_token(world)}"}
    assert visitor.post("/api/v1/registration/me", json={}, headers=bearer).status_code == 200
    _problem(
        visitor.post("/api/v1/mall/signed-in", json={}, headers=bearer), 401, "http.not_signed_in"
    )
    _problem(
        visitor.post("/api/v1/reviewing/page", json={"wanted": {}}, headers=bearer),
        401,
        "http.not_signed_in",
    )


def test_personal_values_come_masked(world: World, visitor: TestClient) -> None:
    bearer = {"authorization": f"Bearer {_token(world)}"}
    told = visitor.post("/api/v1/registration/me", json={}, headers=bearer).json()
    assert told["phone"] == "139****9000"


@pytest.mark.parametrize(
    ("language", "title"),
    [("en", "This is not a mainland mobile number"), ("en-US,zh;q=0.5", "This is not a mainland")],
)
def test_a_refusal_is_told_in_the_readers_language(
    visitor: TestClient, language: str, title: str
) -> None:
    answer = visitor.post(
        REQUEST_CODE, json={**CODE, "phone": "123"}, headers={"accept-language": language}
    )
    told = _problem(answer, 422, "kernel.phone_invalid")
    assert told["field"] == "phone"
    assert told["title"].startswith(title)


def test_what_is_unexpected_shows_an_id_and_nothing_else(
    world: World, visitor: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    worlds.run_sql(world, "DROP TABLE verification_code")
    answer = visitor.post(REQUEST_CODE, json=CODE)
    assert answer.status_code == 500
    told = answer.json()
    assert set(told) == {"type", "code", "title", "status", "params", "instance", "incident"}
    assert told["incident"] in caplog.text
    assert "verification_code" not in answer.text
    assert CODE["phone"] not in caplog.text.split("Traceback")[0]


# -- staff, who come with a cookie -------------------------------------------------------------


@pytest.fixture
def lead(world: World, visitor: TestClient) -> TestClient:
    worlds.staff(world, Role.LEAD, login="lead")
    assert web.sign_in(visitor, "lead", worlds.PASSWORD).status_code == 303
    return visitor


def test_staff_ask_and_act_with_the_consoles_cookie_from_our_own_origin(
    world: World, lead: TestClient
) -> None:
    person = registering.sign_up(world)
    registering.prove(world, person)
    claim = registering.claim(world, person)
    case_id = parties.open_case(world, "enterprise_claim", claim.id)
    ours = {"origin": web.ORIGIN}
    queue = lead.post("/api/v1/reviewing/page", json={"wanted": {}}, headers=ours)
    assert [row["case"]["id"] for row in queue.json()["rows"]] == [case_id]
    for act in ("claim", "approve"):
        done = lead.post(f"/api/v1/reviewing/{act}", json={"case_id": case_id}, headers=ours)
        assert done.status_code == 200, done.text
    # A claim takes two approvers: this was the first.
    assert (done.json()["status"], len(done.json()["approved_by"])) == ("waiting", 1)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", None])
def test_a_cookie_alone_does_not_act(world: World, lead: TestClient, origin: str | None) -> None:
    headers = {} if origin is None else {"origin": origin}
    with worlds.unchanged(world, without=("staff_session",)):
        answer = lead.post("/api/v1/reviewing/claim", json={"case_id": "cas_x"}, headers=headers)
    _problem(answer, 401, "http.not_signed_in")


def test_the_right_is_asked_for_by_the_engine_and_not_by_the_door(
    world: World, visitor: TestClient
) -> None:
    worlds.staff(world, Role.AUDITOR, login="auditor")
    web.sign_in(visitor, "auditor", worlds.PASSWORD)
    person = registering.sign_up(world)
    registering.prove(world, person)
    case_id = parties.open_case(world, "enterprise_claim", registering.claim(world, person).id)
    answer = visitor.post(
        "/api/v1/reviewing/claim", json={"case_id": case_id}, headers={"origin": web.ORIGIN}
    )
    assert answer.status_code == 403


def test_a_notice_with_a_wrong_signature_is_refused(world: World, visitor: TestClient) -> None:
    body = {"body": "e30=", "signature": "AAAA"}
    answer = visitor.post("/api/v1/ordering/receive-callback", json=body)
    assert 400 <= answer.status_code < 500
    assert "payment.received" not in worlds.kinds(world)
