"""The JSON API: one generic handler over the table of `routes`; `openapi` describes it.

Who asks is decided by `Authorization: Bearer` (a handset's or mall session's token) or, for staff, by the
console's cookie together with our own Origin. An `Idempotency-Key` makes a repetition the same act.
Errors are problem+json with the engine's stable code; anything unexpected is a 500 with an id and no text.
"""

from __future__ import annotations

import json
import re
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from engine import boot
from engine.http import (
    addresses,
    answers,
    arguments,
    beside,
    bodies,
    identity,
    lists,
    machine_door,
    openapi,
    pace,
    routes,
)
from engine.http.doors import VISITOR, NoSuchOperation, NotSignedIn, own_key, person_of
from engine.http.offering import offered
from engine.http.problems import problem, unexpected
from engine.kernel import actors, errors
from engine.mall import queries as malls

_LIMIT = 32 * 1024 * 1024
_KEY = re.compile("[!-~]{8,128}")
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


class BodyInvalid(errors.InvalidInput):
    """The body is not a JSON object."""


class BodyTooBig(errors.InvalidInput):
    """The body is too big."""

    http_status = 413


class JsonNeeded(errors.InvalidInput):
    """The body must be application/json."""

    http_status = 415


class KeyInvalid(errors.InvalidInput):
    """An Idempotency-Key has 8 to 128 letters, digits and signs of ASCII."""


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
    elif machine_door.is_token(bearer):
        found = machine_door.actor_of(engine, bearer, route, source_of(request).address)
    elif identity.same_origin(request) or addresses.from_own_page(request):
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
    if key is not None and not _KEY.fullmatch(key):
        raise KeyInvalid(field="Idempotency-Key")
    return key


def source_of(request: Request, browser: str = "") -> actors.Source:
    """Where a request comes from, for limits on how often it may."""
    address = request.client.host if request.client else ""
    return actors.Source(address=address, browser=browser)


def _serve(request: Request, route: routes.Route, given: dict[str, Any]) -> Response:
    if route.paced:
        pace.HERE.count(source_of(request))
    checked = arguments.parse(route.function, given, lists.wanted(route))
    actor = _actor(request, route)
    if route.changes:
        return _done(request, route, actor, checked)
    return _asked(request, route, actor, checked)


def _done(
    request: Request, route: routes.Route, actor: actors.Actor, given: dict[str, Any]
) -> Response:
    provided = answers.condition(request, route.function, given)
    source, key = source_of(request), key_of(request)
    done = boot.current().engine.attempt(
        route.function,
        given,
        actor=actor,
        key=None if key is None else own_key(actor, source, key),
        source=source,
        **({} if provided is None else {"provided": provided}),
    )
    if isinstance(done.outcome, errors.EngineError):
        answer = problem(request, done.outcome)
    else:
        answer = answers.done(answers.body(done.outcome))
    if done.repeated:
        answer.headers["idempotent-replayed"] = "true"
    return answer


def _asked(
    request: Request, route: routes.Route, actor: actors.Actor, given: dict[str, Any]
) -> Response:
    how = lists.keyed(route)
    record_id = answers.record_of(route.function, given)
    with boot.current().engine.reader(actor) as q:
        if how is None:
            found = route.function(q, **given)
        else:
            limit, after = given.pop("limit"), given.pop("after")
            found = lists.page(
                how,
                lambda more: route.function(q, **given, **more),
                route.function,
                limit=limit,
                after=after,
            )
        number = 0 if record_id is None else answers.newest(q, record_id)
    return answers.answered(request, answers.body(found), number)


def _serve_beside(request: Request, route: routes.Route, given: dict[str, Any]) -> Response:
    staff = _actor(request, route)
    if not isinstance(staff, actors.Staff):
        raise NotSignedIn()
    return answers.done(answers.body(beside.OFFERED[route.name].serve(staff, given)))


async def _handle(request: Request, route: routes.Route) -> Response:
    serve = _serve_beside if route.name in beside.OFFERED else _serve
    try:
        if request.method == "POST":
            given = await json_object(request, _LIMIT)
        else:
            given = addresses.read(route, request.query_params)
        return await run_in_threadpool(serve, request, route, given)
    except errors.EngineError as refusal:
        return problem(request, refusal)
    except Exception:  # noqa: BLE001
        # The last handler.
        return unexpected(request)


class MethodNotAllowed(errors.InvalidInput):
    """This address does not take this method; its `Allow` says which it takes."""

    http_status = 405


_DESCRIPTION = "/api/openapi.json"
_DOCS = "/api/docs"


async def unknown(request: Request) -> Response:
    """What the table does not have, or not by this method."""
    allowed = {route.path: methods_of(route) for route in offered()}
    allowed |= dict.fromkeys((_DESCRIPTION, _DOCS), ("GET", "HEAD"))
    methods = allowed.get(request.url.path)
    if methods is None:
        return problem(request, NoSuchOperation(what="operation"))
    answer = problem(request, MethodNotAllowed())
    answer.headers["allow"] = ", ".join(methods)
    return answer


def methods_of(route: routes.Route) -> tuple[str, ...]:
    """How an operation is called: all by POST, and what has no value of a person in its address by GET."""
    return ("GET", "HEAD", "POST") if addresses.by_get(route) else ("POST",)


def endpoints() -> list[BaseRoute]:
    """Every operation, the description, its page, and a 404 of our own."""
    found: list[BaseRoute] = [
        Route(_DESCRIPTION, openapi.serve, methods=["GET"]),
    ]
    for route in offered():

        async def endpoint(request: Request, route: routes.Route = route) -> Response:
            return await _handle(request, route)

        found.append(Route(route.path, endpoint, methods=list(methods_of(route))))
    found.append(Route("/api/{rest:path}", unknown, methods=_METHODS))
    return found
