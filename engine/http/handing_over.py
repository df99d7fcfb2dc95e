"""Taking the part of a stage's persona: their phone and their PC's browser, given to the browser that asks.

The presenter's browser asks with the console's cookie; a real phone comes with an invitation that only the
stage knows. Both exist on stages alone, whose people are made up. What is given is in the stage's own
`handover.json`, which whoever plays the story writes.
"""

from __future__ import annotations

import hmac
import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine import boot
from engine.boot import stages
from engine.http import apps, browser_door, identity
from engine.http.browser_door import Cookie, Visit
from engine.http.doors import VISITOR
from engine.http.mall_door import BROWSER
from engine.kernel import texts
from engine.mall import queries as malls
from engine.staffing import queries as staffing
from engine.staffing.model import Right

FILE = "handover.json"
_NOT_FOUND = "Not found"


def may_take(request: Request) -> bool:
    """Whether the console's user shows demonstrations."""
    staff = request.scope.get("staff")
    return staff is not None and any(
        staffing.has(staff, right, anywhere=True) for right in (Right.DEMO, Right.SIMULATE)
    )


def _visit(request: Request) -> Visit | None:
    world = browser_door.world_of(request)
    if world is None or not stages.is_stage(world):
        return None
    return Visit(request=request, world=world)


def _given(world: boot.World) -> dict[str, Any]:
    assert world.path is not None
    try:
        found = json.loads((world.path / FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _take_phones(visit: Visit, given: dict[str, Any]) -> None:
    for slot, phone in given.get("phones", {}).items():
        visit.cookies[f"yinxin_phone_{slot}"] = Cookie(value=phone["token"], lasting=True)


def _take_pc(visit: Visit, pc: dict[str, Any]) -> None:
    """The persona's browser; who is signed in there by hand already stays so."""
    visit.cookies[BROWSER] = Cookie(value=pc["nonce"], lasting=True)
    name = f"yinxin_mall_{pc['platform']}"
    own = visit.token(name)
    known = visit.world.engine.ask(malls.account_by_token, VISITOR, own) if own else None
    if known is None or known.mall_account_id != pc["account"]:
        visit.cookies[name] = Cookie(value=pc["session"])


async def take(request: Request) -> Response:
    """POST /w/<stage>/handover?pc=<who>: this browser gets the phones of the story, and a persona's PC."""
    visit = await run_in_threadpool(_visit, request)
    if visit is None or not may_take(request):
        return PlainTextResponse(_NOT_FOUND, 404)
    if not identity.same_origin(request):
        return PlainTextResponse("Foreign page", 403)
    given = await run_in_threadpool(_given, visit.world)
    _take_phones(visit, given)
    pc = given.get("pcs", {}).get(request.query_params.get("pc", ""))
    if pc is not None:
        await run_in_threadpool(_take_pc, visit, pc)
    return visit.answer({"taken": sorted(given.get("phones", {}))})


async def join(request: Request) -> Response:
    """GET /w/<stage>/join/<invitation>: a real phone becomes the phone of a persona, full screen."""
    visit = await run_in_threadpool(_visit, request)
    if visit is None:
        return PlainTextResponse(_NOT_FOUND, 404)
    invitation = request.path_params["invitation"].encode()
    given = await run_in_threadpool(_given, visit.world)
    for slot, phone in given.get("phones", {}).items():
        if hmac.compare_digest(str(phone["join"]).encode(), invitation):
            visit.cookies[f"yinxin_phone_{slot}"] = Cookie(value=phone["token"], lasting=True)
            base = f"/w/{visit.world.id}/phone/{slot}"
            title = texts.text("Biaozhengtong", "en")
            shell = apps.shell(request, "handset", title, base=base, lent="true")
            return visit.dressed(shell)
    return PlainTextResponse(_NOT_FOUND, 404)
