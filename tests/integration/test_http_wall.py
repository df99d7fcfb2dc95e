"""Strangers meet a wall; an identity is what the database says and nothing that a client sends."""

from __future__ import annotations

from pathlib import Path

import pytest
import streamlit
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from engine.boot import World
from engine.http import identity
from engine.kernel import clock
from engine.policies import model as policies
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from tests.support import web, worlds

PASSWORD = worlds.PASSWORD


@pytest.fixture
def visitor(world: World, monkeypatch: pytest.MonkeyPatch) -> TestClient:
    worlds.staff(world, Role.LEAD, login="lead")
    return web.browser(web.application(world, monkeypatch))


@pytest.fixture
def lead(visitor: TestClient) -> TestClient:
    assert web.sign_in(visitor, "lead", PASSWORD).status_code == 303
    return visitor


def test_a_page_sends_a_stranger_to_sign_in_and_back_to_the_same_view(visitor: TestClient) -> None:
    answer = visitor.get("/desk?kind=seal", headers=web.HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/desk%3Fkind%3Dseal"


@pytest.mark.parametrize(
    "path", ["/media/abc.png", "/_stcore/host-config", "/_stcore/upload_file/x/y", "/component/x"]
)
def test_everything_else_is_401_for_a_stranger(visitor: TestClient, path: str) -> None:
    assert visitor.get(path).status_code == 401


@pytest.mark.parametrize("path", ["/_stcore/metrics", "/_stcore/agent/openapi.json"])
def test_what_nobody_needs_is_closed_to_staff_too(lead: TestClient, path: str) -> None:
    assert lead.get(path).status_code == 404


def test_after_signing_in_the_console_gets_the_identity_of_the_session(lead: TestClient) -> None:
    answer = lead.get("/desk", headers=web.HTML)
    assert answer.status_code == 200
    assert answer.text.startswith("console of stf_")


def test_an_identity_header_that_a_client_sends_is_removed(
    visitor: TestClient, lead: TestClient
) -> None:
    spoofed = {"x-yinxin-staff": "stf_somebody_else", "X-YINXIN-STAFF": "stf_again"}
    assert "stf_somebody_else" not in lead.get("/", headers=spoofed).text
    visitor.cookies.clear()
    assert visitor.get("/", headers=spoofed).status_code == 401


@pytest.mark.parametrize(
    "value", ["", "run.", "run.wrong", "other.{token}", "{token}", "run.run.{token}"]
)
def test_only_the_very_cookie_of_this_world_opens_it(lead: TestClient, value: str) -> None:
    token = lead.cookies[identity.COOKIE].partition(".")[2]
    lead.cookies.clear()
    lead.cookies.set(identity.COOKIE, value.format(token=token))
    assert lead.get("/").status_code == 401


def test_a_session_that_was_ended_elsewhere_is_over_at_the_next_request(
    world: World, lead: TestClient
) -> None:
    token = lead.cookies[identity.COOKIE].partition(".")[2]
    world.engine.perform(staffing.sign_out, {"token": token}, actor=identity.DOOR)
    assert lead.get("/").status_code == 401


def test_a_session_lapses_when_idle_and_lives_on_in_use(world: World, lead: TestClient) -> None:
    rule = world.engine.ask(lambda q: q.policy(policies.Sessions), identity.DOOR)
    idle_ms = rule.staff_idle_minutes * clock.MINUTE
    for _ in range(3):
        worlds.clock_of(world).advance(idle_ms - clock.MINUTE)
        assert lead.get("/").status_code == 200
    worlds.clock_of(world).advance(idle_ms + clock.MINUTE)
    assert lead.get("/").status_code == 401


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:8501", "127.0.0.1.evil.example", ""]
)
def test_a_foreign_host_is_refused_everywhere(lead: TestClient, host: str) -> None:
    for path in ("/", "/login", "/api/openapi.json", "/w/run/crl/root.crl"):
        assert lead.get(path, headers={"host": host}).status_code == 400


def test_a_websocket_from_our_own_page_gets_the_identity_of_the_session(lead: TestClient) -> None:
    with lead.websocket_connect(web.STREAM, headers={"origin": web.ORIGIN}) as opened:
        told = opened.receive_text()
    assert told.startswith("stream of stf_")


@pytest.mark.parametrize("origin", ["http://evil.example", "http://127.0.0.1:9999", "null", None])
def test_a_websocket_from_elsewhere_is_closed_before_it_is_accepted(
    lead: TestClient, origin: str | None
) -> None:
    headers = {} if origin is None else {"origin": origin}
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        lead.websocket_connect(web.STREAM, headers=headers),
    ):
        pass
    assert closed.value.code == 1008


def test_a_strangers_websocket_is_closed_before_it_is_accepted(visitor: TestClient) -> None:
    with (
        pytest.raises(WebSocketDisconnect) as closed,
        visitor.websocket_connect(web.STREAM, headers={"origin": web.ORIGIN}),
    ):
        pass
    assert closed.value.code == 1008


def test_every_answer_carries_the_headers_that_protect(visitor: TestClient) -> None:
    for path in ("/login", "/api/openapi.json", "/w/run/ca/root.cer", "/nothing"):
        headers = visitor.get(path).headers
        assert "object-src 'none'" in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "SAMEORIGIN"
        assert headers["referrer-policy"] == "same-origin"


def test_the_policy_allows_exactly_the_inline_scripts_of_the_installed_console() -> None:
    index = Path(streamlit.__file__).parent / "static" / "index.html"
    hashes = identity.script_hashes(index)
    assert len(hashes) == 1
    assert f"script-src 'self' 'wasm-unsafe-eval' blob: {hashes[0]};" in identity.policy(hashes)
