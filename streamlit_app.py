"""The composition root of the web process: Streamlit's console, and every other route beside it.

`yinxin serve` runs it. The console's script is `pages/_router.py`; it stands apart from this file so that
Streamlit's own discovery of a `pages/` folder never serves a page past the router.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import os
import signal
import socket
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from types import FrameType
from typing import Any

import streamlit as st
from starlette.middleware import Middleware

from engine import boot
from engine.boot import anchoring
from engine.http import console_files, identity, live, web
from pages import _outside_sign_in
from simulations.states import door as _states

HEAVY = ("pandas", "pyarrow", "altair", "duckdb", "pyhanko.sign", "typst", "qrcode", "simpy")


def _no_delay() -> None:
    """Set TCP_NODELAY on the listeners: without it every kept-alive answer waits 44 ms."""
    for name in os.listdir("/proc/self/fd") if Path("/proc/self/fd").exists() else ():
        try:
            listener = socket.socket(fileno=os.dup(int(name)))
        except OSError:
            continue
        with listener, contextlib.suppress(OSError):
            if listener.family in (socket.AF_INET, socket.AF_INET6) and listener.getsockopt(
                socket.SOL_SOCKET, socket.SO_ACCEPTCONN
            ):
                listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _stop_at_once() -> None:
    """End the open event streams before the server waits for them to end by themselves."""
    if threading.current_thread() is not threading.main_thread():
        return
    for number in (signal.SIGINT, signal.SIGTERM):
        before = signal.getsignal(number)

        def stop(received: int, frame: FrameType | None, before: Any = before) -> None:
            live.close_all()
            if callable(before):
                before(received, frame)

        if callable(before):
            signal.signal(number, stop)


@contextlib.asynccontextmanager
async def _lifespan(app: object) -> AsyncIterator[dict[str, object]]:
    world = anchoring.require_sound(boot.current())
    for module in HEAVY:
        importlib.import_module(module)
    _no_delay()
    _stop_at_once()
    # Streamlit collects after every rerun; what is here already is never collected again.
    gc.collect()
    gc.freeze()
    with anchoring.Keeper():
        yield {}
    world.close()


_OUTSIDE = _outside_sign_in.routes()
_states.offer()
_INDEX = Path(st.__file__).parent / "static" / "index.html"
app = st.App(
    "pages/_router.py",
    routes=[*_OUTSIDE, *web.all_routes()],
    middleware=[
        Middleware(identity.SecurityHeaders, csp=identity.policy(identity.script_hashes(_INDEX))),
        Middleware(identity.Hosts),
        Middleware(identity.Identity),
        Middleware(identity.Wall, also_open=_outside_sign_in.OPEN if _OUTSIDE else ()),
        *([Middleware(_outside_sign_in.Arrival)] if _OUTSIDE else []),
        Middleware(console_files.Packed, folder=_INDEX.parent / "static"),
    ],
    lifespan=_lifespan,
)
