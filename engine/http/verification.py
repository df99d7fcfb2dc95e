"""The public verification pages (SGN-6): /w/<world>/verify for any PDF, /w/<world>/v/<token>.

Nobody signs in here. A document comes as the body of a request, is judged in a process of its own, and
nothing of it is kept.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from engine.boot import examining, stages
from engine.http import api, apps, bodies, identity, pace
from engine.http.browser_door import ForeignPage
from engine.http.problems import problem, unexpected
from engine.kernel import errors
from engine.pdf import verification

# Judging a document takes a second of work: a person tries a few, a script many.
PACE = pace.Pace(each_minute={"address": 30, "browser": 10})
_NO_STORE = {"cache-control": "no-store"}


class TooLargeToVerify(errors.InvalidInput):
    """The file is larger than 64 MB, which is more than can be verified here."""

    http_status = 413


async def page(request: Request) -> Response:
    """GET /w/<world>/verify and /w/<world>/v/<token>: the page that shows what is found."""
    world = stages.served(request.path_params["world"])
    if world is None:
        return PlainTextResponse("Not found", 404)
    base = f"/w/{world.id}/verify"
    token = request.path_params.get("token", "")
    return await run_in_threadpool(
        apps.shell, request, "verify", "Verify a document", base=base, token=token
    )


async def judge(request: Request) -> Response:
    """POST /w/<world>/verify/file: the judgment of the PDF in the body, as JSON."""
    world = stages.served(request.path_params["world"])
    if world is None:
        return PlainTextResponse("Not found", 404)
    try:
        if not identity.same_origin(request):
            raise ForeignPage()
        PACE.count(api.source_of(request))
        content = await bodies.read(request, verification.MAX_SIZE)
        if content is None:
            raise TooLargeToVerify()
        told = await run_in_threadpool(examining.examine, world, content)
    except errors.EngineError as refusal:
        return problem(request, refusal)
    except Exception:  # noqa: BLE001 the last handler
        return unexpected(request)
    return JSONResponse(told, headers=_NO_STORE)
