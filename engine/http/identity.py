"""Who asks: the right host, headers that protect, the identity that Streamlit trusts, the wall before it.

Streamlit binds a session to its own id alone (`security.md` finding 4). So every request's cookie is looked
up in the database, any header that claims an identity is removed, and ours is set: a stranger never gets
a websocket, and a session id without its owner's cookie opens a fresh, empty session.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import os
import re
import threading
import urllib.parse
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from engine import boot
from engine.kernel import actors, clock
from engine.staffing import actions as staff_actions
from engine.staffing import queries as staffing

COOKIE = "yinxin_staff"
TRUSTED_HEADER = b"x-yinxin-staff"
DOOR = actors.System(job="staff-door")
_OPEN = ("/login", "/sign-in", "/sign-in/step", "/logout", "/_stcore/health", "/favicon.png")
_OPEN_BELOW = ("/w/", "/api/", "/static/", "/apps/")
# What is the same for everybody: nobody is looked up for it.
_FOR_ALL = ("/static/", "/apps/")
_CLOSED = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_KEEP_ALIVE_MS = clock.MINUTE
_guard = threading.Lock()
_kept_alive: dict[str, int] = {}

Scope = MutableMapping[str, Any]
App = Callable[
    [Scope, Callable[[], Awaitable[Any]], Callable[[Any], Awaitable[None]]], Awaitable[None]
]


def secure(scheme: str = "") -> bool:
    """Whether browsers reach this world over TLS."""
    return scheme in ("https", "wss") or boot.current().public_url.startswith("https:")


def cookie_name(*, over_tls: bool) -> str:
    """The staff cookie's name; over TLS its prefix binds it to this very host."""
    return f"__Host-{COOKIE}" if over_tls else COOKIE


def cookie_value(token: str) -> str:
    """What the staff cookie holds: it opens this world and no other."""
    return f"{boot.current().id}.{token}"


def cookie_in(cookies: Mapping[str, str], scheme: str = "") -> str | None:
    """The staff cookie's value. Over TLS a cookie without the prefix could be planted: it is ignored."""
    return cookies.get(cookie_name(over_tls=secure(scheme)))


def token_of(cookie: str | None) -> str:
    """The session token of this world in a cookie's value, or empty."""
    world_id, _, token = (cookie or "").partition(".")
    return token if world_id == boot.current().id else ""


def signed_in(cookie: str | None, *, acting: bool = True) -> actors.Staff | None:
    """The member of staff whose living session a cookie stands for; `acting` keeps it alive."""
    token = token_of(cookie)
    if not token:
        return None
    engine = boot.current().engine
    with engine.reader(DOOR) as q:
        found, now = staffing.staff_by_token(q, token), q.now
    if found is not None and acting and _lapses_unless_kept(cookie or "", now):
        engine.perform(staff_actions.keep_alive, {"token": token}, actor=DOOR)
    return found


def _lapses_unless_kept(cookie: str, now: int) -> bool:
    """Whether a session was last noted as used a minute ago or longer."""
    with _guard:
        last = _kept_alive.get(cookie)
        if last is not None and 0 <= now - last < _KEEP_ALIVE_MS:
            return False
        if len(_kept_alive) > 10_000:
            _kept_alive.clear()
        _kept_alive[cookie] = now
        return True


def on_loopback(connection: HTTPConnection) -> bool:
    """Whether the client sits at this very machine and no proxy stands in between."""
    proxied = ("forwarded", "x-forwarded-for", "x-real-ip")
    if connection.client is None or any(name in connection.headers for name in proxied):
        return False
    try:
        return ipaddress.ip_address(connection.client.host).is_loopback
    except ValueError:
        return False


def hosts() -> frozenset[str]:
    """The hosts that this process answers to: the public address, the loopback, `YINXIN_HOSTS`."""
    public = urllib.parse.urlsplit(boot.current().public_url).hostname or ""
    more = os.environ.get("YINXIN_HOSTS", "").replace(",", " ").split()
    return LOOPBACK | {public.lower()} | {host.lower() for host in more}


def lan_address() -> str:
    """Where `yinxin serve --lan` is reached from other machines, or empty."""
    return os.environ.get("YINXIN_LAN", "")


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
            f"script-src 'self' 'wasm-unsafe-eval' blob: {' '.join(hashes)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "frame-src 'self'",
            "frame-ancestors 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
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
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"permissions-policy", b"camera=(self), microphone=(), geolocation=()"),
        ]

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass on, adding headers to what comes back."""

        async def with_headers(message: Any) -> None:
            if message["type"] == "http.response.start":
                known = {name.lower() for name, _ in message["headers"]}
                added = [h for h in self.headers if h[0] not in known]
                # A demo on a LAN comes and goes: nobody is to remember that its host had TLS.
                if scope.get("scheme") == "https" and not lan_address():
                    added.append((b"strict-transport-security", b"max-age=31536000"))
                message = {**message, "headers": [*message["headers"], *added]}
            await send(message)

        await self.app(scope, receive, with_headers if scope["type"] == "http" else send)


class Hosts:
    """Refuses a foreign `Host`: a page elsewhere must not reach us by rebinding its name."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass on what names us."""
        if scope["type"] in ("http", "websocket"):
            named = HTTPConnection(scope).headers.get("host", "")
            try:
                host = urllib.parse.urlsplit(f"//{named}").hostname or ""
            except ValueError:
                host = ""
            if host not in hosts():
                await _refuse(scope, receive, send, PlainTextResponse("Unknown host", 400))
                return
        await self.app(scope, receive, send)


class Identity:
    """Removes identity headers that came from outside and sets ours."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass on, with the staff member of the cookie in scope and header."""
        if scope["type"] in ("http", "websocket"):
            headers = [(k, v) for k, v in scope["headers"] if k.lower() != TRUSTED_HEADER]
            staff = None
            if not scope["path"].startswith(_FOR_ALL):
                cookie = cookie_in(HTTPConnection(scope).cookies, scope["scheme"])
                # A page that only listens is not somebody at work.
                acting = not scope["path"].endswith("/events")
                if cookie is not None:
                    staff = await run_in_threadpool(signed_in, cookie, acting=acting)
            if staff is not None:
                headers.append((TRUSTED_HEADER, staff.staff_id.encode()))
            scope = {**scope, "headers": headers, "staff": staff}
        await self.app(scope, receive, send)


class Wall:
    """Strangers see the sign-in page and the public services, and nothing of Streamlit."""

    def __init__(self, app: App, also_open: tuple[str, ...] = ()) -> None:
        self.app = app
        self.open = _OPEN + also_open

    async def __call__(self, scope: Scope, receive: Any, send: Any) -> None:
        """Pass on, or turn away."""
        if scope["type"] == "websocket" and not _may_connect(scope):
            await _refuse(scope, receive, send, PlainTextResponse("Sign in first", 401))
            return
        if scope["type"] == "http":
            answer = _turned_away(scope, self.open)
            if answer is not None:
                await answer(scope, receive, send)
                return
        await self.app(scope, receive, send)


async def _refuse(scope: Scope, receive: Any, send: Any, answer: Response) -> None:
    if scope["type"] == "websocket":
        # Closed before it is accepted: the server answers the handshake with 403.
        await receive()
        await send({"type": "websocket.close", "code": 1008})
        return
    await answer(scope, receive, send)


def same_origin(connection: HTTPConnection) -> bool:
    """Whether a browser says that the request comes from our own page."""
    origin = connection.headers.get("origin")
    return origin is not None and urllib.parse.urlparse(origin).netloc == connection.headers.get(
        "host"
    )


def _may_connect(scope: Scope) -> bool:
    return scope["staff"] is not None and same_origin(HTTPConnection(scope))


def _turned_away(scope: Scope, opened: tuple[str, ...]) -> Response | None:
    path = scope["path"]
    if path.startswith(_CLOSED):
        return PlainTextResponse("Not found", 404)
    if scope["staff"] is not None or path in opened or path.startswith(_OPEN_BELOW):
        return None
    if "text/html" in HTTPConnection(scope).headers.get("accept", ""):
        query = scope["query_string"].decode("ascii", "replace")
        wanted = urllib.parse.quote(f"{path}?{query}" if query else path)
        return RedirectResponse(f"/login?next={wanted}", 303)
    return PlainTextResponse("Sign in first", 401)
