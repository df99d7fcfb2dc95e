"""Beside an error in the console: one click saves a bundle to take along; the error stays to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World
from engine.kernel import actors
from engine.staffing.model import Role
from simulations import bundles
from tests.support import worlds

pytestmark = pytest.mark.row("SIM-9")
SignIn = Callable[..., actors.Staff | None]


@pytest.fixture
def kept_in() -> Iterator[Path]:
    """Where bundles of a world in memory go; what a test has left there is taken away again."""
    folder = bundles.place(None)
    before = set(folder.glob("*.zip"))
    yield folder
    for one in set(folder.glob("*.zip")) - before:
        one.unlink()


def test_one_click_on_an_error_saves_it(
    console_world: World, sign_in: SignIn, console: Callable[[str], AppTest], kept_in: Path
) -> None:
    """With one reviewer alone nobody may look a second time: that is refused, shown, and saved."""
    before = set(kept_in.glob("*.zip"))
    worlds.staff(console_world, Role.LEAD)
    sign_in(Role.QA)
    app = console("simulation_states")
    app.selectbox[0].select("claim").run()
    app.selectbox[1].select("claim.approved").run()
    app.button("make states").click().run(timeout=60)
    assert not app.exception
    told = app.error[0].value
    app.button("save-bundle-act").click().run()
    assert not app.exception
    assert app.error[0].value == told
    made = set(kept_in.glob("*.zip")) - before
    assert len(made) == 1
    found = bundles.read(made.pop())
    assert found.told["error"]["code"] == "reviewing.maker_is_not_checker"
    assert found.told["world"]["kind"] == "run"
    assert "simulate" in found.told["rights"]
    assert found.events
    assert any(found.path.name in one.value for one in app.caption)


def test_a_page_that_breaks_beside_a_refusal_offers_to_save_both(
    console_world: World, sign_in: SignIn
) -> None:
    sign_in(Role.QA)

    def page() -> None:
        from pages import _bundles

        _bundles.remember(ValueError("refused"), "act", {})
        _bundles.offer("It was refused.")
        _bundles.page_broke(ValueError("broken"))

    app = AppTest.from_function(page).run()
    assert not app.exception
    assert [one.key for one in app.button] == ["save-bundle-act", "save-bundle-page"]
