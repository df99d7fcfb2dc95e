"""The staff's sign-in page: password, and on loopback in a demo world one click."""

from __future__ import annotations

import hmac
import html
import ipaddress
import urllib.parse
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from engine import boot
from engine.http import identity
from engine.kernel import clock, errors, ids, texts
from engine.staffing import actions as staffing
from engine.staffing import queries as people

_CSRF = "yinxin_csrf"
_HOURS = 12
# Who the one-click buttons sign in as; the demo world has these accounts.
DEMO_LOGINS = ("lead", "second", "product", "auditor", "admin")

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
display:grid;grid-template-columns:1fr 1fr;gap:0 10px}}legend{{padding:0 6px;opacity:.75}}
fieldset button{{margin-top:8px;padding:9px}}nav{{margin-top:1.6em;text-align:right}}a{{color:inherit}}
</style></head><body><main><h1>印<b>信</b> Yinxin</h1><p class="sub">{subtitle}</p>{error}
<form method="post" action="/sign-in"><input type="hidden" name="csrf" value="{csrf}">
<input type="hidden" name="next" value="{next}"><label for="login">{login}</label>
<input id="login" name="login" autocomplete="username" required autofocus>
<label for="password">{password}</label><input id="password" name="password" type="password"
autocomplete="current-password" required><button class="primary">{submit}</button></form>{demo}
<nav><a href="/login?lang={other_lang}&amp;next={next}">{other}</a></nav></main></body></html>"""


def _language(request: Request) -> str:
    asked = request.query_params.get("lang")
    if asked in texts.LANGUAGES:
        return str(asked)
    return texts.best_language(request.headers.get("accept-language", ""))


def _next(path: str) -> str:
    safe = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if safe else "/"


def _on_loopback(request: Request) -> bool:
    try:
        address = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return address.is_loopback and "x-forwarded-for" not in request.headers


def demo_allowed(request: Request) -> bool:
    """One-click sign-in: only in a demo world, only from this machine (decision 8)."""
    return boot.current().kind == "demo" and _on_loopback(request)


def _page(request: Request, *, error: str = "", status: int = 200) -> Response:
    language = _language(request)

    def _(message: str) -> str:
        return html.escape(texts.text(message, language))

    csrf = request.cookies.get(_CSRF) or ids.token(ids.system_entropy, 18)
    target = html.escape(_next(request.query_params.get("next", "/")), quote=True)
    demo = ""
    if demo_allowed(request):
        buttons = "".join(
            f'<button name="demo" value="{login}" formnovalidate>{_("demo role " + login)}</button>'
            for login in DEMO_LOGINS
        )
        demo = (
            f'<form method="post" action="/sign-in"><input type="hidden" name="csrf" value="{csrf}">'
            f'<input type="hidden" name="next" value="{target}"><fieldset><legend>'
            f"{_('Demo: sign in with one click')}</legend>{buttons}</fieldset></form>"
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
    answer.set_cookie(_CSRF, csrf, httponly=True, samesite="strict", path="/")
    return answer


async def login_page(request: Request) -> Response:
    """GET /login."""
    return _page(request)


async def sign_in(request: Request) -> Response:
    """POST /sign-in: by password, or by one click where that exists."""
    form = await request.form()
    known = request.cookies.get(_CSRF, "")
    genuine = known and hmac.compare_digest(known, str(form.get("csrf", "")))
    if not genuine or not identity.same_origin(request):
        return _page(
            request,
            error=texts.text("Open this page again and repeat.", _language(request)),
            status=403,
        )
    world = boot.current()
    arguments: dict[str, Any]
    action: Any
    if form.get("demo") and demo_allowed(request):
        action, arguments = staffing.demo_sign_in, {"login": str(form["demo"])}
    else:
        action = staffing.sign_in
        arguments = {
            "login": str(form.get("login", "")),
            "password": str(form.get("password", "")),
        }
    try:
        session = await run_in_threadpool(
            world.engine.perform, action, arguments, actor=identity.DOOR
        )
    except errors.EngineError as refusal:
        return _page(
            request,
            error=texts.of_error(refusal, _language(request)),
            status=refusal.http_status,
        )
    answer = RedirectResponse(_next(str(form.get("next", "/"))), 303)
    answer.set_cookie(
        identity.COOKIE,
        session.token,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
        path="/",
        max_age=_HOURS * clock.HOUR // 1000,
    )
    return answer


async def sign_out(request: Request) -> Response:
    """GET /logout: ends the session and forgets the cookie."""
    token = request.cookies.get(identity.COOKIE)
    if token:
        engine = boot.current().engine
        if engine.ask(people.staff_by_token, identity.DOOR, token) is not None:
            await run_in_threadpool(
                engine.perform, staffing.sign_out, {"token": token}, actor=identity.DOOR
            )
    answer = RedirectResponse("/login", 303)
    answer.delete_cookie(identity.COOKIE, path="/")
    return answer


def login_address(path: str) -> str:
    """Where somebody signs in before they go on to `path`."""
    return "/login?next=" + urllib.parse.quote(_next(path))
