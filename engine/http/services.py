"""The PKI's public services and the guarded way to files: /w/<world>/…"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine import boot
from engine.http import bodies, caching, holders, looked_at
from engine.http.doors import VISITOR
from engine.kernel import actors, clock, errors
from engine.mall import queries as malls
from engine.pki import certificates
from engine.providers import responding
from engine.registration import queries as people
from engine.trusting import queries as trusting

_LIMIT = 64 * 1024
_CRL, _OCSP = "application/pkix-crl", "application/ocsp-response"
_LIST_KEPT_MS, _CERTIFICATE_KEPT_MS = 5 * clock.MINUTE, clock.DAY


def _pem(path: Sequence[x509.Certificate]) -> bytes:
    return b"".join(certificates.to_pem(one) for one in path)


# The ending of an authority's certificate: its media type (RFC 2585, 5280 4.2.2.1, 8555 9.1) and encoding.
_ENCODED: Mapping[str, tuple[str, Callable[[Sequence[x509.Certificate]], bytes]]] = {
    "cer": ("application/pkix-cert", lambda path: certificates.to_der(path[0])),
    "pem": ("application/pem-certificate-chain", _pem),
    "p7c": (
        "application/pkcs7-mime",
        lambda path: pkcs7.serialize_certificates(list(path), Encoding.DER),
    ),
}


def _world(request: Request) -> boot.World | None:
    world = looked_at.named(request)
    return None if world is None or looked_at.is_run(world) else world


def _is(request: Request, media_type: str) -> bool:
    given = request.headers.get("content-type", "").split(";")[0]
    return given.strip().lower() == media_type


def _missing() -> Response:
    return PlainTextResponse("Not found", 404, headers=caching.NO_STORE)


def _again() -> Response:
    return PlainTextResponse("Try again", 503, headers={"retry-after": "1", **caching.NO_STORE})


async def _kept(request: Request, make: Callable[[boot.World], caching.Kept]) -> Response:
    """What `make` gives of the request's world, with what caches have to know."""
    world = _world(request)
    if world is None:
        return _missing()
    try:
        found = await run_in_threadpool(make, world)
        now = await run_in_threadpool(world.engine.now)
    except errors.NotFound:
        return _missing()
    except errors.ProviderUnavailable:
        return _again()
    return caching.answer(request, found, now=now)


async def _body(request: Request, media_type: str) -> bytes | Response:
    """What was posted, or why it is not read."""
    if not _is(request, media_type):
        return PlainTextResponse(f"{media_type} is needed", 415, headers=caching.NO_STORE)
    body = await bodies.read(request, _LIMIT)
    if body is None:
        return PlainTextResponse("Too large", 413, headers=caching.NO_STORE)
    return body


def _in_address(request: Request) -> bytes:
    """The request of RFC 6960 A.1: base64 in the address; nothing where it is none."""
    try:
        return base64.b64decode(request.path_params["request"], validate=True)
    except (binascii.Error, ValueError):
        return b""


async def ocsp(request: Request) -> Response:
    """RFC 6960 over HTTP, POST and GET; by GET as RFC 5019 wants it cached."""
    world = _world(request)
    if world is None:
        return _missing()
    posted = request.method == "POST"
    body = await _body(request, "application/ocsp-request") if posted else _in_address(request)
    if isinstance(body, Response):
        return body
    label = request.path_params["ca"]
    # What is kept ready costs less than the way to another thread and back.
    found = world.authorities.ocsp_ready(label, body)
    try:
        if found is None:
            found = await run_in_threadpool(world.authorities.ocsp_answer, label, body)
    except errors.NotFound:
        return _missing()
    except errors.ProviderUnavailable:
        found = responding.try_later()
    if posted or found.until is None:
        return Response(found.content, media_type=_OCSP, headers=caching.NO_STORE)
    kept = caching.Kept(
        content=found.content, media_type=_OCSP, made_at=found.this_update, until=found.until
    )
    return caching.answer(request, kept, now=found.told_at)


async def crl(request: Request) -> Response:
    """An authority's complete revocation list (DER), a root's too."""
    label = request.path_params["ca"]
    return await _kept(
        request,
        lambda world: (
            _root_list(world, label)
            if label in world.authorities.roots
            else _list(world, label, delta=False)
        ),
    )


async def delta_crl(request: Request) -> Response:
    """What changed since an earlier list of an agency (DER; RFC 5280 5.2.4)."""
    label = request.path_params["ca"]
    return await _kept(request, lambda world: _list(world, label, delta=True))


def _list(world: boot.World, label: str, *, delta: bool) -> caching.Kept:
    found = world.authorities.published(label)
    return caching.Kept(
        content=found.delta if delta else found.complete,
        media_type=_CRL,
        made_at=found.this_update,
        # A revocation publishes the next one at once: nobody is told to keep this one for long.
        until=min(found.fresh_until, world.engine.now() + _LIST_KEPT_MS),
        tag=found.delta_tag if delta else found.complete_tag,
    )


def _root_list(world: boot.World, label: str) -> caching.Kept:
    content = world.authorities.crl(label)
    found = x509.load_der_x509_crl(content)
    until = world.engine.now() + _CERTIFICATE_KEPT_MS
    if found.next_update_utc is not None:
        until = min(until, clock.from_datetime(found.next_update_utc))
    made_at = clock.from_datetime(found.last_update_utc)
    return caching.Kept(content=content, media_type=_CRL, made_at=made_at, until=until)


async def ca_certificate(request: Request) -> Response:
    """An authority's certificate as its ending says: .cer (DER), .pem or .p7c with those above it."""
    label, ending = request.path_params["ca"], request.path_params["ending"]
    if ending not in _ENCODED:
        return _missing()
    return await _kept(request, lambda world: _certificates(world, label, ending))


def _certificates(world: boot.World, label: str, ending: str) -> caching.Kept:
    path = world.authorities.path(label)
    media_type, encoded = _ENCODED[ending]
    return caching.Kept(
        content=encoded(path),
        media_type=media_type,
        made_at=clock.from_datetime(path[0].not_valid_before_utc),
        until=world.engine.now() + _CERTIFICATE_KEPT_MS,
        name=f"{label}.{ending}",
    )


async def trust_list(request: Request) -> Response:
    """The signed list of recognized authorities (PKI-4), as it was adopted last."""
    return await _kept(request, _trust_list)


def _trust_list(world: boot.World) -> caching.Kept:
    found = world.engine.ask(trusting.newest, VISITOR)
    if found is None:
        raise errors.NotFound(what="trust list")
    return caching.Kept(
        content=found.document,
        media_type="application/pkcs7-mime; smime-type=signed-data",
        made_at=found.issued_at,
        # A changed status makes a new list at once, as with revocations.
        until=min(found.next_update, world.engine.now() + _LIST_KEPT_MS),
        name="trust-list.p7m",
    )


async def timestamp(request: Request) -> Response:
    """RFC 3161 over HTTP (its 3.4)."""
    world = _world(request)
    if world is None:
        return _missing()
    body = await _body(request, "application/timestamp-query")
    if isinstance(body, Response):
        return body
    try:
        made = await run_in_threadpool(world.authorities.timestamp, body)
    except errors.ProviderUnavailable:
        return _again()
    return Response(made, media_type="application/timestamp-reply", headers=caching.NO_STORE)


def _reader_of(world: boot.World, request: Request) -> actors.Actor | None:
    """Staff by the console's cookie; a person or a mall account by their bearer token."""
    staff: actors.Staff | None = request.scope.get("staff")
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if staff is not None or scheme.lower() != "bearer":
        if staff is None or not looked_at.may_look(world, staff):
            return None
        return staff if world is boot.current() else looked_at.as_looker(staff)
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
    world = looked_at.named(request)
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
