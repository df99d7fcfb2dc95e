"""Pages of contracts as pictures: never cached, and only for who may see the contract."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine import boot
from engine.http import looked_at
from engine.http.problems import problem
from engine.kernel import actors, errors
from engine.signing import on_phone, previewing

_HEADERS = {"cache-control": "no-store", "content-security-policy": "default-src 'none'; sandbox"}


Drawn = Callable[[actors.Actor, boot.World, Request], Awaitable[Response]]


async def of_contract(actor: actors.Actor, world: boot.World, request: Request) -> Response:
    """A page of a contract; `?of=` one of its documents, `?small` the picture beside the large one."""
    return await _drawn(
        request,
        lambda: world.engine.ask(
            previewing.page_picture,
            actor,
            contract_id=request.path_params["contract"],
            page=request.path_params["page"],
            document_id=request.query_params.get("of", ""),
            small="small" in request.query_params,
        ),
    )


async def of_ticket(actor: actors.Actor, world: boot.World, request: Request) -> Response:
    """A page of what a scanned code asks to sign; `?of=` which of its documents, from 0."""
    place = request.query_params.get("of", "0")
    return await _drawn(
        request,
        lambda: world.engine.ask(
            on_phone.ticket_page,
            actor,
            ticket_id=request.path_params["ticket"],
            page=request.path_params["page"],
            place=int(place) if place.isdecimal() and len(place) < 4 else -1,
            small="small" in request.query_params,
        ),
    )


async def _drawn(request: Request, drawn: Callable[[], bytes]) -> Response:
    try:
        content = await run_in_threadpool(drawn)
    except errors.NotFound:
        return PlainTextResponse("Not found", 404)
    except errors.EngineError as refusal:
        return problem(request, refusal)
    return Response(content, media_type="image/png", headers=_HEADERS)


async def for_staff(request: Request) -> Response:
    """GET /w/<world>/contracts/<id>/pages/<n>: a page of a contract, for entitled staff."""
    found = looked_at.for_staff(request)
    return found if isinstance(found, Response) else await of_contract(*found, request)
