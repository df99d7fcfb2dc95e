"""How many reviewers one process serves at once, measured with that many real sessions at the desk.

Every reviewer is a websocket of their own with their own cookie on a served world of 1,000,000 cases: they
open the desk, have the next case given to them, and decide one in a minute (after 30 to 90 seconds, never
in step with each other), while the page tells every ten seconds who else is looking. What is timed is a
press of "approve": from its message until the page of the next case has come whole. The load comes from
the same machine, so that its own work counts against the server.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from engine import boot
from engine.http import identity
from engine.kernel import clock
from engine.staffing import actions as staffing
from engine.staffing.model import Role
from tests.support import queue, registering, worlds
from tools.benchmarking import console, results

ROOT = Path(__file__).resolve().parents[2]
SIZE = 1_000_000
LEVELS = (25, 50, 75, 100, 150)
LIMIT_MS = 300.0
_OPEN_SHARE = 0.02
_THINK_S = (30.0, 90.0)
_TELL_S = 10.0
_WINDOW_S = 150.0
_FINISHED = ForwardMsg.ScriptFinishedStatus.FINISHED_SUCCESSFULLY
_EARLY = ForwardMsg.ScriptFinishedStatus.FINISHED_EARLY_FOR_RERUN


def measure() -> list[results.Result]:
    """The greatest number of sessions whose "approve" stays below 300 ms at the 95th percentile."""
    place = ROOT / "data" / "var"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place, prefix=".bench-") as folder:
        path = Path(folder) / "world"
        _make(path)
        cookies = _signed_in(path)
        with console.served(ROOT, path) as (address, _):
            levels = asyncio.run(_levels(address, cookies))
    return [_result(levels)]


def _result(levels: Mapping[int, Sequence[float]]) -> results.Result:
    within = [users for users, found in levels.items() if _p95(found) < LIMIT_MS]
    most = max(within, default=0)
    return results.Result(
        name="desk_active_users",
        value=most,
        unit="reviewers",
        baseline=LEVELS[0],
        options={
            "about": "reviewers at the desk at once, each a websocket session of their own that decides"
            " a case a minute, with 1,000,000 cases in SQLite, 2 % open: the greatest number whose"
            f" press of approve has the next case before them within {LIMIT_MS:.0f} ms at the 95th"
            " percentile; one process, the load beside it; baseline: the least tried",
            "cases_decided": {str(users): len(found) for users, found in levels.items()},
            "median_ms": {
                str(users): results.rounded(_middle(found)) for users, found in levels.items()
            },
            "p95_ms": {str(users): results.rounded(_p95(found)) for users, found in levels.items()},
        },
    )


def _middle(found: Sequence[float]) -> float:
    return sorted(found)[len(found) // 2]


def _p95(found: Sequence[float]) -> float:
    return sorted(found)[max(0, -(-len(found) * 95 // 100) - 1)]


def _make(path: Path) -> None:
    """A world of a million cases with its reviewers, the real cases the earliest due."""
    boot.create_world(path, kind="demo", world_id="desk", public_url="http://127.0.0.1")
    world = boot.open_world(path)
    try:
        for number in range(LEVELS[-1]):
            worlds.staff(world, Role.LEAD, login=f"reviewer-{number}")
        # Of a claim two decide, not quite two times in a window, and everybody has one in hand.
        for number in range(sum(LEVELS) + 2 * LEVELS[-1]):
            _claim(world, number)
        now = world.engine.now()
        _submitted_before(world, now - 30 * clock.DAY)
        drawn = queue.drawn(SIZE, now, now - 20 * clock.DAY, open_share=_OPEN_SHARE)
        queue.write(world, drawn)
    finally:
        world.close()
        boot.worlds.pop(world.id)


def _signed_in(path: Path) -> list[str]:
    """A cookie of each reviewer, a moment old: whoever is idle for long is signed out."""
    world = boot.open_world(path)
    try:
        sessions = [
            world.engine.perform(
                staffing.sign_in,
                {"login": f"reviewer-{number}", "password": worlds.PASSWORD},
                actor=identity.DOOR,
            )
            for number in range(LEVELS[-1])
        ]
    finally:
        world.close()
        boot.worlds.pop(world.id)
    return [f"{identity.COOKIE}={world.id}.{session.token}" for session in sessions]


def _claim(world: boot.World, number: int) -> None:
    """A real claim of an enterprise, with its papers."""
    person = registering.sign_up(world, f"138{number:08d}")
    registering.prove(world, person, registering.resident_id(born=_born(number)))
    registering.claim(world, person, uscc=registering.credit_code(number + 1))


def _born(number: int) -> str:
    return f"19{60 + number % 40:02d}{number // 40 % 12 + 1:02d}{number // 480 % 28 + 1:02d}"


def _submitted_before(world: boot.World, opened_at: int) -> None:
    """The real cases are the ones that are due first."""
    with world.engine.parts.db.write() as connection:
        connection.run("UPDATE review_case SET opened_at = ?", (opened_at,))


@dataclass
class Reviewer:
    """One session at the desk."""

    socket: Any
    draw: random.Random
    times: list[float] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)
    page: str = ""
    query: str = ""
    presence: str = ""
    tells_at: float = 0.0
    failed: str = ""

    async def run(self, pressed: str = "", fragment: str = "") -> float:
        """One run of the script, or of its fragment: milliseconds until it was whole."""
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = self.query
        if self.page:
            asked.page_script_hash = self.page
        else:
            asked.page_name = "desk"
        if fragment:
            asked.fragment_id = fragment
        if pressed:
            state = asked.widget_states.widgets.add()
            state.id, state.trigger_value = self.buttons[pressed], True
        begin = time.perf_counter()
        await self.socket.send(message.SerializeToString())
        buttons: dict[str, str] = {}
        while True:
            forward = ForwardMsg()
            forward.ParseFromString(await asyncio.wait_for(self.socket.recv(), 60))
            if self._took(forward, buttons):
                break
        if not fragment:
            self.buttons = buttons
        return (time.perf_counter() - begin) * 1000

    def _took(self, forward: ForwardMsg, buttons: dict[str, str]) -> bool:
        """Take in one message of the server; whether the run is whole with it."""
        kind = forward.WhichOneof("type")
        if kind == "new_session":
            self.page = forward.new_session.page_script_hash
        elif kind == "navigation":
            self.page = forward.navigation.page_script_hash
        elif kind == "page_info_changed":
            self.query = forward.page_info_changed.query_string
        elif kind == "auto_rerun":
            self.presence = forward.auto_rerun.fragment_id
        elif kind == "delta":
            element = forward.delta.new_element
            if element.WhichOneof("type") == "button":
                self._button(element.button.id, buttons)
            elif element.WhichOneof("type") == "exception":
                self.failed = element.exception.message
        return kind == "script_finished" and forward.script_finished != _EARLY

    @staticmethod
    def _button(widget: str, buttons: dict[str, str]) -> None:
        for act in ("next", "approve"):
            if f"-{act}-" in widget:
                buttons[act] = widget

    async def work(self, until: float) -> None:
        """Decide a case a minute until then."""
        begin = time.perf_counter()
        due = begin + self.draw.uniform(0, _THINK_S[1])
        self.tells_at = begin + self.draw.uniform(0, _TELL_S)
        while due < until:
            await self._read(due)
            if "approve" not in self.buttons:
                await self.run("next")
            if "approve" not in self.buttons:
                raise SystemExit(f"The desk gave no case to decide: {self.failed or self.query}")
            before = self.query
            took = await self.run("approve")
            if self.failed or self.query == before:
                raise SystemExit(f"The desk did not decide: {self.failed or self.query}")
            self.times.append(took)
            due = time.perf_counter() + self.draw.uniform(*_THINK_S)

    async def _read(self, until: float) -> None:
        """Look at the case; every ten seconds, of one's own, the page tells who else does."""
        while self.tells_at < until:
            await asyncio.sleep(max(0.0, self.tells_at - time.perf_counter()))
            self.tells_at += _TELL_S
            if self.presence:
                await self.run(fragment=self.presence)
        await asyncio.sleep(max(0.0, until - time.perf_counter()))


async def _levels(address: str, cookies: Sequence[str]) -> dict[int, list[float]]:
    reviewers: list[Reviewer] = []
    found: dict[int, list[float]] = {}
    for users in LEVELS:
        while len(reviewers) < users:
            number = len(reviewers)
            reviewers.append(await _come(address, cookies[number], number))
        for one in reviewers:
            one.times.clear()
        until = time.perf_counter() + _WINDOW_S
        await asyncio.gather(*(one.work(until) for one in reviewers))
        found[users] = [took for one in reviewers for took in one.times]
        print(f"  {users} reviewers: {results.spread(found[users])} ms", flush=True)
        if _p95(found[users]) >= LIMIT_MS:
            break
    for one in reviewers:
        await one.socket.close()
    return found


async def _come(address: str, cookie: str, number: int) -> Reviewer:
    socket = await websockets.connect(
        address.replace("http://", "ws://") + "/_stcore/stream",
        additional_headers={"Cookie": cookie},
        origin=address,  # type: ignore[arg-type]
        subprotocols=["streamlit", "x"],  # type: ignore[list-item]
        max_size=None,
        compression=None,
    )
    reviewer = Reviewer(socket, random.Random(number))
    await reviewer.run()
    await reviewer.run("next")
    return reviewer
