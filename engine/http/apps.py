"""The handset and the mall as small web apps: the pages they live in.

A page is a shell: it loads one module and hands it parameters in data attributes, so that its content
policy allows no inline script. Its files are those of `app_files`.
"""

from __future__ import annotations

import html
import json
import posixpath
import urllib.parse

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from engine import boot
from engine.boot import stages
from engine.http import app_files, identity
from engine.http.doors import VISITOR
from engine.http.problems import language_of
from engine.http.staff import LANGUAGE_COOKIE
from engine.kernel import texts
from engine.policies.model import Platform

# No inline script or style and nothing foreign; Preact sets single styles, which no policy is asked about.
POLICY = "; ".join(
    (
        "default-src 'none'",
        # WebAssembly: Argon2id for the shares on a phone, a reader of QR codes (`pages/apps/vendor`).
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-src 'self' blob:",
        "manifest-src 'self'",
        "frame-ancestors 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
# What an app shows first, and imports only then.
_FIRST = {"handset": ("handset/screens/login.js",)}
_SHELL = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="theme-color" content="#FDFCFA" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#17171A" media="(prefers-color-scheme: dark)">
<meta name="mobile-web-app-capable" content="yes"><title>{title}</title>
<link rel="icon" href="/favicon.png">{more}
{ahead}
<script type="module" src="/apps/{release}/{app}/main.js"></script></head>
<body><div id="app"{parameters}></div><noscript>{no_script}</noscript></body></html>
"""


def _language(request: Request) -> str:
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if "lang" not in request.query_params and chosen in texts.LANGUAGES:
        return str(chosen)
    return language_of(request, otherwise="")


def _ahead(release: app_files.Release, app: str, language: str) -> str:
    """What a browser is told to fetch at once: styles, texts, and each module that the app begins with.

    Without it modules would come one round trip after another, as each is found in the one before.
    """
    below = f"/apps/{release.id}"
    sheets = [
        name
        for part in ("common", app)
        for name in release.tags
        if name.endswith(".css") and posixpath.dirname(name) == part
    ]
    told = [f'<link rel="stylesheet" href="{below}/{name}">' for name in sheets]
    # The largest of all, and nothing is drawn without it.
    if language:
        told.append(
            f'<link rel="preload" as="fetch" crossorigin href="{below}/texts/{language}.json">'
        )
    main = f"{app}/main.js"
    modules = dict.fromkeys(release.needed(main))
    for name in _FIRST.get(app, ()):
        modules |= dict.fromkeys((name, *release.needed(name)))
    modules.pop(main, None)
    told += [f'<link rel="modulepreload" href="{below}/{name}">' for name in modules]
    return "\n".join(told)


def shell(request: Request, app: str, title: str, more: str = "", **parameters: str) -> Response:
    """The page in which an app of `pages/apps` lives, with what it has to know."""
    language = _language(request)
    release = app_files.release()
    given = {"language": language, "frame": "false", **parameters}
    page = _SHELL.format(
        lang="zh-CN" if language == "zh_CN" else "en",
        title=html.escape(texts.text(title, language)),
        more=more,
        ahead=_ahead(release, app, language),
        release=release.id,
        app=app,
        parameters="".join(
            f' data-{name}="{html.escape(value, quote=True)}"' for name, value in given.items()
        ),
        no_script=html.escape(texts.text("This page needs JavaScript.", language)),
    )
    return HTMLResponse(
        page, headers={"cache-control": "no-store", "content-security-policy": POLICY}
    )


def _is_served(request: Request) -> bool:
    return stages.served(request.path_params["world"]) is not None


async def phone(request: Request) -> Response:
    """GET /w/<world>/phone: the handset, full screen."""
    if not _is_served(request):
        return PlainTextResponse("Not found", 404)
    base = f"/w/{request.path_params['world']}/phone"
    manifest = f'<link rel="manifest" href="{base}/manifest.webmanifest">'
    return await run_in_threadpool(
        shell, request, "handset", texts.text("Biaozhengtong", "en"), manifest, base=f"{base}/me"
    )


async def manifest(request: Request) -> Response:
    """GET /w/<world>/phone/manifest.webmanifest: how a phone keeps the handset on its home screen."""
    if not _is_served(request):
        return PlainTextResponse("Not found", 404)
    name = texts.text("Biaozhengtong", _language(request))
    base = f"/w/{request.path_params['world']}/phone"
    told = {
        "name": name,
        "short_name": name,
        "start_url": base,
        "scope": base,
        "display": "standalone",
        "background_color": "#FDFCFA",
        "theme_color": "#FDFCFA",
    }
    content = json.dumps(told, ensure_ascii=False).encode()
    return Response(content, media_type="application/manifest+json")


def platform_label(world: boot.World, platform_id: str) -> str | None:
    """The Chinese label of a trading platform of a world, or None when there is none of this id."""
    known = world.engine.ask(lambda q: q.policies(Platform), VISITOR)
    found = known.get(platform_id)
    return None if found is None else found.label.zh


async def mall(request: Request) -> Response:
    """GET /w/<world>/mall/<platform>: a trading platform's pages."""
    platform_id = request.path_params["platform"]
    world = stages.served(request.path_params["world"])
    label = None if world is None else await run_in_threadpool(platform_label, world, platform_id)
    if world is None or label is None:
        return PlainTextResponse("Not found", 404)
    base = f"/w/{world.id}/mall/{platform_id}"
    return await run_in_threadpool(shell, request, "mall", label, base=base, platform=platform_id)


def phone_address(origin: str, path: str = "") -> str:
    """Where a phone opens the handset of this world (or a path), for a console that is open at `origin`.

    A phone cannot reach the loopback of the console's machine: its address on the LAN stands in for it.
    """
    host = urllib.parse.urlsplit(origin).hostname or ""
    if identity.lan_address() and host in identity.LOOPBACK:
        origin = identity.lan_address()
    return origin.rstrip("/") + (path or f"/w/{boot.current().id}/phone")


async def api_docs(request: Request) -> Response:
    """GET /api/docs: the JSON API's documentation, drawn from its own description."""
    return await run_in_threadpool(shell, request, "docs", "API documentation")
