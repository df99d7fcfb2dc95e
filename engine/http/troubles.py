"""/w/<world>/trouble: what trouble is rehearsed in a demo world, for the apps' banner that says so."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine.http import caching, looked_at
from engine.http.doors import VISITOR
from engine.rehearsing import model, queries


async def told(request: Request) -> Response:
    """Party, kind and end of each; 404 in a world where there is never any."""
    world = looked_at.named(request)
    if world is None or world.kind != "demo":
        return JSONResponse({}, 404, headers=caching.NO_STORE)
    found = await run_in_threadpool(world.engine.ask, queries.in_force, VISITOR)
    parties = model.parties()
    shown = [
        {
            "party": parties[one.party].label.model_dump(),
            "kind": one.kind.value,
            "until": one.until,
        }
        for one in found
        if one.party in parties
    ]
    return JSONResponse({"trouble": shown}, headers=caching.NO_STORE)
