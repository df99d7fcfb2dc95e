"""What comes with a contract as files: its signing report, its evidence, and the key that proves that."""

from __future__ import annotations

from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine import boot
from engine.boot import proving, reporting
from engine.evidence import packing
from engine.http import api, looked_at, pace
from engine.http.problems import language_of, problem, unexpected
from engine.kernel import actors, errors

# Each takes seconds of work: nobody needs many.
PACE = pace.Pace(each_minute={"address": 30, "browser": 10})


def attachment(name: str) -> dict[str, str]:
    """The headers of a file that is downloaded, kept by nothing and run by nobody."""
    return {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
        "content-security-policy": "default-src 'none'; sandbox",
    }


async def made(
    request: Request, media_type: str, make: Callable[[], tuple[bytes, str]]
) -> Response:
    """A file that is made now, as an attachment that nothing keeps."""
    try:
        PACE.count(api.source_of(request))
        content, name = await run_in_threadpool(make)
    except errors.EngineError as refusal:
        return problem(request, refusal)
    except Exception:  # noqa: BLE001 the last handler
        return unexpected(request)
    return Response(
        content,
        media_type=media_type,
        headers=attachment(name),
    )


async def report(actor: actors.Actor, world: boot.World, request: Request) -> Response:
    """The signing report; `?with=contract` with the signed file in it, `?lang=` in a language."""
    contract_id = request.path_params["contract"]

    def make() -> tuple[bytes, str]:
        made = reporting.signing_report(
            world,
            actor,
            contract_id,
            language=language_of(request),
            attached=request.query_params.get("with") == "contract",
        )
        return made.content, made.name

    return await made(request, "application/pdf", make)


async def evidence(actor: actors.Actor, world: boot.World, request: Request) -> Response:
    """The evidence pack (ZIP)."""
    contract_id = request.path_params["contract"]

    def make() -> tuple[bytes, str]:
        made = proving.evidence_pack(world, actor, contract_id)
        return made, f"evidence-{contract_id}.zip"

    return await made(request, "application/zip", make)


async def report_for_staff(request: Request) -> Response:
    """GET /w/<world>/contracts/<id>/report: the report, for staff by the console's cookie."""
    found = looked_at.for_staff(request)
    return found if isinstance(found, Response) else await report(*found, request)


async def evidence_for_staff(request: Request) -> Response:
    """GET /w/<world>/contracts/<id>/evidence: the pack, for auditors by the console's cookie."""
    found = looked_at.for_staff(request)
    return found if isinstance(found, Response) else await evidence(*found, request)


async def key(request: Request) -> Response:
    """GET /w/<world>/evidence-key.txt: the public key of the log, to verify packs with."""
    world = looked_at.named(request)
    if world is None:
        return PlainTextResponse("Not found", 404)
    return PlainTextResponse(packing.log_key(world.keyring).hex() + "\n")
