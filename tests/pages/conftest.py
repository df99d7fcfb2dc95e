"""The console's pages without a browser: a world in memory, and somebody signed in with chosen roles."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from streamlit.testing.v1 import AppTest

from engine import boot
from engine.boot import World
from engine.http import identity
from engine.kernel import actors
from engine.staffing.model import Role
from tests.support import web, worlds

ROUTER = web.ROOT / "pages" / "_router.py"
TIMEOUT_S = 30


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
