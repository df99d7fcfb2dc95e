"""Who asks: headers that protect, the identity that Streamlit trusts, and the wall before it.

Streamlit binds a session to its own id alone (`security.md` finding 4). So every request's cookie is looked
up in the database, any header that claims an identity is removed, and ours is set: a stranger never gets
a websocket, and a session id without its owner's cookie opens a fresh, empty session.
"""

from __future__ import annotations

import base64
import hashlib
import re
import urllib.parse
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from engine import boot
from engine.kernel import actors
from engine.staffing import queries as staffing

COOKIE = "yinxin_staff"
TRUSTED_HEADER = b"x-yinxin-staff"
DOOR = actors.System(job="staff-door")
_OPEN = ("/login", "/sign-in", "/_stcore/health", "/_stcore/host-config", "/favicon.png")
_OPEN_BELOW = ("/w/", "/api/", "/static/")
_CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check")

Scope = MutableMapping[str, Any]
App = Callable[
    [Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]
]


def signed_in(token: str | None) -> actors.Staff | None:
    """The member of staff whose living session a cookie's token stands for."""
    if not token:
        return None
    return boot.current().engine.ask(staffing.staff_by_token, DOOR, token)


def script_hashes(index_html: Path) -> list[str]:
    """CSP sources of the inline scripts of Streamlit's own page."""
    text = index_html.read_text(encoding="utf-8")
    found = re.findall(r"<script(?![^>]*\bsrc=)[^>]*>(.*?)</script>", text, re.DOTALL)
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'"
        for body in found
    ]


def policy(hashes: list[str]) -> str:
    """The Content-Security-Policy of the console."""
    return "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' blob: {' '.join(hashes)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'self'",
        )
    )


class SecurityHeaders:
    """Adds the headers that browsers protect people by."""

    def __init__(self, app: App, csp: str) -> None:
        self.app = app
        self.headers = [
            (b"content-security-policy", csp.encode()),
            (b"x-frame-options", b"SAMEORIGIN"),
            (b"x-content-type-options", b"nosniff"),
            (b"referrer-policy", b"same-origin"),
            (b"cross-origin-opener-policy", b"same-origin"),
        ]

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass on, adding headers to what comes back."""

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                known = {name.lower() for name, _ in message["headers"]}
                added = [h for h in self.headers if h[0] not in known]
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class Identity:
    """Removes identity headers that came from outside and sets ours."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass on, with the staff member of the cookie in scope and header."""
        if scope["type"] in ("http", "websocket"):
            headers = [(k, v) for k, v in scope["headers"] if k.lower() != TRUSTED_HEADER]
            staff = signed_in(HTTPConnection(scope).cookies.get(COOKIE))
            if staff is not None:
                headers.append((TRUSTED_HEADER, staff.staff_id.encode()))
            scope = {**scope, "headers": headers, "staff": staff}
        await self.app(scope, receive, send)


class Wall:
    """Strangers see the sign-in page and the public services, and nothing of Streamlit."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass on, or turn away."""
        if scope["type"] == "websocket" and not _may_connect(scope):
            await receive()
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "http":
            answer = _turned_away(scope)
            if answer is not None:
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


def same_origin(connection: HTTPConnection) -> bool:
    """Whether a browser says that the request comes from our own page."""
    origin = connection.headers.get("origin")
    return origin is not None and urllib.parse.urlparse(origin).netloc == connection.headers.get(
        "host"
    )


def _may_connect(scope: Scope) -> bool:
    return scope["staff"] is not None and same_origin(HTTPConnection(scope))


def _turned_away(scope: Scope) -> Response | None:
    path = scope["path"]
    if path in _CLOSED:
        return PlainTextResponse("Not found", 404)
    if scope["staff"] is not None or path in _OPEN or path.startswith(_OPEN_BELOW):
        return None
    if "text/html" in HTTPConnection(scope).headers.get("accept", ""):
        return RedirectResponse("/login?next=" + urllib.parse.quote(path), 303)
    return PlainTextResponse("Sign in first", 401)
