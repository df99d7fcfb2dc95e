"""One key is one act: the same answer byte for byte, whoever repeats it when, and at once (API-1)."""

from __future__ import annotations

import concurrent.futures
import threading
from typing import Any

import pytest
from starlette.testclient import TestClient

from engine import worker
from engine.boot import World
from engine.http import openapi
from engine.http.offering import offered
from engine.kernel import clock, codec, errors, replies, vault
from tests.support import api_fuzzing, fresh, registering, web, worlds

CODE = {"phone": "13800138000", "purpose": "sign_in", "terms_accepted": True}
REQUEST_CODE = "/api/v1/registration/request-code"
SIGN_IN = "/api/v1/registration/sign-in-by-code"
KEY = {"idempotency-key": "a-key-of-mine"}
pytestmark = pytest.mark.row("API-1")


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    return web.browser(web.application(world, monkeypatch))


def same(one: Any, other: Any) -> None:
    """Whether two answers are one: status and body, byte for byte; the second says what it is."""
    assert (one.status_code, one.content) == (other.status_code, other.content)
    assert one.headers["content-type"] == other.headers["content-type"]
    assert "idempotent-replayed" not in one.headers
    assert other.headers["idempotent-replayed"] == "true"


def test_a_repetition_is_answered_byte_for_byte(world: World, visitor: TestClient) -> None:
    first = visitor.post(REQUEST_CODE, json=CODE, headers=KEY)
    assert first.status_code == 200
    with worlds.unchanged(world):
        again = visitor.post(REQUEST_CODE, json=CODE, headers=KEY)
    same(first, again)


def test_so_it_is_by_another_process_over_the_same_database(
    world: World, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = visitor.post(REQUEST_CODE, json=CODE, headers=KEY)
    later = fresh.over(world.engine.parts.db)
    again = web.browser(web.application(later, monkeypatch)).post(
        REQUEST_CODE, json=CODE, headers=KEY
    )
    same(first, again)


def test_a_refusal_that_was_recorded_is_told_again(world: World, visitor: TestClient) -> None:
    asked = registering.ask_for_code(world, "13900139000")
    given = {
        "request_id": asked.request.request_id,
        "phone": "13900139000",
        "code": "000000" if asked.code != "000000" else "000001",
        "device_label": "x",
        "device_key": "BAAA",
    }
    first = visitor.post(SIGN_IN, json=given, headers=KEY)
    assert first.json()["code"] == "registration.code_wrong"
    with worlds.unchanged(world):
        again = visitor.post(SIGN_IN, json=given, headers=KEY)
    same(first, again)


def test_a_refusal_that_left_nothing_is_tried_again(world: World, visitor: TestClient) -> None:
    given = {**CODE, "terms_accepted": False}
    first = visitor.post(REQUEST_CODE, json=given, headers=KEY)
    again = visitor.post(REQUEST_CODE, json=given, headers=KEY)
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert "idempotent-replayed" not in again.headers


def test_the_same_key_with_another_body_is_refused(world: World, visitor: TestClient) -> None:
    visitor.post(REQUEST_CODE, json=CODE, headers=KEY)
    with worlds.unchanged(world):
        other = visitor.post(REQUEST_CODE, json={**CODE, "purpose": "reset"}, headers=KEY)
    assert (other.status_code, other.json()["code"]) in (
        (409, "kernel.key_reused"),
        (422, "http.argument_invalid"),
    )
    other = visitor.post(REQUEST_CODE, json={**CODE, "phone": "13900139000"}, headers=KEY)
    assert (other.status_code, other.json()["code"]) == (409, "kernel.key_reused")


def test_a_key_counts_for_its_caller_and_its_operation(
    world: World, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = []
    for phone in ("13900139000", "13700137000"):
        asked = registering.ask_for_code(world, phone)
        tokens.append(registering.enter_code(world, asked, phone=phone).token)
    for token in tokens:
        headers = {"authorization": f"Bearer {token}", **KEY}
        for path in ("messaging/read-all", "registration/end-other-sessions"):
            answer = visitor.post(f"/api/v1/{path}", json={}, headers=headers)
            assert answer.status_code == 200, answer.text
            assert "idempotent-replayed" not in answer.headers


def test_strangers_at_two_places_share_no_keys(
    world: World, visitor: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = web.browser(web.application(world, monkeypatch), client=("203.0.113.7", 40_000))
    first = visitor.post(REQUEST_CODE, json=CODE, headers=KEY)
    other = elsewhere.post(REQUEST_CODE, json={**CODE, "phone": "13900139000"}, headers=KEY)
    assert (first.status_code, other.status_code) == (200, 200)
    assert first.json()["request_id"] != other.json()["request_id"]


def test_a_key_is_kept_for_72_hours(world: World, visitor: TestClient) -> None:
    first = visitor.post(REQUEST_CODE, json=CODE, headers=KEY)
    for hours, repeated in ((71, True), (2, False)):
        worlds.clock_of(world).advance(hours * clock.HOUR)
        worker.sweep(world)
        again = visitor.post(REQUEST_CODE, json=CODE, headers=KEY)
        assert ("idempotent-replayed" in again.headers) is repeated
        assert (again.content == first.content) is repeated


def test_50_twins_at_once_are_one_act_with_one_answer(
    any_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = web.application(any_world, monkeypatch)
    together = threading.Barrier(50)

    def twin(_: int) -> tuple[int, bytes, bool]:
        visitor = web.browser(app)
        together.wait()
        answer = visitor.post(REQUEST_CODE, json=CODE, headers=KEY)
        return answer.status_code, answer.content, "idempotent-replayed" in answer.headers

    before = worlds.kinds(any_world).count("code.requested")
    with concurrent.futures.ThreadPoolExecutor(50) as pool:
        told = list(pool.map(twin, range(50)))
    assert {(status, content) for status, content, _ in told} == {(200, told[0][1])}
    assert sum(repeated for _, _, repeated in told) == 49
    assert worlds.kinds(any_world).count("code.requested") == before + 1


def test_every_answer_of_a_lived_world_reads_back_as_it_was_kept() -> None:
    world = api_fuzzing.stage().world
    by_name = {route.name: route.function for route in offered()}
    read = 0
    for row in worlds.rows(world, "SELECT * FROM reply"):
        place = f"reply|{row['actor']}|{row['action']}|{row['key']}"
        secret = world.engine.parts.keyring.secret("replies")
        text = vault.unseal(secret, row["result"], place).decode()
        if row["action"] not in by_name:
            continue
        read += 1
        if text[0] == "!":
            told = codec.load(text[1:])
            kind = errors.type_of_code[told["code"]](field=told["field"], **told["params"])
            again = {"code": kind.code, "field": kind.field, "params": kind.params}
        else:
            adapter = codec.reply_adapter(by_name[row["action"]])
            again = adapter.validate_python(codec.load(text[1:]))
        assert codec.canonical(again) == text[1:], row["action"]
    assert read > 30


def test_what_is_shown_once_says_that_it_is_not_kept() -> None:
    told = openapi.description()["paths"]
    shown_once = [one for one in offered() if getattr(one.function, "unstored", False)]
    assert len(shown_once) > 3
    for route in shown_once:
        post = told[route.path]["post"]
        assert "never kept" in post["description"]
        assert "headers" not in post["responses"]["200"]
    assert replies.KeyReused.http_status == 409
