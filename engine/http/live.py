"""Live change: a stream of server-sent events that says how far the log has come, and nothing more.

This process's commits arrive through `Engine.listeners`; those of other processes through one cheap
question every half second while anybody listens. What changed, a page asks for itself, as its reader
may see it. A stream ends after a while and the browser opens it again, so that a session that was ended
stops hearing.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from engine import boot
from engine.http import looked_at
from engine.kernel import events

_POLL_S = 0.5
_PING_S = 5.0
_LIFETIME_S = 20.0
_END = -1
_MOST_LISTENING = 2_000
_Subscriber = tuple[asyncio.AbstractEventLoop, "asyncio.Queue[int]"]


class Hub:
    """Who listens to one world."""

    def __init__(self, world: boot.World) -> None:
        self._world = world
        self._guard = threading.RLock()  # a signal may come while it is held
        self._subscribers: set[_Subscriber] = set()
        self._newest = 0
        self._poller: asyncio.Task[None] | None = None
        world.engine.listeners.append(self.tell)

    def tell(self, seq: int) -> None:
        """The log has come to `seq`; called from any thread, after a commit."""
        with self._guard:
            if seq <= self._newest:
                return
            self._newest = seq
            subscribers = list(self._subscribers)
        for loop, queue in subscribers:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, seq)

    def close(self) -> None:
        """End every stream, because the process is about to stop."""
        with self._guard:
            subscribers = list(self._subscribers)
        for loop, queue in subscribers:
            if not loop.is_closed():
                loop.call_soon_threadsafe(queue.put_nowait, _END)

    def crowded(self) -> bool:
        """Whether as many listen as this process serves; others see what changed when they look again."""
        with self._guard:
            return len(self._subscribers) >= _MOST_LISTENING

    def newest(self) -> int:
        """The newest event's number in the database."""
        with self._world.engine.parts.db.read() as connection:
            return events.head(connection).seq

    async def _poll(self) -> None:
        while self._subscribers:
            self.tell(await run_in_threadpool(self.newest))
            await asyncio.sleep(_POLL_S)

    async def follow(self) -> AsyncGenerator[int | None, None]:
        """The newest number at once, then each newer one; None is a sign of life."""
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[int] = asyncio.Queue()
        me = (loop, queue)
        with self._guard:
            self._subscribers.add(me)
        if self._poller is None or self._poller.done():
            self._poller = loop.create_task(self._poll())
        ends_at = loop.time() + _LIFETIME_S
        try:
            told = await run_in_threadpool(self.newest)
            yield told
            while (left := ends_at - loop.time()) > 0:
                try:
                    seq = await asyncio.wait_for(queue.get(), min(_PING_S, left))
                except TimeoutError:
                    yield None
                    continue
                if seq == _END:
                    return
                if seq > told:
                    told = seq
                    yield told
        finally:
            with self._guard:
                self._subscribers.discard(me)


_hubs: dict[str, Hub] = {}
_hubs_guard = threading.RLock()


def hub_of(world: boot.World) -> Hub:
    """The hub of a world, made when first asked for."""
    with _hubs_guard:
        found = _hubs.get(world.id)
        if found is None or found._world is not world:
            found = _hubs[world.id] = Hub(world)
        return found


def close_all() -> None:
    """End every stream: a server waits for open answers before it stops."""
    with _hubs_guard:
        hubs = list(_hubs.values())
    for hub in hubs:
        hub.close()


async def stream(request: Request) -> Response:
    """GET /w/<world>/events, for staff who are signed in."""
    found = looked_at.for_staff(request)
    if isinstance(found, Response):
        return found
    # In a run that is only looked at nothing happens any more.
    if looked_at.is_run(found[1]):
        return PlainTextResponse("Not found", 404)
    return told(found[1])


def told(world: boot.World) -> Response:
    """The stream itself, for a door that knows who listens."""
    hub = hub_of(world)
    if hub.crowded():
        return PlainTextResponse("Too many listen already", 503)

    async def lines() -> AsyncIterator[str]:
        yield "retry: 300\n\n"
        async for seq in hub.follow():
            yield ": alive\n\n" if seq is None else f"id: {seq}\ndata: {seq}\n\n"

    return StreamingResponse(
        lines(),
        media_type="text/event-stream",
        headers={"cache-control": "no-store", "x-accel-buffering": "no"},
    )
