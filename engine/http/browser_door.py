"""What the gateways of the phone and of the mall share: who may call, with what, and what comes back.

A browser proves itself by an HttpOnly cookie and by our own Origin, and calls an operation by its name.
Tokens and other secrets stay here: a browser's script never sees one. After an act the jobs it left are
done at once, within bounds, so that an answer of a simulated party is there when the browser looks.
"""

from __future__ import annotations

import base64
import concurrent.futures
import hashlib
import inspect
import logging
import threading
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from engine import boot, worker
from engine.boot import stages
from engine.http import api, identity, qr, routes
from engine.http.doors import DirectDoor, NoSuchOperation
from engine.http.problems import problem, unexpected
from engine.kernel import actors, errors, ids

_log = logging.getLogger(__name__)
LARGEST = 32 * 1024 * 1024
# Who has no cookie yet has nothing to upload.
LARGEST_OF_STRANGERS = 64 * 1024
_HIDDEN = frozenset({"token", "secret", "qr_key"})
_JOBS_EACH_TIME = 50
_PATIENCE_S = 1.0
_MOST_WAITING = 8
_YEAR_S = 31_536_000


class ForeignPage(errors.NotPermitted):
    """This request did not come from a page of this site. Open the page again and repeat."""


class KeyNeeded(errors.InvalidInput):
    """An act needs an Idempotency-Key, so that a repetition is the same act."""


class NameInvalid(errors.InvalidInput):
    """The body needs a name of an operation and its arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """An operation's name and arguments, as a browser gave them; `key` where it is an act."""

    name: str
    arguments: Mapping[str, Any]
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cookie:
    """A cookie to be set: empty is to be forgotten. `lasting` survives the browser's end."""

    value: str
    lasting: bool = False


@dataclass(kw_only=True)
class Visit:
    """One request of a browser, and the cookies that its answer sets."""

    request: Request
    world: boot.World
    cookies: dict[str, Cookie] = field(default_factory=dict)

    def token(self, name: str) -> str:
        """The token of this world in one of our cookies, or empty."""
        value = self.request.cookies.get(self._called(name), "")
        world_id, _, token = value.partition(".")
        return token if world_id == self.world.id else ""

    def lasting_token(self, name: str) -> str:
        """The token by which this browser is known, made now where there is none (256 random bits)."""
        found = self.token(name)
        if not found and name in self.cookies:
            found = self.cookies[name].value
        if not found:
            found = ids.token(ids.system_entropy)
            self.cookies[name] = Cookie(value=found, lasting=True)
        return found

    def _called(self, name: str) -> str:
        """A cookie's name: over TLS a prefix binds it to this very host; a stage's are its own."""
        if stages.is_stage(self.world):
            name = f"{name}_{self.world.id}"
        return f"__Host-{name}" if identity.secure(self.request.url.scheme) else name

    def source(self, token: str) -> actors.Source:
        """Where this request comes from, with a digest of the browser's token."""
        browser = hashlib.sha256(f"browser|{token}".encode()).hexdigest() if token else ""
        return api.source_of(self.request, browser)

    def answer(self, body: Any) -> Response:
        """A result as JSON with the cookies that belong to it."""
        return self.dressed(JSONResponse(body, headers={"cache-control": "no-store"}))

    def dressed(self, answer: Response) -> Response:
        """An answer with the cookies that belong to it."""
        over_tls = identity.secure(self.request.url.scheme)
        for name, cookie in self.cookies.items():
            answer.set_cookie(
                self._called(name),
                f"{self.world.id}.{cookie.value}" if cookie.value else "",
                httponly=True,
                samesite="strict",
                secure=over_tls,
                path="/",
                max_age=(_YEAR_S if cookie.lasting else None) if cookie.value else 0,
            )
        return answer


def world_of(request: Request) -> boot.World | None:
    """The world that a request names, where it is this process's own or one of its stages."""
    return stages.served(request.path_params["world"])


async def call_of(request: Request, *, changes: bool, known: bool) -> Call:
    """The call that a browser makes.

    Raises: ForeignPage, KeyNeeded, NameInvalid, and what `api.json_object` and `api.key_of` raise.
    """
    if not identity.same_origin(request):
        raise ForeignPage()
    body = await api.json_object(request, LARGEST if known else LARGEST_OF_STRANGERS)
    name, given = body.get("name"), body.get("arguments", {})
    if (
        not isinstance(name, str)
        or not isinstance(given, dict)
        or set(body) - {"name", "arguments"}
    ):
        raise NameInvalid()
    key = api.key_of(request) if changes else ""
    if key is None:
        raise KeyNeeded()
    return Call(name=name, arguments=given, key=key)


def intent(token: str, key: str) -> str:
    """A browser's key as the engine keeps it: no two browsers can mean the same act."""
    return hashlib.sha256(f"intent|{token}|{key}".encode()).hexdigest()[:48]


def route_of(name: str, *, who: routes.Who, changes: bool) -> routes.Route:
    """The operation of a name that this door offers.

    Raises: NoSuchOperation.
    """
    found = routes.BY_NAME.get(name)
    if found is None or found.changes is not changes or found.who not in (who, "anybody"):
        raise NoSuchOperation(what="operation")
    return found


def result_of(route: routes.Route) -> Any:
    """The type of an operation's result."""
    return typing.get_type_hints(route.function).get("return")


def filled(
    function: Callable[..., Any], given: Mapping[str, Any], own: Mapping[str, Any]
) -> dict[str, Any]:
    """The arguments with those that a browser has no say in."""
    takes = inspect.signature(function).parameters
    return {**given, **{name: value for name, value in own.items() if name in takes}}


def at_door(door: DirectDoor, route: routes.Route, given: Mapping[str, Any], key: str = "") -> Any:
    """Do or ask."""
    if not route.changes:
        return door.ask(route.name, given)
    return door.perform(route.name, given, key=key)


def shown(value: Any) -> Any:
    """A result as a browser may have it: without tokens, and every QR's text with its picture."""
    if isinstance(value, list):
        return [shown(one) for one in value]
    if not isinstance(value, dict):
        return value
    found = {name: shown(one) for name, one in value.items() if name not in _HIDDEN}
    text = found.get("qr_text")
    if isinstance(text, str) and text:
        found["qr_png"] = base64.b64encode(qr.png(text)).decode()
    return found


async def served(
    visit: Visit, work: Callable[[Visit, Call], Any], *, changes: bool, known: bool
) -> Response:
    """A call answered, or refused as problem+json; after an act its jobs are done."""
    try:
        call = await call_of(visit.request, changes=changes, known=known)
        try:
            result = await run_in_threadpool(work, visit, call)
        finally:
            if changes:
                await run_in_threadpool(do_jobs, visit.world)
        return visit.answer(shown(result))
    except errors.EngineError as refusal:
        return visit.dressed(problem(visit.request, refusal))
    except Exception:  # noqa: BLE001
        # The last handler.
        return unexpected(visit.request)


_doing = concurrent.futures.ThreadPoolExecutor(max_workers=1, thread_name_prefix="door")
_waiting = threading.BoundedSemaphore(_MOST_WAITING)


def _do_jobs(world: boot.World) -> None:
    try:
        if worker.run_due(world, limit=_JOBS_EACH_TIME, owner="door"):
            world.deliver_due()
            worker.run_due(world, limit=_JOBS_EACH_TIME, owner="door")
    except errors.EngineError as refusal:
        _log.warning("jobs after an act: %s", refusal.code)
    finally:
        _waiting.release()


def do_jobs(world: boot.World) -> None:
    """Do what is due now, and wait for it for a second at most; the worker does what is left."""
    if not _waiting.acquire(blocking=False):
        return
    concurrent.futures.wait([_doing.submit(_do_jobs, world)], timeout=_PATIENCE_S)
