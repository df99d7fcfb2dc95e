"""The staff's sign-in: password, on loopback in a demo world one click, then the steps that are missing."""

from __future__ import annotations

import html
import urllib.parse
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine import boot
from engine.http import identity, login_page, staff_steps
from engine.http.login_page import LANGUAGE_COOKIE
from engine.kernel import errors, texts
from engine.staffing import actions as staffing
from engine.staffing import queries as people

__all__ = [
    "LANGUAGE_COOKIE",
    "demo_allowed",
    "login_address",
    "offer_outside",
    "refused",
    "show",
    "sign_in",
    "sign_out",
]


_outside = {"address": ""}


def offer_outside(address: str) -> None:
    """Offer signing in through an outside provider, which begins at an address of ours."""
    _outside["address"] = address


def refused(request: Request, refusal: errors.EngineError) -> Response:
    """The sign-in page with what was refused."""
    told = texts.of_error(refusal, login_page.language_of(request))
    return _page(request, error=told, status=refusal.http_status)


def demo_allowed(request: Request) -> bool:
    """One-click sign-in: only in a demo world, only from this machine, never under `--lan` (decision 8)."""
    alone = not identity.lan_address() and identity.on_loopback(request)
    return alone and boot.current().kind == "demo"


def _demo_buttons(language: str) -> str:
    buttons = []
    for profile in boot.current().engine.ask(people.everyone, identity.DOOR):
        if profile.status != "active":
            continue
        roles = texts.joined((one.in_language(language) for one in profile.labels), language)
        buttons.append(
            f'<button name="demo" value="{html.escape(profile.login, quote=True)}">'
            f"{html.escape(profile.name)}<small>{html.escape(roles)}</small></button>"
        )
    return "".join(buttons)


def _page(
    request: Request, *, error: str = "", status: int = 200, wanted: str | None = None
) -> Response:
    language = login_page.language_of(request)

    def _(message: str) -> str:
        return html.escape(texts.text(message, language))

    csrf = login_page.csrf_of(request)
    target = login_page.next_of(wanted or request.query_params.get("next", "/"))
    fields = (
        f'<label for="login">{_("Login")}</label>'
        '<input id="login" name="login" autocomplete="username" required autofocus>'
        f'<label for="password">{_("Password")}</label>'
        '<input id="password" name="password" type="password" autocomplete="current-password"'
        f' required><button class="primary">{_("Sign in")}</button>'
    )
    forms = login_page.form("/sign-in", fields, csrf, target)
    if _outside["address"]:
        forms += (
            f'<p><a href="{_outside["address"]}?next={login_page.quoted(target)}">'
            f"{_('Sign in with an outside account')}</a></p>"
        )
    if demo_allowed(request):
        legend = _("Demo: sign in with one click")
        inner = f"<fieldset><legend>{legend}</legend>{_demo_buttons(language)}</fieldset>"
        forms += login_page.form("/sign-in", inner, csrf, target)
    return login_page.page(
        request,
        forms,
        csrf=csrf,
        target=target,
        subtitle=texts.text("Mobile certificates, e-seals and signed contracts", language),
        error=error,
        status=status,
    )


async def show(request: Request) -> Response:
    """GET /login."""
    return _page(request)


async def sign_in(request: Request) -> Response:
    """POST /sign-in: by password, or by one click where that exists."""
    form = await login_page.form_of(request)
    if not login_page.is_genuine(request, form):
        told = texts.text("Open this page again and repeat.", login_page.language_of(request))
        return _page(request, error=told, status=403)
    arguments: dict[str, Any]
    action: Any
    if form.get("demo") and demo_allowed(request):
        action, arguments = staffing.demo_sign_in, {"login": form["demo"]}
    else:
        action = staffing.sign_in
        arguments = {
            "login": form.get("login", "")[:64],
            "password": form.get("password", "")[:256],
        }
    try:
        session = await run_in_threadpool(staff_steps.perform, request, action, arguments)
    except errors.EngineError as refusal:
        return _page(
            request,
            error=texts.of_error(refusal, login_page.language_of(request)),
            status=refusal.http_status,
            wanted=form.get("next"),
        )
    return staff_steps.onward(request, session, login_page.next_of(form.get("next", "/")))


def _end(cookie: str | None) -> None:
    token = identity.token_of(cookie)
    if token:
        boot.current().engine.perform(staffing.sign_out, {"token": token}, actor=identity.DOOR)


async def sign_out(request: Request) -> Response:
    """GET or POST /logout from a page of ours: ends the session and forgets the cookie.

    Browsers say where a request comes from; a foreign page cannot sign anybody out.
    """
    ours = request.headers.get("sec-fetch-site") == "same-origin" or identity.same_origin(request)
    if not ours:
        return RedirectResponse("/", 303)
    over_tls = identity.secure(request.url.scheme)
    await run_in_threadpool(_end, identity.cookie_in(request.cookies, request.url.scheme))
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(
        identity.cookie_name(over_tls=over_tls),
        path="/",
        secure=over_tls,
        httponly=True,
        samesite="lax",
    )
    return answer


def login_address(path: str) -> str:
    """Where somebody signs in before they go on to `path`."""
    return "/login?next=" + urllib.parse.quote(login_page.next_of(path))
