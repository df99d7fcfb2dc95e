"""The phone's gateway: /w/<world>/phone/<slot>/… for a real phone (`me`) and the demo's phones.

The session lives in a store of its own that a device cookie opens (`phone_stores`). What the phone asks and
does goes through the direct door with the store's session; the browser gets results, never a token. The
device's key and the shares of certificates' keys are in the browser: neither they nor 证书密码 come here.
"""

from __future__ import annotations

import base64
import hashlib
import inspect
import json
from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from engine.http import (
    arguments,
    browser_door,
    lending,
    live,
    page_pictures,
    phone_acts,
    phone_papers,
    phone_stores,
    services,
)
from engine.http.browser_door import Call, Cookie, Visit
from engine.http.doors import VISITOR, DirectDoor, NoSuchOperation
from engine.http.phone_acts import Phone, Signed
from engine.http.phone_stores import Kept
from engine.http.problems import language_of
from engine.kernel import actors, clock, codec, identifiers
from engine.kernel.engine import KeyReused
from engine.mall.model import MallSession
from engine.providers import carrier
from engine.registration import queries as people
from engine.registration.model import HandsetSession

DEMO_SLOTS = ("a", "b", "c")
_REPLIES = "reply/"
_MOST_REPLIES = 64
_DEVICE = "yinxin-device"
_LONGEST_DEVICE = 128


def _visit(request: Request) -> Visit | None:
    world = browser_door.world_of(request)
    slot = request.path_params["slot"]
    known = slot == "me" or (slot in DEMO_SLOTS and world and phone_acts.simulated(world))
    return Visit(request=request, world=world) if world is not None and known else None


def _cookie(request: Request) -> str:
    return f"yinxin_phone_{request.path_params['slot']}"


def _kept(visit: Visit) -> Kept | None:
    token = visit.token(_cookie(visit.request))
    return phone_stores.of_world(visit.world).find(token) if token else None


def _device_key(request: Request) -> bytes:
    """The public key of the browser's device (SEC 1, uncompressed), or empty."""
    told = request.headers.get(_DEVICE, "")[:_LONGEST_DEVICE]
    try:
        return base64.b64decode(told, validate=True)
    except ValueError:
        return b""


def _phone(visit: Visit, kept: Kept, token: str, key: str = "") -> Phone:
    request, engine = visit.request, visit.world.engine
    slot = request.path_params["slot"]
    door = DirectDoor(engine, visit.source(token))
    door.sign_in(_session(kept))
    return Phone(
        world=visit.world,
        handset=Signed(store=kept.store, door=door, device_key=_device_key(request), intent=key),
        label=phone_acts.device_label(request.headers.get("user-agent", ""), slot),
        language=language_of(request),
    )


def _session(kept: Kept | None) -> str:
    found = None if kept is None else kept.store.get("session")
    return "" if found is None else found.decode()


def _person(visit: Visit) -> actors.Person | None:
    """Who is signed in on this phone; a session that was ended elsewhere is forgotten here."""
    kept = _kept(visit)
    token = _session(kept)
    if kept is None or not token:
        return None
    found = visit.world.engine.ask(people.person_by_token, VISITOR, token)
    if found is None:
        kept.store.forget("session")
    return found


def _state(visit: Visit) -> dict[str, Any]:
    request, world = visit.request, visit.world
    hashing = world.engine.parts.hashing
    token = visit.lasting_token(_cookie(request))
    # A phone that is used keeps its cookie, and with it its session.
    visit.cookies[_cookie(request)] = Cookie(value=token, lasting=True)
    kept = _kept(visit)
    number = b"" if kept is None else kept.store.get("sim") or b""
    return {
        "signed_in": _person(visit) is not None,
        "label": phone_acts.device_label(
            request.headers.get("user-agent", ""), request.path_params["slot"]
        ),
        "sim": identifiers.masked_phone(number.decode()) if number else None,
        "demo": phone_acts.simulated(world),
        "world": world.id,
        **phone_acts.public_keys(world),
        # What a guess of a certificate PIN has to cost, for the shares that the browser keeps.
        "hashing": {"memory_kib": hashing.memory_kib, "passes": hashing.passes},
        "language": language_of(request),
        # A demo world's clock may have moved: countdowns on the screen run by it.
        "now": world.engine.now(),
    }


def _asked(visit: Visit, call: Call) -> Any:
    if call.name == "handset.state":
        return _state(visit)
    kept = _kept(visit)
    token = visit.token(_cookie(visit.request))
    if call.name == "handset.carrier_number":
        if kept is None:
            raise carrier.NoSim()
        number = phone_acts.number_of(_phone(visit, kept, token))
        return {"masked": identifiers.masked_phone(number)}
    if call.name == "handset.stamped_form":
        return _stamped(visit, kept, call)
    if call.name in _LENT:
        if kept is None:
            raise lending.NothingLent(what="phone")
        ask = _LENT[call.name]
        return ask(_phone(visit, kept, token), **arguments.parse(ask, call.arguments))
    route = browser_door.route_of(call.name, who="person", changes=False)
    door = DirectDoor(visit.world.engine, visit.source(token))
    door.sign_in(_session(kept))
    return browser_door.at_door(door, route, call.arguments)


# What a browser reads of the phone of a stage's persona, and what it puts there.
_LENT: dict[str, Callable[..., Any]] = {
    "handset.lent": lending.lent,
    "handset.lent_names": lending.lent_names,
}
_ACTS = {**phone_acts.ACTS, "handset.keep": lending.keep}


def _stamped(visit: Visit, kept: Kept | None, call: Call) -> str:
    if not phone_acts.simulated(visit.world):
        raise phone_papers.NoStampHere(what="stamp")
    token = visit.token(_cookie(visit.request))
    door = DirectDoor(visit.world.engine, visit.source(token))
    door.sign_in(_session(kept))
    return phone_papers.stamped_form(
        door, **arguments.parse(phone_papers.stamped_form, call.arguments)
    )


def _done(visit: Visit, call: Call) -> Any:
    special = _ACTS.get(call.name)
    if special is None:
        route = browser_door.route_of(call.name, who="person", changes=True)
        if browser_door.result_of(route) is MallSession:
            raise NoSuchOperation(what="operation")
    stores = phone_stores.of_world(visit.world)
    stores.sweep(clock.SystemClock().now_ms() / 1000)
    token = visit.lasting_token(_cookie(visit.request))
    kept = stores.make(token, visit.source(token).address)
    phone = _phone(visit, kept, token, browser_door.intent(token, call.key))
    if special is not None:
        given = arguments.parse(special, call.arguments)
        with kept.turn():
            return _once(kept, call, lambda: special(phone, **given))
    own = {"device_label": phone.label, "token": _session(kept)}
    if "device_key" in inspect.signature(route.function).parameters:
        own["device_key"] = arguments.to_json(phone.handset.known_device())
    given = browser_door.filled(route.function, call.arguments, own)
    assert isinstance(phone.handset.door, DirectDoor)
    result = browser_door.at_door(phone.handset.door, route, given, phone.handset.intent)
    if browser_door.result_of(route) is HandsetSession:
        phone.handset.keep_session(result)
    return result


# What a person proves themselves by leaves no trace, not even in a digest.
_LEFT_OUT = ("password", "code")


def _once(kept: Kept, call: Call, act: Callable[[], Any]) -> Any:
    """What a phone does itself, at most once for one key, as the engine does with its own acts."""
    name = hashlib.sha256(f"{call.name}|{call.key}".encode()).hexdigest()
    told = {k: v for k, v in call.arguments.items() if k not in _LEFT_OUT}
    digest = hashlib.sha256(codec.canonical(told).encode()).hexdigest()
    replies = kept.store.names(_REPLIES)
    for one in replies:
        if one.endswith(name):
            reply = json.loads(kept.store.get(one) or b"{}")
            if reply.get("digest") != digest:
                raise KeyReused()
            return reply["result"]
    result = browser_door.shown(act())
    now = clock.SystemClock().now_ms()
    reply = json.dumps({"digest": digest, "result": result}).encode()
    kept.store.put(f"{_REPLIES}{now:014d}/{name}", reply)
    for old in replies[: max(0, len(replies) + 1 - _MOST_REPLIES)]:
        kept.store.forget(old)
    return result


_NOT_FOUND = "Not found"


async def do(request: Request) -> Response:
    """POST …/do: an act of the phone."""
    return await _called(request, _done, changes=True)


async def ask(request: Request) -> Response:
    """POST …/ask: a question of the phone."""
    return await _called(request, _asked, changes=False)


async def _called(
    request: Request, work: Callable[[Visit, Call], Any], *, changes: bool
) -> Response:
    visit = _visit(request)
    if visit is None:
        return PlainTextResponse(_NOT_FOUND, 404)
    known = await run_in_threadpool(_kept, visit) is not None
    return await browser_door.served(visit, work, changes=changes, known=known)


async def events(request: Request) -> Response:
    """GET …/events: how far the log has come, for who is signed in on this phone."""
    visit = _visit(request)
    if visit is None:
        return PlainTextResponse(_NOT_FOUND, 404)
    if await run_in_threadpool(_person, visit) is None:
        return PlainTextResponse("Sign in first", 401)
    return live.told(visit.world)


async def media(request: Request) -> Response:
    """GET …/media/<blob>: a file that the person on this phone may see."""
    visit = _visit(request)
    if visit is None:
        return PlainTextResponse(_NOT_FOUND, 404)
    person = await run_in_threadpool(_person, visit)
    return await services.file_for(person, visit.world, request)


def _messages(visit: Visit) -> list[dict[str, Any]]:
    kept = _kept(visit)
    number = b"" if kept is None else kept.store.get("sim") or b""
    found = visit.world.sms.outbox(number.decode()) if number else []
    return [{"text": sms.text, "sent_at": sms.sent_at} for sms in found]


async def sms(request: Request) -> Response:
    """GET …/sms: the text messages to the simulated SIM card, newest first; not in production."""
    visit = _visit(request)
    if visit is None or not phone_acts.simulated(visit.world):
        return PlainTextResponse(_NOT_FOUND, 404)
    return visit.answer(await run_in_threadpool(_messages, visit))


async def contract_page(request: Request) -> Response:
    """GET …/contracts/<id>/pages/<n>: a page of a contract, for a member of one of its parties."""
    return await _page(request, page_pictures.of_contract)


async def ticket_page(request: Request) -> Response:
    """GET …/tickets/<id>/pages/<n>: a page of what a scanned code asks to sign, for who holds it."""
    return await _page(request, page_pictures.of_ticket)


async def _page(request: Request, drawn: page_pictures.Drawn) -> Response:
    visit = _visit(request)
    if visit is None:
        return PlainTextResponse(_NOT_FOUND, 404)
    person = await run_in_threadpool(_person, visit)
    if person is None:
        return PlainTextResponse("Sign in first", 401)
    return await drawn(person, visit.world, request)
