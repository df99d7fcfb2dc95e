"""The log as files: for auditors its export, its heads, receipts and proofs; for anybody its verifier."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from engine import boot
from engine.evidence import actions, exporting, growing, keeping, queries, standalone
from engine.http import api, looked_at
from engine.http.contract_papers import PACE, attachment, made
from engine.http.problems import problem, unexpected
from engine.kernel import actors, errors, ids

_JSON = "application/json"


async def _for_staff(
    request: Request, name: str, make: Callable[[boot.World, actors.Staff], bytes]
) -> Response:
    found = looked_at.for_staff(request)
    if isinstance(found, Response):
        return found
    staff, world = found
    return await made(request, _JSON, lambda: (make(world, staff), name))


async def receipt(request: Request) -> Response:
    """GET /w/<world>/log/receipts/<operation>.json"""
    operation = request.path_params["operation"]
    return await _for_staff(
        request,
        f"receipt-{operation}.json",
        lambda world, staff: world.engine.ask(queries.receipt, staff, operation).told(),
    )


async def consistency(request: Request) -> Response:
    """GET /w/<world>/log/consistency/<events>-<events>.json"""
    first, second = request.path_params["first"], request.path_params["second"]
    return await _for_staff(
        request,
        f"consistency-{first}-{second}.json",
        lambda world, staff: world.engine.ask(queries.log_growth, staff, first, second).told(),
    )


def _heads(world: boot.World, staff: actors.Staff) -> bytes:
    world.engine.ask(queries.log_standing, staff)
    folder = keeping.folder_of(world.engine.parts)
    heads = folder.every() if folder is not None else ()
    return b"".join([head.line() + b"\n" for head in heads])


async def heads(request: Request) -> Response:
    """GET /w/<world>/log/heads.jsonl: every signed head, oldest first."""
    return await _for_staff(request, "heads.jsonl", _heads)


def _begin_export(world: boot.World, staff: actors.Staff) -> None:
    key = ids.token(ids.system_entropy)
    world.engine.perform(actions.record_export, {}, actor=staff, key=key)
    if keeping.folder_of(world.engine.parts) is not None:
        growing.grow(world.engine.parts)


async def export(request: Request) -> Response:
    """GET /w/<world>/log/export.jsonl.gz: the whole log with its heads, as it comes."""
    found = looked_at.for_staff(request)
    if isinstance(found, Response):
        return found
    staff, world = found
    try:
        PACE.count(api.source_of(request))
        await run_in_threadpool(_begin_export, world, staff)
    except errors.EngineError as refusal:
        return problem(request, refusal)
    except Exception:  # noqa: BLE001 the last handler
        return unexpected(request)
    return StreamingResponse(
        iterate_in_threadpool(exporting.export(world.engine.parts)),
        media_type="application/gzip",
        headers=attachment("log.jsonl.gz"),
    )


async def verifier(request: Request) -> Response:
    """GET /w/<world>/verify_log.py: the stand-alone verifier, one file."""
    if looked_at.named(request) is None:
        return PlainTextResponse("Not found", 404)
    return Response(
        standalone.source(standalone.LOG),
        media_type="text/x-python; charset=utf-8",
        headers=attachment("verify_log.py"),
    )
