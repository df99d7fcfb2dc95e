"""What becomes of a QR, told to the browser beside it as it happens: no polling (`security.md` 3.1).

One question for each newer part of the log finds which tickets moved, whoever watches; only their
watchers look again. A stream is for the browser whose nonce the ticket carries, ends with the ticket,
and says the status, the two digits where they are asked for, and whether a second phone has scanned.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import defaultdict
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from engine import boot
from engine.http import live, mall_door
from engine.http.doors import VISITOR
from engine.kernel import codec, errors, events
from engine.scanning import model, queries

_PING_S = 2.0
_OVER = frozenset({"confirmed", "consumed", "cancelled", "refused", "expired"})
_MOST_WATCHING = 2_000
_MOST_OF_ONE = 4
_CLOCK_S = 0.05  # how long after its time a lapsed ticket is looked at once more


class Watchers:
    """Who watches which ticket of one world, and the one task that wakes them."""

    def __init__(self, world: boot.World) -> None:
        self.world = world
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._task: asyncio.Task[None] | None = None

    def full(self, ticket_id: str) -> bool:
        """Whether no more streams are served, of this ticket or at all."""
        watching = sum(len(found) for found in self._waiting.values())
        return watching >= _MOST_WATCHING or (
            ticket_id in self._waiting and len(self._waiting[ticket_id]) >= _MOST_OF_ONE
        )

    def moved(self, after: int) -> tuple[int, list[str]]:
        """Which tickets events are about that are newer than `after`, and the newest event."""
        with self.world.engine.parts.db.read() as connection:
            newest = events.head(connection).seq
            rows = connection.rows(
                "SELECT DISTINCT subject FROM event WHERE seq > ? AND seq <= ?"
                " AND kind LIKE 'ticket.%'",
                (after, newest),
            )
        return newest, [str(row["subject"]) for row in rows]

    async def _wake(self) -> None:
        told, _ = await run_in_threadpool(self.moved, 1 << 62)
        # Whoever came between the question and the watch looks once more.
        for found in self._waiting.values():
            for one in found:
                one.set()
        while self._waiting:
            async with contextlib.aclosing(live.hub_of(self.world).follow()) as newer:
                async for seq in newer:
                    if not self._waiting:
                        return
                    if seq is None or seq <= told:
                        continue
                    told, moved = await run_in_threadpool(self.moved, told)
                    for ticket_id in moved:
                        for one in self._waiting.get(ticket_id, ()):
                            one.set()

    def join(self, ticket_id: str) -> asyncio.Event:
        """A bell that rings whenever the ticket has moved."""
        bell = asyncio.Event()
        self._waiting[ticket_id].add(bell)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._wake())
        return bell

    def leave(self, ticket_id: str, bell: asyncio.Event) -> None:
        """It need not ring any more."""
        self._waiting[ticket_id].discard(bell)
        if not self._waiting[ticket_id]:
            del self._waiting[ticket_id]


_watchers: dict[str, Watchers] = {}


def _of(world: boot.World) -> Watchers:
    found = _watchers.get(world.id)
    if found is None or found.world is not world:
        found = _watchers[world.id] = Watchers(world)
    return found


async def follow(world: boot.World, ticket_id: str, nonce: str) -> AsyncIterator[str | None]:
    """The ticket's state at once and whenever it is another one, as JSON; None is a sign of life."""
    watchers = _of(world)
    bell = watchers.join(ticket_id)
    last = ""
    try:
        while True:
            bell.clear()
            seen = await run_in_threadpool(_look, world, ticket_id, nonce)
            told = json.dumps(codec.plain(seen))
            if told != last:
                last = told
                yield told
            if seen.status in _OVER:
                return
            left_s = (seen.expires_at - world.engine.now()) / 1000 + _CLOCK_S
            try:
                await asyncio.wait_for(bell.wait(), max(_CLOCK_S, min(_PING_S, left_s)))
            except TimeoutError:
                yield None
    finally:
        watchers.leave(ticket_id, bell)


def _look(world: boot.World, ticket_id: str, nonce: str) -> model.Watched:
    return world.engine.ask(queries.watch, VISITOR, ticket_id, nonce)


async def stream(request: Request) -> Response:
    """GET …/tickets/<id>/events: what becomes of a QR, for the browser that asked for it."""
    visit = await run_in_threadpool(mall_door.visit_of, request)
    if visit is None:
        return PlainTextResponse("Not found", 404)
    ticket_id, nonce = request.path_params["ticket"], visit.token(mall_door.BROWSER)
    try:
        await run_in_threadpool(_look, visit.world, ticket_id, nonce)
    except errors.NotFound:
        return PlainTextResponse("Not found", 404)
    if _of(visit.world).full(ticket_id):
        return PlainTextResponse("Too many watch already", 503)

    async def lines() -> AsyncIterator[str]:
        yield "retry: 300\n\n"
        async for told in follow(visit.world, ticket_id, nonce):
            yield ": alive\n\n" if told is None else f"data: {told}\n\n"

    return StreamingResponse(
        lines(),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )
