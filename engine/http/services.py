"""The PKI's public services and the guarded way to files: /w/<world>/…"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine import boot
from engine.http import bodies, holders
from engine.http.doors import VISITOR
from engine.kernel import actors, errors
from engine.mall import queries as malls
from engine.registration import queries as people

_LIMIT = 64 * 1024


def _world(request: Request) -> boot.World | None:
    boot.current()
    return boot.worlds.get(request.path_params["world"])


def _is(request: Request, media_type: str) -> bool:
    given = request.headers.get("content-type", "").split(";")[0]
    return given.strip().lower() == media_type


async def _answer(make: Callable[[], bytes], media_type: str) -> Response:
    try:
        return Response(await run_in_threadpool(make), media_type=media_type)
    except errors.NotFound:
        return PlainTextResponse("Not found", 404)


async def ocsp(request: Request) -> Response:
    """RFC 6960 over HTTP, POST and GET."""
    world = _world(request)
    if world is None:
        return PlainTextResponse("Not found", 404)
    body: bytes | None
    if request.method == "POST":
        if not _is(request, "application/ocsp-request"):
            return PlainTextResponse("An OCSP request is needed", 415)
        body = await bodies.read(request, _LIMIT)
    else:
        try:
            body = base64.b64decode(request.path_params["request"], validate=True)
        except (binascii.Error, ValueError):
            body = b""
    if body is None:
        return PlainTextResponse("Too large", 413)
    asked, label = body, request.path_params["ca"]
    return await _answer(lambda: world.authorities.ocsp(label, asked), "application/ocsp-response")


async def crl(request: Request) -> Response:
    """An agency's revocation list (DER)."""
    world = _world(request)
    if world is None:
        return PlainTextResponse("Not found", 404)
    return await _answer(
        lambda: world.authorities.crl(request.path_params["ca"]), "application/pkix-crl"
    )


async def ca_certificate(request: Request) -> Response:
    """An authority's certificate (DER)."""
    world = _world(request)
    if world is None:
        return PlainTextResponse("Not found", 404)
    return await _answer(
        lambda: world.authorities.certificate(request.path_params["ca"]), "application/pkix-cert"
    )


async def timestamp(request: Request) -> Response:
    """RFC 3161 over HTTP."""
    world = _world(request)
    if world is None:
        return PlainTextResponse("Not found", 404)
    if not _is(request, "application/timestamp-query"):
        return PlainTextResponse("A time-stamp query is needed", 415)
    body = await bodies.read(request, _LIMIT)
    if body is None:
        return PlainTextResponse("Too large", 413)
    return await _answer(lambda: world.authorities.timestamp(body), "application/timestamp-reply")


def _reader_of(world: boot.World, request: Request) -> actors.Actor | None:
    """Staff by the console's cookie; a person or a mall account by their bearer token."""
    staff: actors.Staff | None = request.scope.get("staff")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if staff is not None or scheme.lower() != "bearer":
        return staff if world is boot.current() else None
    person = world.engine.ask(people.person_by_token, VISITOR, token)
    return person or world.engine.ask(malls.account_by_token, VISITOR, token)


# Shown in the browser; everything else is handed over as a file.
_SHOWN = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}


def _disposition(name: str, media_type: str, *, download: bool) -> str:
    extension = _SHOWN.get(media_type, "bin")
    shown = extension != "bin" and not download
    return f'{"inline" if shown else "attachment"}; filename="{name}.{extension}"'


async def media(request: Request) -> Response:
    """A file of the platform, to staff by cookie, and to people and mall accounts by token."""
    world = _world(request)
    if world is None:
        return PlainTextResponse("Not found", 404)
    reader = await run_in_threadpool(_reader_of, world, request)
    return await file_for(reader, world, request)


async def file_for(reader: actors.Actor | None, world: boot.World, request: Request) -> Response:
    """The file that a request names, as `reader` may see it; never cached, never sniffed.

    Anything but a PDF is sandboxed; the browser's own PDF viewer does not start in a sandbox.
    """
    if reader is None:
        return PlainTextResponse("Sign in first", 401)
    blob_id = request.path_params["blob"]
    try:
        content, media_type = await run_in_threadpool(
            lambda: world.engine.ask(holders.file, reader, blob_id=blob_id)
        )
    except errors.NotFound:
        return PlainTextResponse("Not found", 404)
    sandbox = "" if media_type == "application/pdf" else "; sandbox"
    download = "download" in request.query_params
    return Response(
        content,
        media_type=media_type,
        headers={
            "content-disposition": _disposition(blob_id, media_type, download=download),
            "cache-control": "no-store",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; "
            f"frame-ancestors 'self'{sandbox}",
        },
    )


async def not_found(request: Request) -> Response:
    """Machine prefixes answer 404, not the console's page."""
    return PlainTextResponse("Not found", 404)
