"""The steps of a staff sign-in after the first: a code, a password of one's own, a second factor set up.

What a step needs to know stands in a cookie of its own, HttpOnly and for ten minutes; each step ends it and
gives a new one, or the session.
"""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from engine import boot
from engine.http import api, identity, login_page, qr
from engine.kernel import clock, errors, texts
from engine.staffing import actions as staffing
from engine.staffing import model
from engine.staffing import queries as people

STEP_COOKIE = "yinxin_staff_step"
_SESSION_SECONDS = 12 * clock.HOUR // 1000
_STEP_SECONDS = 10 * clock.MINUTE // 1000


def perform(request: Request, action: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    """Do something for somebody who is not signed in yet."""
    source = api.source_of(request, request.headers.get("user-agent", "")[:400])
    return boot.current().engine.perform(action, arguments, actor=identity.DOOR, source=source)


def _cookie_name(request: Request) -> str:
    return f"__Host-{STEP_COOKIE}" if identity.secure(request.url.scheme) else STEP_COOKIE


def _step_token(request: Request) -> str:
    return identity.token_of(request.cookies.get(_cookie_name(request)))


def _keep(request: Request, answer: Response, session: model.SignedIn) -> Response:
    """Give the cookie of a session, or of the step that is missing, and take the other one away."""
    over_tls = identity.secure(request.url.scheme)
    value = identity.cookie_value(session.token)
    given: dict[str, Any] = {"httponly": True, "secure": over_tls, "path": "/"}
    if session.step:
        answer.set_cookie(
            _cookie_name(request), value, samesite="strict", max_age=_STEP_SECONDS, **given
        )
    else:
        name = identity.cookie_name(over_tls=over_tls)
        answer.set_cookie(name, value, samesite="lax", max_age=_SESSION_SECONDS, **given)
        answer.delete_cookie(_cookie_name(request), samesite="strict", **given)
    return answer


def onward(request: Request, session: model.SignedIn, target: str) -> Response:
    """Go on to what was wanted, or to the step that is missing."""
    to = "/sign-in/step?next=" + login_page.quoted(target) if session.step else target
    return _keep(request, RedirectResponse(to, 303), session)


def _pending(request: Request) -> model.Session | None:
    token = _step_token(request)
    return boot.current().engine.ask(people.pending, identity.DOOR, token) if token else None


_TITLES: dict[str, str] = {
    "code": "Enter the code that your authenticator app shows.",
    "password": "Choose a password of your own: the one you were given is for one sign-in.",
    "enrol": "Your role signs in with a second factor. Set it up now.",
}


def _code_field(label: str, submit: str) -> str:
    return (
        f'<label for="code">{label}</label><input id="code" name="code" inputmode="text"'
        ' autocomplete="one-time-code" autocapitalize="characters" spellcheck="false" maxlength="24"'
        f' required autofocus><button class="primary">{submit}</button>'
    )


def _fields(request: Request, step: model.Step, language: str) -> str:
    def _(message: str) -> str:
        return html.escape(texts.text(message, language))

    if step == "code":
        hint = f"<small>{_('Lost your phone? A recovery code goes here as well.')}</small>"
        return _code_field(_("Code"), _("Go on")) + hint
    if step == "password":
        return (
            f'<label for="password">{_("New password")}</label><input id="password"'
            ' name="password" type="password" autocomplete="new-password" required autofocus>'
            f'<label for="again">{_("Once more")}</label><input id="again" name="again"'
            ' type="password" autocomplete="new-password" required>'
            f'<button class="primary">{_("Go on")}</button>'
        )
    begun = perform(request, staffing.begin_enrolment, {"token": _step_token(request)})
    picture = base64.b64encode(qr.png(begun.address)).decode()
    return (
        f"<p>{_('Scan this with your authenticator app, then enter the code that it shows.')}</p>"
        f'<img class="qr" alt="{_("QR code of the second factor")}"'
        f' src="data:image/png;base64,{picture}">'
        f'<p class="secret">{_("Or type it in:")} {begun.secret}</p>'
        + _code_field(_("Code"), _("Go on"))
    )


def _page(request: Request, target: str, error: str = "", status: int = 200) -> Response:
    pending = _pending(request)
    if pending is None:
        return RedirectResponse("/login?next=" + login_page.quoted(target), 303)
    language = login_page.language_of(request)
    csrf = login_page.csrf_of(request)
    fields = _fields(request, pending.step, language)
    return login_page.page(
        request,
        login_page.form("/sign-in/step", fields, csrf, target),
        csrf=csrf,
        target=target,
        subtitle=texts.text(_TITLES[pending.step], language),
        error=error,
        status=status,
        here="/sign-in/step",
    )


async def show(request: Request) -> Response:
    """GET /sign-in/step: what is missing."""
    target = login_page.next_of(request.query_params.get("next", "/"))
    return await run_in_threadpool(_page, request, target)


def _answered(request: Request, step: str, form: dict[str, str]) -> Response:
    token = _step_token(request)
    target = login_page.next_of(form.get("next", "/"))
    if step == "password":
        if form.get("password", "") != form.get("again", ""):
            differ = texts.text("The two do not match.", login_page.language_of(request))
            return _page(request, target, differ, 422)
        given = {"token": token, "password": form.get("password", "")[:256]}
        return onward(request, perform(request, staffing.choose_password, given), target)
    given = {"token": token, "code": form.get("code", "")[:64]}
    if step == "code":
        return onward(request, perform(request, staffing.answer_code, given), target)
    done = perform(request, staffing.finish_enrolment, given)
    return _recovery(request, done, target)


def _recovery(request: Request, done: model.Enrolled, target: str) -> Response:
    """The recovery codes, this once; then on to what was wanted."""
    language = login_page.language_of(request)

    def _(message: str) -> str:
        return html.escape(texts.text(message, language))

    codes = "".join(f"<li>{code}</li>" for code in done.recovery.codes)
    to = "/sign-in/step?next=" + login_page.quoted(target) if done.session.step else target
    inner = (
        f"<p>{_('Write these down. Each stands in once for a lost phone. They are shown only now.')}</p>"
        f'<ul class="codes">{codes}</ul>'
        f'<a class="button" href="{html.escape(to, quote=True)}">{_("I have written them down")}</a>'
    )
    subtitle = texts.text("Your second factor is set up.", language)
    answer = login_page.page(
        request, inner, csrf=login_page.csrf_of(request), target=target, subtitle=subtitle
    )
    return _keep(request, answer, done.session)


async def answer(request: Request) -> Response:
    """POST /sign-in/step: go on with a sign-in."""
    form = await login_page.form_of(request)
    target = login_page.next_of(form.get("next", "/"))
    if not login_page.is_genuine(request, form):
        told = texts.text("Open this page again and repeat.", login_page.language_of(request))
        return await run_in_threadpool(_page, request, target, told, 403)
    pending = await run_in_threadpool(_pending, request)
    if pending is None:
        return RedirectResponse("/login?next=" + login_page.quoted(target), 303)
    try:
        return await run_in_threadpool(_answered, request, pending.step, form)
    except errors.EngineError as refusal:
        told = texts.of_error(refusal, login_page.language_of(request))
        return await run_in_threadpool(_page, request, target, told, refusal.http_status)
