"""A run with its people on the real screens: its journeys, and its world behind the web process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from simulations.environment import Stage, Steps
from simulations.journeys.joining import claim, prove, register
from simulations.journeys.ordering import paid
from simulations.journeys.way import GaveUp, Way
from simulations.personas import Persona

_PATIENCE_S = 120.0


def joining(stage: Stage, persona: Persona) -> Steps:
    """From the phone number to an account at the platform, and signed in at its PC by password."""
    way = Way(stage, persona)
    try:
        yield from _joined(way)
        way.person.sign_in_by_password()
        way.stage.log("signed in at the PC")
    except GaveUp:
        return


def ordering(stage: Stage, persona: Persona) -> Steps:
    """From the phone number to a certificate's order that is paid, with its papers, and decided."""
    way = Way(stage, persona)
    try:
        yield from _joined(way)
        person = way.person
        person.order(agency_id=way.agency_id)
        way.reached("ordered")
        yield way.stage.wait(30)
        yield from paid(way, person.order_id)
        way.reached("paid")
        yield way.pause()
        person.attach()
        yield from way.until(lambda: person.order_status() in ("awaiting_download", "rejected"))
        way.stage.log(f"order {person.order_status()}")
    except GaveUp:
        return


def _joined(way: Way) -> Steps:
    yield from register(way)
    yield from prove(way)
    yield from claim(way)
    way.person.onboard()
    way.reached("onboarded")
    yield way.pause()


class InHand:
    """A web process's routes, and whether any request is in hand.

    A page that is put away may just have asked something. What was not answered by then would be answered
    at another instant: nobody's clock goes on before it is.
    """

    def __init__(self, application: ASGIApp) -> None:
        self._application = application
        self._count, self._changed = 0, threading.Condition()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve, and count."""
        with self._changed:
            self._count += 1
        try:
            await self._application(scope, receive, send)
        finally:
            with self._changed:
                self._count -= 1
                self._changed.notify_all()

    def until_none(self) -> None:
        """Wait for what is in hand, whether or not anybody still waits for it."""
        with self._changed:
            assert self._changed.wait_for(lambda: not self._count, _PATIENCE_S), "still in hand"


@contextmanager
def serving(application: ASGIApp, port: int) -> Iterator[str]:
    """The web process's routes for a world of this very process, in a thread of its own."""
    server = uvicorn.Server(
        uvicorn.Config(application, port=port, log_level="error", lifespan="off")
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    pause = threading.Event()
    while not server.started:
        pause.wait(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(timeout=20)
