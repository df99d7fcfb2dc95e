"""The web process around a world: its routes and middleware, a browser, and a phone's way in over HTTP."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket

from engine import boot
from engine.boot import World
from engine.http import identity, lists, routes, web
from engine.kernel import errors

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "http://127.0.0.1:8501"
# Whole: Starlette's client takes a path alone for one of another host, which the wall refuses anyway.
STREAM = "ws://127.0.0.1:8501/_stcore/stream"
LOOPBACK = ("127.0.0.1", 40_000)
HTML = {"accept": "text/html"}


async def _console(request: Request) -> Response:
    """Stands where Streamlit stands: tells what identity it was given."""
    return PlainTextResponse(f"console of {request.headers.get('x-yinxin-staff', 'nobody')}")


async def _stream(connection: WebSocket) -> None:
    """Stands where Streamlit's websocket stands: tells what identity it was given."""
    await connection.accept()
    await connection.send_text(f"stream of {connection.headers.get('x-yinxin-staff', 'nobody')}")
    await connection.close()


def application(world: World, patch: pytest.MonkeyPatch) -> Starlette:
    """Every route and middleware of the web process, for this world, before a stand-in console."""
    patch.setattr(boot, "current", lambda: world)
    patch.setitem(boot.worlds, world.id, world)
    return Starlette(
        routes=[
            *web.all_routes(),
            WebSocketRoute("/_stcore/stream", _stream),
            Route("/{path:path}", _console),
        ],
        middleware=[
            Middleware(identity.SecurityHeaders, csp=identity.policy([])),
            Middleware(identity.Hosts),
            Middleware(identity.Identity),
            Middleware(identity.Wall),
        ],
    )


def browser(
    app: Starlette, *, client: tuple[str, int] = LOOPBACK, base_url: str = ORIGIN
) -> TestClient:
    """A browser that keeps its cookies and follows nothing by itself."""
    return TestClient(
        app,
        base_url=base_url,
        follow_redirects=False,
        raise_server_exceptions=False,
        client=client,
        headers={"accept-language": "en"},
    )


def csrf_of(page: str) -> str:
    """The token of a sign-in page."""
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found.group(1)


def sign_in(visitor: TestClient, login: str, password: str, **more: str) -> Any:
    """Fill in the sign-in page and send it."""
    page = visitor.get("/login").text
    form = {"csrf": csrf_of(page), "login": login, "password": password, **more}
    return visitor.post("/sign-in", data=form, headers={"origin": str(visitor.base_url)})


class HttpDoor:
    """The handset's door over the JSON API; refusals come back as the engine's own errors."""

    def __init__(self, visitor: TestClient) -> None:
        self._visitor = visitor
        self._headers: dict[str, str] = {}

    def sign_in(self, token: str, kind: str = "person") -> None:
        """From now on act with this session's token."""
        self._headers = {"authorization": f"Bearer {token}"}

    def _send(self, name: str, arguments: Mapping[str, Any], headers: Mapping[str, str]) -> Any:
        answer = self._visitor.post(
            routes.BY_NAME[name].path,
            json=dict(arguments),
            headers={**self._headers, **headers},
        )
        told = answer.json()
        if answer.status_code != 200:
            raise errors.type_of_code[told["code"]](field=told.get("field"), **told["params"])
        return told

    def perform(self, name: str, arguments: Mapping[str, Any], *, key: str) -> Any:
        """Make an action happen."""
        return self._send(name, arguments, {"idempotency-key": key})

    def ask(self, name: str, arguments: Mapping[str, Any]) -> Any:
        """Ask a question; a list is gathered from its pages."""
        if lists.keyed(routes.BY_NAME[name]) is None:
            return self._send(name, arguments, {})
        found: list[Any] = []
        after = None
        while True:
            page = self._send(name, {**arguments, "limit": 2, "after": after}, {})
            found += page["items"]
            after = page["next"]
            if after is None:
                return found


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def serve(world_path: Path, port: int) -> Iterator[str]:
    """The real web process over a world's folder, from the first request on; its address."""
    command = [sys.executable, "-m", "streamlit", "run", "streamlit_app.py", "--server.port"]
    log = world_path / "server.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [*command, str(port)],
            cwd=ROOT,
            env={**os.environ, "YINXIN_WORLD": str(world_path)},
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _await_health(process, f"http://127.0.0.1:{port}/_stcore/health", log)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(timeout=30)


def _await_health(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Ask until the server answers; the connection itself is what is waited for."""
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            try:
                process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
    raise AssertionError(log.read_text())
