"""What the staff's sign-in pages share: their frame, language, form token, and what a form brings."""

from __future__ import annotations

import hmac
import html
import urllib.parse
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from engine.http import bodies, identity
from engine.kernel import ids, texts

CSRF = "yinxin_csrf"
LANGUAGE_COOKIE = "yinxin_language"
LARGEST_FORM = 16 * 1024
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
.codes{{columns:2;font:15px/1.9 ui-monospace,monospace;padding:0;list-style:none}}
.secret{{font:14px/1.6 ui-monospace,monospace;word-break:break-all}}
.qr{{display:block;width:220px;margin:1em auto;background:#fff;padding:8px;border-radius:8px}}
a.button{{display:block;text-align:center;text-decoration:none;padding:12px;margin-top:1.3em;border-radius:8px;
background:var(--seal);color:#fff}}
nav{{margin-top:1.6em;text-align:right}}a{{color:inherit}}
</style></head><body><main><h1>印<b>信</b> Yinxin</h1><p class="sub">{subtitle}</p>{error}
{forms}<nav><a href="{here}?lang={other_lang}&amp;next={next}">{other}</a></nav></main></body></html>"""


def language_of(request: Request) -> str:
    """The language asked for, remembered, or the browser's."""
    for asked in (request.query_params.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if asked in texts.LANGUAGES:
            return str(asked)
    return texts.best_language(request.headers.get("accept-language", ""))


def next_of(path: str) -> str:
    """Where to go on to, if it is a page of ours."""
    foreign = path.startswith(("//", "/\\", "/login", "/logout", "/sign-in"))
    safe = path.startswith("/") and path.isprintable() and not foreign
    return path if safe else "/"


def quoted(path: str) -> str:
    """A path as part of an address."""
    return urllib.parse.quote(path)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form, or none when it is no form."""
    content = await bodies.read(request, LARGEST_FORM)
    try:
        return dict(urllib.parse.parse_qsl((content or b"").decode(), max_num_fields=16))
    except ValueError:
        return {}


def is_genuine(request: Request, form: Mapping[str, str]) -> bool:
    """Whether a form was drawn by us for this very browser."""
    known = request.cookies.get(CSRF, "")
    same = bool(known) and hmac.compare_digest(known, form.get("csrf", ""))
    return same and identity.same_origin(request)


def csrf_of(request: Request) -> str:
    """The browser's form token, or a new one."""
    return request.cookies.get(CSRF) or ids.token(ids.system_entropy, 18)


def form(action: str, inner: str, csrf: str, target: str) -> str:
    """A form that brings the browser's token and where to go on to."""
    token, onward = (html.escape(one, quote=True) for one in (csrf, target))
    return (
        f'<form method="post" action="{action}"><input type="hidden" name="csrf" value="{token}">'
        f'<input type="hidden" name="next" value="{onward}">{inner}</form>'
    )


def page(
    request: Request,
    forms: str,
    *,
    csrf: str,
    target: str,
    subtitle: str,
    error: str = "",
    status: int = 200,
    here: str = "/login",
) -> Response:
    """A page of the sign-in. `forms` is HTML already; the other texts are escaped here."""
    language = language_of(request)
    text = _PAGE.format(
        lang="zh-CN" if language == "zh_CN" else "en",
        title=html.escape(texts.text("Sign in to Yinxin", language)),
        subtitle=html.escape(subtitle),
        error=f'<p class="error" role="alert">{html.escape(error)}</p>' if error else "",
        forms=forms,
        here=here,
        next=html.escape(urllib.parse.quote(target), quote=True),
        other_lang="en" if language == "zh_CN" else "zh_CN",
        other="English" if language == "zh_CN" else "中文",
    )
    answer = HTMLResponse(text, status_code=status, headers={"cache-control": "no-store"})
    over_tls = identity.secure(request.url.scheme)
    answer.set_cookie(CSRF, csrf, httponly=True, samesite="strict", path="/", secure=over_tls)
    if request.query_params.get("lang") == language:
        answer.set_cookie(LANGUAGE_COOKIE, language, max_age=31_536_000, samesite="lax")
    return answer
