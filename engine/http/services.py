"""The PKI's public services and the guarded way to files: /w/<world>/…"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine import boot
from engine.kernel import errors
from engine.kernel.reader import Reader
from engine.staffing import queries as staffing
from engine.staffing.model import Right

_LIMIT = 64 * 1024


def _world(request: Request) -> boot.World | None:
    world = boot.current()
    return world if request.path_params["world"] == world.id else None


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
    if request.method == "POST":
        body = await request.body()
    else:
        try:
            body = base64.b64decode(request.path_params["request"], validate=False)
        except binascii.Error:
            body = b""
    label = request.path_params["ca"]
    return await _answer(
        lambda: world.authorities.ocsp(label, body[:_LIMIT]), "application/ocsp-response"
    )


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
    if request.headers.get("content-type") != "application/timestamp-query":
        return PlainTextResponse("A time-stamp query is needed", 415)
    body = (await request.body())[:_LIMIT]
    return await _answer(lambda: world.authorities.timestamp(body), "application/timestamp-reply")


def _file(q: Reader, blob_id: str) -> tuple[bytes, str]:
    # Staff see files of the cases they may look up; people's own files come with the handset's door.
    staffing.require(q, Right.LOOK_UP, anywhere=True)
    row = q.row("SELECT media_type FROM blob WHERE id = ?", (blob_id,))
    if row is None:
        raise errors.NotFound(what="file")
    return q.blob(blob_id), str(row["media_type"])


async def media(request: Request) -> Response:
    """A file of the platform, to staff who may see it; never cached, never sniffed."""
    world, staff = _world(request), request.scope.get("staff")
    if world is None:
        return PlainTextResponse("Not found", 404)
    if staff is None:
        return PlainTextResponse("Sign in first", 401)
    try:
        content, media_type = await run_in_threadpool(
            world.engine.ask, _file, staff, request.path_params["blob"]
        )
    except errors.EngineError as refusal:
        return PlainTextResponse("Not found", 404 if refusal.http_status != 403 else 403)
    extension = {"application/pdf": "pdf", "image/png": "png", "image/jpeg": "jpg"}.get(
        media_type, "bin"
    )
    shown = extension != "bin" and "download" not in request.query_params
    name = f"{request.path_params['blob']}.{extension}"
    return Response(
        content,
        media_type=media_type,
        headers={
            "content-disposition": f'{"inline" if shown else "attachment"}; filename="{name}"',
            "cache-control": "no-store",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"
            if extension != "pdf"
            else "default-src 'none'; object-src 'self'; plugin-types application/pdf",
        },
    )


async def not_found(request: Request) -> Response:
    """Machine prefixes answer 404, not the console's page."""
    return PlainTextResponse("Not found", 404)
