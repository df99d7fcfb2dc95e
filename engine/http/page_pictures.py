"""Pages of contracts as pictures: never cached, and only for who may see the contract."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine import boot
from engine.http.problems import problem
from engine.kernel import actors, errors
from engine.signing import previewing

_HEADERS = {"cache-control": "no-store", "content-security-policy": "default-src 'none'; sandbox"}


async def of_contract(actor: actors.Actor, world: boot.World, request: Request) -> Response:
    """The page that a request names; `?of=` one document of the contract, `?small` beside the large one."""

    def drawn() -> bytes:
        return world.engine.ask(
            previewing.page_picture,
            actor,
            contract_id=request.path_params["contract"],
            page=request.path_params["page"],
            document_id=request.query_params.get("of", ""),
            small="small" in request.query_params,
        )

    try:
        content = await run_in_threadpool(drawn)
    except errors.NotFound:
        return PlainTextResponse("Not found", 404)
    except errors.EngineError as refusal:
        return problem(request, refusal)
    return Response(content, media_type="image/png", headers=_HEADERS)
