"""The mall's gateway: /w/<world>/mall/<platform>/… for a browser at a trading platform's pages.

Who is signed in, a cookie says that scripts cannot read; another cookie is the browser's nonce, by which
a QR on its screen is its own. Both are put in here where a function takes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.http import apps, browser_door, contract_papers, live, page_pictures, services
from engine.http.browser_door import Call, Cookie, Visit
from engine.http.doors import VISITOR, DirectDoor, NoSuchOperation
from engine.kernel import actors
from engine.mall import queries as malls
from engine.mall.model import MallSession
from engine.registration.model import HandsetSession
from engine.staffing.model import browser_of

BROWSER = "yinxin_browser"
_PLATFORM = re.compile(r"[a-z0-9_-]{1,32}")
_NOT_FOUND = "Not found"


def _platform(visit: Visit) -> str:
    return str(visit.request.path_params["platform"])


def _cookie(visit: Visit) -> str:
    return f"yinxin_mall_{_platform(visit)}"


def visit_of(request: Request) -> Visit | None:
    """A browser at the pages of a platform of this world, or None."""
    world = browser_door.world_of(request)
    platform_id = request.path_params["platform"]
    if world is None or not _PLATFORM.fullmatch(platform_id):
        return None
    known = apps.platform_label(world, platform_id) is not None
    return Visit(request=request, world=world) if known else None


def _account(visit: Visit) -> actors.MallAccount | None:
    """Who is signed in at this platform; a session of another one counts for nothing here."""
    token = visit.token(_cookie(visit))
    found = visit.world.engine.ask(malls.account_by_token, VISITOR, token) if token else None
    return found if found is not None and found.platform_id == _platform(visit) else None


def _through(visit: Visit, call: Call, *, changes: bool) -> Any:
    route = browser_door.route_of(call.name, who="mall", changes=changes)
    result_type = browser_door.result_of(route)
    if result_type is HandsetSession:
        raise NoSuchOperation(what="operation")
    nonce = visit.lasting_token(BROWSER)
    door = DirectDoor(visit.world.engine, visit.source(nonce))
    token = visit.token(_cookie(visit))
    if _account(visit) is not None:
        door.sign_in(token, "mall")
    own = {
        "platform_id": _platform(visit),
        "nonce": nonce,
        "token": token,
        "browser_name": browser_of(visit.request.headers.get("user-agent", "")),
    }
    given = browser_door.filled(route.function, call.arguments, own)
    key = browser_door.intent(nonce, call.key) if changes else ""
    result = browser_door.at_door(door, route, given, key)
    if result_type is MallSession:
        visit.cookies[_cookie(visit)] = Cookie(value=result["token"])
        return {"signed_in": True}
    if call.name == "mall.sign_out":
        visit.cookies[_cookie(visit)] = Cookie(value="")
        return {"signed_in": False}
    return result


def _done(visit: Visit, call: Call) -> Any:
    return _through(visit, call, changes=True)


def _asked(visit: Visit, call: Call) -> Any:
    return _through(visit, call, changes=False)


async def _called(
    request: Request, work: Callable[[Visit, Call], Any], *, changes: bool
) -> Response:
    visit = await run_in_threadpool(visit_of, request)
    if visit is None:
        return PlainTextResponse(_NOT_FOUND, 404)
    known = bool(visit.token(BROWSER))
    return await browser_door.served(visit, work, changes=changes, known=known)


async def do(request: Request) -> Response:
    """POST …/do: an act at the platform's pages."""
    return await _called(request, _done, changes=True)


async def ask(request: Request) -> Response:
    """POST …/ask: a question of the platform's pages."""
    return await _called(request, _asked, changes=False)


async def _for_account(
    request: Request,
) -> tuple[Visit, actors.MallAccount] | Response:
    visit = await run_in_threadpool(visit_of, request)
    if visit is None:
        return PlainTextResponse(_NOT_FOUND, 404)
    account = await run_in_threadpool(_account, visit)
    return PlainTextResponse("Sign in first", 401) if account is None else (visit, account)


async def events(request: Request) -> Response:
    """GET …/events: how far the log has come, for who is signed in."""
    found = await _for_account(request)
    return found if isinstance(found, Response) else live.told(found[0].world)


async def media(request: Request) -> Response:
    """GET …/media/<blob>: a file that the signed-in account may see."""
    found = await _for_account(request)
    if isinstance(found, Response):
        return found
    return await services.file_for(found[1], found[0].world, request)


async def contract_page(request: Request) -> Response:
    """GET …/contracts/<id>/pages/<n>: a page of a contract, for one of its parties."""
    found = await _for_account(request)
    if isinstance(found, Response):
        return found
    return await page_pictures.of_contract(found[1], found[0].world, request)


async def contract_report(request: Request) -> Response:
    """GET …/contracts/<id>/report: the signing report, for one of its parties."""
    found = await _for_account(request)
    if isinstance(found, Response):
        return found
    return await contract_papers.report(found[1], found[0].world, request)


async def contract_evidence(request: Request) -> Response:
    """GET …/contracts/<id>/evidence: the evidence pack, for an administrator of one of its parties."""
    found = await _for_account(request)
    if isinstance(found, Response):
        return found
    return await contract_papers.evidence(found[1], found[0].world, request)
