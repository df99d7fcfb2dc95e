"""The clock's page: forward to what is due, in this world and on a stage."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World, deadlines
from engine.kernel import clock, texts
from engine.staffing.model import Role
from simulations import stages
from tests.pages.conftest import TIMEOUT_S
from tests.support import clocked, on_stage, web

ROUTER = web.ROOT / "pages" / "_router.py"
Opened = Callable[..., AppTest]


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The process's own demo world, with nobody in it."""
    with on_stage.process_of(tmp_path / "own", monkeypatch) as world:
        yield world


@pytest.fixture
def page(demo: World) -> Callable[..., AppTest]:
    """The page as the product role sees it, of the own world or of a stage."""

    def open_page(stage: str = "") -> AppTest:
        app = AppTest.from_file(ROUTER, default_timeout=2 * TIMEOUT_S)
        app.session_state["language"] = "zh_CN"
        app.run().switch_page("time_travel.py")
        if stage:
            app.query_params["world"] = stage
        return app.run()

    return open_page


@pytest.fixture
def console_world(demo: World) -> World:
    """The world that the pages see."""
    return demo


@pytest.mark.row("DEM-3")
def test_to_the_next_thing_due_and_what_happened(
    page: Callable[..., AppTest], demo: World, sign_in: Callable[..., object]
) -> None:
    sign_in(Role.PRODUCT)
    app = page()
    coming = demo.engine.ask(deadlines.next_due, clocked.MOVER)
    assert coming is not None
    # A dot of the timeline says what it concerns; to a record it leads those who may look one up.
    [drawn] = [one.proto.spec for one in app.get("vega_lite_chart")]
    assert '"href"' not in drawn
    assert texts.text("Concerns", "zh_CN") in json.loads(drawn)["encoding"]["tooltip"][-1]["title"]
    app.button(key="jump next").click().run()
    assert not app.exception
    assert 0 <= demo.engine.now() - coming.due.at < clock.MINUTE
    assert "trust_list.adopted" in on_stage.kinds(demo)
    assert any("起发生的事项" in one.value for one in app.subheader)
    [told, *_rest] = [one.value for one in app.dataframe]
    assert list(told["事项"]) == [texts.of_code("trust_list.adopted", "zh_CN")]


@pytest.mark.row("DEM-3")
def test_the_clock_of_a_stage_is_its_own(
    page: Callable[..., AppTest], demo: World, sign_in: Callable[..., object]
) -> None:
    sign_in(Role.PRODUCT)
    stage = stages.begin("second_try")
    own, there = demo.engine.now(), stage.world.engine.now()
    app = page(stage.id)
    assert not app.exception
    app.button(key="jump +90 days").click().run()
    assert not app.exception
    assert stage.world.engine.now() - there >= 90 * clock.DAY
    assert demo.engine.now() - own < clock.HOUR
    stage.end()


def test_a_stage_that_is_gone_is_said(
    page: Callable[..., AppTest], sign_in: Callable[..., object]
) -> None:
    sign_in(Role.PRODUCT)
    app = page("stage-000000000000")
    assert any("演示" in one.value for one in app.error)
    assert not [one for one in app.button if str(one.key).startswith("jump")]
