"""The handset and the mall as small web apps: their files, their texts, and the two pages they live in.

A page is a shell: it loads one module and hands it parameters in data attributes, so that its content
policy allows no inline script. Files come from `pages/apps` and nowhere else.
"""

from __future__ import annotations

import functools
import hashlib
import html
import json
import urllib.parse
from pathlib import Path

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from engine import boot
from engine.boot import stages
from engine.http import identity
from engine.http.doors import VISITOR
from engine.http.problems import language_of
from engine.http.staff import LANGUAGE_COOKIE
from engine.kernel import catalog, texts
from engine.policies.model import Platform

FOLDER = catalog.DATA.parent / "pages" / "apps"
MEDIA_TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
}
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
_SHELL = """<!doctype html>
<html lang="{lang}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="theme-color" content="#FDFCFA" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#17171A" media="(prefers-color-scheme: dark)">
<meta name="mobile-web-app-capable" content="yes"><title>{title}</title>
<link rel="icon" href="/favicon.png">{more}{styles}
<script type="module" src="/apps/{app}/main.js"></script></head>
<body><div id="app"{parameters}></div><noscript>{no_script}</noscript></body></html>
"""


@functools.lru_cache(maxsize=512)
def _content(path: Path, changed_ns: int, size: int) -> tuple[bytes, str]:
    content = path.read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _found(name: str) -> tuple[bytes, str, str] | None:
    """Content, media type and tag of a file of the apps, or None for anything else."""
    path = FOLDER / name
    media_type = MEDIA_TYPES.get(path.suffix)
    parts = name.split("/")
    # Only plain names: nothing hidden, nothing that climbs, nothing that a disk reads otherwise.
    plain = name.isascii() and name.isprintable() and "\\" not in name and ":" not in name
    if media_type is None or not plain or any(part[:1] in ("", ".") for part in parts):
        return None
    real = path.resolve()
    if not real.is_relative_to(FOLDER.resolve()) or not real.is_file():
        return None
    state = real.stat()
    content, tag = _content(real, state.st_mtime_ns, state.st_size)
    return content, media_type, tag


def _cached(request: Request, content: bytes, media_type: str, tag: str) -> Response:
    """An answer that a browser keeps and asks about each time."""
    headers = {"cache-control": "no-cache", "etag": tag}
    asked = request.headers.get("if-none-match", "")
    if tag in (one.strip().removeprefix("W/") for one in asked.split(",")):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=media_type, headers=headers)


async def static(request: Request) -> Response:
    """GET /apps/<path>: a script, style, picture or font of the apps."""
    found = await run_in_threadpool(_found, request.path_params["path"])
    if found is None:
        return PlainTextResponse("Not found", 404)
    content, media_type, tag = found
    return _cached(request, content, media_type, tag)


@functools.cache
def _catalogue(language: str) -> tuple[bytes, str]:
    told = json.dumps(texts.messages(language), ensure_ascii=False, separators=(",", ":"))
    content = told.encode()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'


async def catalogue(request: Request) -> Response:
    """GET /apps/texts/<language>.json: the texts of a language."""
    language = request.path_params["language"]
    if language not in texts.LANGUAGES:
        return PlainTextResponse("Not found", 404)
    content, tag = await run_in_threadpool(_catalogue, language)
    return _cached(request, content, "application/json", tag)


def _language(request: Request) -> str:
    chosen = request.cookies.get(LANGUAGE_COOKIE)
    if "lang" not in request.query_params and chosen in texts.LANGUAGES:
        return str(chosen)
    return language_of(request, otherwise="")


def _styles(app: str) -> str:
    """The style sheets that an app has, so that the first thing seen is not unstyled."""
    found = [path for part in ("common", app) for path in sorted((FOLDER / part).glob("*.css"))]
    return "".join(
        f'<link rel="stylesheet" href="/apps/{path.relative_to(FOLDER).as_posix()}">'
        for path in found
    )


def shell(request: Request, app: str, title: str, more: str = "", **parameters: str) -> Response:
    """The page in which an app of `pages/apps` lives, with what it has to know."""
    language = _language(request)
    given = {"language": language, "frame": "false", **parameters}
    page = _SHELL.format(
        lang="zh-CN" if language == "zh_CN" else "en",
        title=html.escape(texts.text(title, language)),
        more=more,
        styles=_styles(app),
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
