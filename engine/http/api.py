"""The JSON API: one generic handler over the table of `routes`; `openapi` describes it.

Who asks is decided by `Authorization: Bearer` (a handset's or mall session's token) or, for staff, by the
console's cookie together with our own Origin. An `Idempotency-Key` makes a repetition the same act.
Errors are problem+json with the engine's stable code; anything unexpected is a 500 with an id and no text.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from engine import boot
from engine.http import arguments, beside, bodies, identity, openapi, pace, routes
from engine.http.doors import VISITOR, NoSuchOperation, NotSignedIn, person_of
from engine.http.problems import problem, unexpected
from engine.kernel import actors, errors
from engine.mall import queries as malls

_LIMIT = 32 * 1024 * 1024
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class BodyInvalid(errors.InvalidInput):
    """The body is not a JSON object."""


class BodyTooBig(errors.InvalidInput):
    """The body is too big."""

    http_status = 413


class JsonNeeded(errors.InvalidInput):
    """The body must be application/json."""

    http_status = 415


class KeyInvalid(errors.InvalidInput):
    """An Idempotency-Key has 8 to 128 printable characters."""


def _actor(request: Request, route: routes.Route) -> actors.Actor:
    if route.who == "anybody":
        return VISITOR
    engine = boot.current().engine
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    bearer = token if scheme.lower() == "bearer" else ""
    found: actors.Actor | None = None
    if route.who == "person":
        found = person_of(engine, bearer)
    elif route.who == "mall":
        found = engine.ask(malls.account_by_token, VISITOR, bearer)
    elif route.who == "machine":
        # A notice proves itself by its signature, which the action checks.
        found = actors.Machine(name="payment")
    elif identity.same_origin(request):
        found = request.scope.get("staff")
    if found is None:
        raise NotSignedIn()
    return found


async def json_object(request: Request, largest: int) -> dict[str, Any]:
    """The JSON object that a request carries.

    Raises: JsonNeeded, BodyTooBig, BodyInvalid.
    """
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        raise JsonNeeded()
    body = await bodies.read(request, largest)
    if body is None:
        raise BodyTooBig()
    try:
        given = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise BodyInvalid() from problem
    if not isinstance(given, dict):
        raise BodyInvalid()
    return given


def key_of(request: Request) -> str | None:
    """The Idempotency-Key of a request, where there is one.

    Raises: KeyInvalid.
    """
    key = request.headers.get("idempotency-key")
    if key is not None and not (8 <= len(key) <= 128 and key.isprintable()):
        raise KeyInvalid()
    return key


def source_of(request: Request, browser: str = "") -> actors.Source:
    """Where a request comes from, for limits on how often it may."""
    address = request.client.host if request.client else ""
    return actors.Source(address=address, browser=browser)


def _serve(request: Request, route: routes.Route, given: dict[str, Any]) -> Any:
    engine = boot.current().engine
    if route.paced:
        pace.HERE.count(source_of(request))
    checked = arguments.parse(route.function, given)
    actor = _actor(request, route)
    if not route.changes:
        return arguments.to_json(engine.ask(route.function, actor, **checked))
    done = engine.perform(
        route.function, checked, actor=actor, key=key_of(request), source=source_of(request)
    )
    return arguments.to_json(done)


def _serve_beside(request: Request, route: routes.Route, given: dict[str, Any]) -> Any:
    staff = _actor(request, route)
    if not isinstance(staff, actors.Staff):
        raise NotSignedIn()
    return beside.OFFERED[route.name].serve(staff, given)


async def _handle(request: Request, route: routes.Route) -> Response:
    serve = _serve_beside if route.name in beside.OFFERED else _serve
    try:
        given = await json_object(request, _LIMIT)
        return JSONResponse(await run_in_threadpool(serve, request, route, given))
    except errors.EngineError as refusal:
        return problem(request, refusal)
    except Exception:  # noqa: BLE001
        # The last handler.
        return unexpected(request)


class MethodNotAllowed(errors.InvalidInput):
    """This address takes POST only."""

    http_status = 405


async def unknown(request: Request) -> Response:
    """What the table does not have, or not by this method."""
    if request.url.path in {route.path for route in _offered()}:
        answer = problem(request, MethodNotAllowed())
        answer.headers["allow"] = "POST"
        return answer
    return problem(request, NoSuchOperation())


def _offered() -> list[routes.Route]:
    return [*routes.ROUTES, *(one.route for one in beside.OFFERED.values())]


def endpoints() -> list[BaseRoute]:
    """Every operation, the description, and a 404 of our own."""
    found: list[BaseRoute] = [Route("/api/openapi.json", openapi.serve, methods=["GET"])]
    for route in _offered():

        async def endpoint(request: Request, route: routes.Route = route) -> Response:
            return await _handle(request, route)

        found.append(Route(route.path, endpoint, methods=["POST"]))
    found.append(Route("/api/{rest:path}", unknown, methods=_METHODS))
    return found
