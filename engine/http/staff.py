"""The staff's sign-in page: password, and on loopback in a demo world one click."""

from __future__ import annotations

import hmac
import html
import urllib.parse
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from engine import boot
from engine.http import bodies, identity
from engine.kernel import clock, errors, ids, texts
from engine.staffing import actions as staffing
from engine.staffing import queries as people

_CSRF = "yinxin_csrf"
LANGUAGE_COOKIE = "yinxin_language"
_LARGEST_FORM = 16 * 1024
_HOURS = 12
_PAGE = """<!doctype html><html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>
:root{{color-scheme:light dark;--ink:#1a1a1a;--paper:#fdfcfa;--line:#d9d4cc;--seal:#c8102e}}
@media (prefers-color-scheme:dark){{:root{{--ink:#ece8e1;--paper:#17171a;--line:#3a3a40}}}}
*{{box-sizing:border-box}}body{{margin:0;background:var(--paper);color:var(--ink);
font:16px/1.6 "Noto Sans CJK SC","Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;
min-height:100vh;display:grid;place-items:center;padding:24px}}
main{{width:100%;max-width:380px}}h1{{font-size:30px;letter-spacing:.12em;margin:0}}
h1 b{{color:var(--seal)}}p.sub{{margin:.2em 0 1.6em;opacity:.75}}label{{display:block;margin:.9em 0 .2em}}
input{{width:100%;padding:11px 12px;font:inherit;color:inherit;background:transparent;
border:1px solid var(--line);border-radius:8px}}input:focus{{outline:2px solid var(--seal)}}
button{{width:100%;padding:12px;margin-top:1.3em;font:inherit;border-radius:8px;cursor:pointer;
border:1px solid var(--line);background:transparent;color:inherit}}
button.primary{{background:var(--seal);border-color:var(--seal);color:#fff}}
.error{{border-left:4px solid var(--seal);padding:.4em .8em;margin:0 0 1em}}
fieldset{{border:1px solid var(--line);border-radius:8px;margin:1.8em 0 0;padding:8px 14px 14px;
display:grid}}small{{display:block;opacity:.7;font-size:13px;line-height:1.4}}
legend{{padding:0 6px;opacity:.75}}
fieldset button{{margin-top:8px;padding:7px 12px;text-align:left}}
nav{{margin-top:1.6em;text-align:right}}a{{color:inherit}}
</style></head><body><main><h1>印<b>信</b> Yinxin</h1><p class="sub">{subtitle}</p>{error}
<form method="post" action="/sign-in"><input type="hidden" name="csrf" value="{csrf}">
<input type="hidden" name="next" value="{next}"><label for="login">{login}</label>
<input id="login" name="login" autocomplete="username" required autofocus>
<label for="password">{password}</label><input id="password" name="password" type="password"
autocomplete="current-password" required><button class="primary">{submit}</button></form>{demo}
<nav><a href="/login?lang={other_lang}&amp;next={next}">{other}</a></nav></main></body></html>"""


def _language(request: Request) -> str:
    for asked in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if asked in texts.LANGUAGES:
            return str(asked)
    return texts.best_language(request.headers.get("accept-language", ""))


def _next(path: str) -> str:
    foreign = path.startswith(("//", "/\\", "/login", "/logout"))
    safe = path.startswith("/") and path.isprintable() and not foreign
    return path if safe else "/"


def demo_allowed(request: Request) -> bool:
    """One-click sign-in: only in a demo world, only from this machine, never under `--lan` (decision 8)."""
    alone = not identity.lan_address() and identity.on_loopback(request)
    return alone and boot.current().kind == "demo"


def _demo_buttons(language: str) -> str:
    between = "、" if language == "zh_CN" else ", "
    buttons = []
    for profile in boot.current().engine.ask(people.everyone, identity.DOOR):
        if profile.status != "active":
            continue
        roles = between.join(label.in_language(language) for label in profile.labels)
        buttons.append(
            f'<button name="demo" value="{html.escape(profile.login, quote=True)}">'
            f"{html.escape(profile.name)}<small>{html.escape(roles)}</small></button>"
        )
    return "".join(buttons)


def _page(
    request: Request, *, error: str = "", status: int = 200, wanted: str | None = None
) -> Response:
    language = _language(request)

    def _(message: str) -> str:
        return html.escape(texts.text(message, language))

    csrf = request.cookies.get(_CSRF) or ids.token(ids.system_entropy, 18)
    target = html.escape(_next(wanted or request.query_params.get("next", "/")), quote=True)
    demo = ""
    if demo_allowed(request):
        demo = (
            f'<form method="post" action="/sign-in"><input type="hidden" name="csrf" value="{csrf}">'
            f'<input type="hidden" name="next" value="{target}"><fieldset><legend>'
            f"{_('Demo: sign in with one click')}</legend>{_demo_buttons(language)}</fieldset></form>"
        )
    page = _PAGE.format(
        lang="zh-CN" if language == "zh_CN" else "en",
        title=_("Sign in to Yinxin"),
        subtitle=_("Mobile certificates, e-seals and signed contracts"),
        error=f'<p class="error" role="alert">{html.escape(error)}</p>' if error else "",
        csrf=html.escape(csrf, quote=True),
        next=target,
        login=_("Login"),
        password=_("Password"),
        submit=_("Sign in"),
        demo=demo,
        other_lang="en" if language == "zh_CN" else "zh_CN",
        other="English" if language == "zh_CN" else "中文",
    )
    answer = HTMLResponse(page, status_code=status, headers={"cache-control": "no-store"})
    over_tls = identity.secure(request.url.scheme)
    answer.set_cookie(_CSRF, csrf, httponly=True, samesite="strict", path="/", secure=over_tls)
    if request.query_params.get("lang") == language:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, samesite="lax")
    return answer


async def login_page(request: Request) -> Response:
    """GET /login."""
    return _page(request)


async def _form(request: Request) -> dict[str, str]:
    content = await bodies.read(request, _LARGEST_FORM)
    try:
        return dict(urllib.parse.parse_qsl((content or b"").decode(), max_num_fields=16))
    except ValueError:
        return {}


def _perform(action: Any, arguments: dict[str, Any]) -> Any:
    return boot.current().engine.perform(action, arguments, actor=identity.DOOR)


async def sign_in(request: Request) -> Response:
    """POST /sign-in: by password, or by one click where that exists."""
    form = await _form(request)
    known = request.cookies.get(_CSRF, "")
    genuine = known and hmac.compare_digest(known, form.get("csrf", ""))
    if not genuine or not identity.same_origin(request):
        return _page(
            request,
            error=texts.text("Open this page again and repeat.", _language(request)),
            status=403,
        )
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
        session = await run_in_threadpool(_perform, action, arguments)
    except errors.EngineError as refusal:
        return _page(
            request,
            error=texts.of_error(refusal, _language(request)),
            status=refusal.http_status,
            wanted=form.get("next"),
        )
    answer = RedirectResponse(_next(form.get("next", "/")), 303)
    over_tls = identity.secure(request.url.scheme)
    answer.set_cookie(
        identity.cookie_name(over_tls=over_tls),
        identity.cookie_value(session.token),
        httponly=True,
        samesite="lax",
        secure=over_tls,
        path="/",
        max_age=_HOURS * clock.HOUR // 1000,
    )
    return answer


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
    return "/login?next=" + urllib.parse.quote(_next(path))
