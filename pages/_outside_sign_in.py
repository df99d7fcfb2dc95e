"""Signing in through an outside identity provider (OIDC), by the machinery of Streamlit's own `st.login`.

`st.login` begins in a running script, and the wall gives strangers none. So a route of ours sends the
browser to the very address that `st.login` would (`/auth/login`, which signs state, nonce and PKCE),
Streamlit checks what comes back (`/oauth2callback`: code, signature, issuer, audience, nonce), and another
route of ours takes over: it reads the signed claims once, asks the engine whose account they belong to,
opens our own session, and takes Streamlit's cookies away. Neither they nor `st.user` are ever a right
(decision 8).
"""

from __future__ import annotations

import json
import threading
import urllib.parse
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit.auth_util import (
    encode_provider_token,
    get_cookie_with_chunks,
    get_secrets_auth_section,
    is_authlib_installed,
)
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import (
    TOKENS_COOKIE_NAME,
    USER_COOKIE_NAME,
)

from engine.http import login_page, staff, staff_steps
from engine.kernel import clock, errors
from engine.staffing import actions

BEGIN, DONE = "/sign-in/outside", "/sign-in/outside/done"
_CALLBACK = "/oauth2callback"
# What strangers may reach when an outside provider is configured, and not otherwise.
OPEN = (BEGIN, DONE, "/auth/login", _CALLBACK)
_FRESH_MS = 5 * clock.MINUTE
# Where somebody wanted to go before they left for the provider; a page of ours, nothing secret.
_WANTED = "yinxin_wanted"
_SHORTEST_SECRET = 32
_guard = threading.Lock()
_used: dict[str, int] = {}


class OutsideFailed(errors.NotPermitted):
    """The outside sign-in did not succeed. Try again, or sign in with your password."""

    http_status = 401


def is_configured() -> bool:
    """Whether `[auth]` in the secrets names a provider, with a secret long enough to sign cookies with."""
    section = get_secrets_auth_section()
    named = all(section.get(key) for key in ("client_id", "server_metadata_url", "redirect_uri"))
    signed = len(get_cookie_secret()) >= _SHORTEST_SECRET
    return bool(named) and signed and is_authlib_installed()


async def _begin(request: Request) -> Response:
    """GET /sign-in/outside: on to the provider, remembering what was wanted."""
    answer = RedirectResponse(f"/auth/login?provider={encode_provider_token('default')}", 303)
    wanted = login_page.quoted(login_page.next_of(request.query_params.get("next", "/")))
    answer.set_cookie(
        _WANTED, wanted, max_age=_FRESH_MS // 1000, httponly=True, samesite="lax", path=BEGIN
    )
    return answer


def _claims(request: Request) -> dict[str, Any]:
    """What the provider said, as Streamlit checked and signed it a moment ago; taken once.

    Raises: OutsideFailed.
    """
    secret = get_cookie_secret()

    def one(name: str) -> bytes | None:
        held = request.cookies.get(name)
        return None if held is None else decode_signed_value(secret, name, held.encode("latin-1"))

    found = get_cookie_with_chunks(one, USER_COOKIE_NAME)
    claims = json.loads(found) if found else {}
    now = clock.SystemClock().now_ms()
    fresh = isinstance(claims.get("iat"), int) and 0 <= now - claims["iat"] * 1000 < _FRESH_MS
    if not (fresh and claims.get("iss") and claims.get("sub") and claims.get("nonce")):
        raise OutsideFailed()
    with _guard:
        for nonce in [nonce for nonce, at in _used.items() if now - at >= _FRESH_MS]:
            del _used[nonce]
        if claims["nonce"] in _used:
            raise OutsideFailed()
        _used[str(claims["nonce"])] = now
    return dict(claims)


def _session(request: Request) -> Response:
    try:
        claims = _claims(request)
        given = {"issuer": str(claims["iss"]), "subject": str(claims["sub"])}
        session = staff_steps.perform(request, actions.sign_in_by_link, given)
    except errors.EngineError as refusal:
        return staff.refused(request, refusal)
    wanted = urllib.parse.unquote(request.cookies.get(_WANTED, "/"))
    return staff_steps.onward(request, session, login_page.next_of(wanted))


async def _done(request: Request) -> Response:
    """GET /sign-in/outside/done: our own session, and Streamlit's cookies away."""
    answer = await run_in_threadpool(_session, request)
    for name in request.cookies:
        if name.startswith((USER_COOKIE_NAME, TOKENS_COOKIE_NAME)):
            answer.delete_cookie(name, path="/", httponly=True, samesite="lax")
    answer.delete_cookie(_WANTED, path=BEGIN, httponly=True, samesite="lax")
    return answer


def routes() -> list[BaseRoute]:
    """The two routes, where a provider is configured."""
    if not is_configured():
        return []
    staff.offer_outside(BEGIN)
    return [Route(BEGIN, _begin, methods=["GET"]), Route(DONE, _done, methods=["GET"])]


class Arrival:
    """Whoever comes back from the provider comes to us, and not to a console they have no session for."""

    def __init__(self, app: Callable[[Any, Any, Any], Awaitable[None]]) -> None:
        self.app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Pass on; the callback's answer leads to `DONE`."""

        async def to_us(message: Any) -> None:
            if message["type"] == "http.response.start":
                kept = [(k, v) for k, v in message["headers"] if k.lower() != b"location"]
                message = {**message, "headers": [*kept, (b"location", DONE.encode())]}
            await send(message)

        back = scope["type"] == "http" and scope["path"] == _CALLBACK
        await self.app(scope, receive, to_us if back else send)
