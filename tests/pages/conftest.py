"""The console's pages without a browser: a world in memory, and somebody signed in with chosen roles."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine import boot
from engine.boot import World, tables
from engine.http import identity
from engine.kernel import actors, clock
from engine.staffing import queries as staffing
from engine.staffing.model import Role
from simulations import demo
from tests.support import lab_runs, web, worlds

ROUTER = web.ROOT / "pages" / "_router.py"
TIMEOUT_S = 30


@pytest.fixture(autouse=True)
def main_module(monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit puts its script in the place of `__main__`, which spawned processes would then run."""
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])


@pytest.fixture
def console_world(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """The world that the pages see."""
    monkeypatch.setattr(boot, "current", lambda: world)
    return world


@pytest.fixture
def sign_in(
    console_world: World, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., actors.Staff | None]:
    """`sign_in(Role.LEAD)`: from now on the pages are this new member of staff's; none: a stranger's.

    The cookie is looked up before it reaches a page in the web process; its own tests prove that.
    """

    def as_staff(*roles: Role, **scope: str) -> actors.Staff | None:
        found = worlds.staff(console_world, *roles, **scope) if roles else None
        monkeypatch.setattr(identity, "cookie_in", lambda cookies, scheme="": "")
        monkeypatch.setattr(identity, "signed_in", lambda cookie, acting=True: found)
        return found

    return as_staff


@pytest.fixture
def console(console_world: World) -> Callable[[str], AppTest]:
    """`console("desk")`: the router run, then this page opened as by its address; "" is the first page."""

    def open_page(name: str = "") -> AppTest:
        app = AppTest.from_file(ROUTER, default_timeout=TIMEOUT_S).run()
        if name:
            app.switch_page(f"{name}.py").run()
        return app

    return open_page


@pytest.fixture(scope="session")
def ended_runs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of runs with two that have ended."""
    return lab_runs.make(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="session")
def populated(tmp_path_factory: pytest.TempPathFactory) -> World:
    """A demo world with twelve simulated people and a member of staff for every role."""
    folder: Path = tmp_path_factory.mktemp("pages") / "demo"
    demo.make(folder, people=12, seed=5, now_ms=clock.SystemClock().now_ms())
    return boot.open_world(folder)


@pytest.fixture
def open_as(populated: World, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """`open_as("lead", "en")`: the populated console as this member of staff sees it."""
    monkeypatch.setattr(boot, "current", lambda: populated)
    monkeypatch.setattr(identity, "cookie_in", lambda cookies, scheme="": "")

    def run(login: str, language: str = "zh_CN") -> AppTest:
        profiles = populated.engine.ask(staffing.everyone, tables.INSIDE)
        staff_id = next(one.id for one in profiles if one.login == login)

        def signed_in(cookie: str, acting: bool = True) -> actors.Staff | None:
            return populated.engine.ask(staffing.actor, tables.INSIDE, staff_id)

        monkeypatch.setattr(identity, "signed_in", signed_in)
        app = AppTest.from_file(ROUTER, default_timeout=2 * TIMEOUT_S)
        app.session_state["language"] = language
        return app.run()

    return run
