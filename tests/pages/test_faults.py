"""The switchboard of faults: a click makes trouble, every screen says so, and it is over by itself."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from engine.boot import World, travel
from engine.kernel import clock, texts
from engine.rehearsing import model, queries
from engine.rehearsing.model import Kind
from engine.staffing.model import Role
from simulations import stages
from simulations.stages import keeping
from tests.pages.conftest import TIMEOUT_S
from tests.support import clocked, on_stage, web

ROUTER = web.ROOT / "pages" / "_router.py"


@pytest.fixture
def demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The process's own demo world, with nobody in it."""
    with on_stage.process_of(tmp_path / "own", monkeypatch) as world:
        yield world


@pytest.fixture
def console_world(demo: World) -> World:
    """The world that the pages see."""
    return demo


def _open(page: str = "faults.py", language: str = "zh_CN", stage: str = "") -> AppTest:
    app = AppTest.from_file(ROUTER, default_timeout=2 * TIMEOUT_S)
    app.session_state["language"] = language
    app.run().switch_page(page)
    if stage:
        app.query_params["world"] = stage
    return app.run()


def _in_force(world: World) -> list[tuple[str, Kind]]:
    found = world.engine.ask(queries.in_force, clocked.MOVER)
    return [(one.party, one.kind) for one in found]


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_a_click_makes_trouble_which_every_screen_says(
    demo: World, sign_in: Callable[..., object], language: str
) -> None:
    sign_in(Role.PRODUCT)
    app = _open(language=language)
    assert not app.exception
    assert not app.warning
    app.button(key="sms-down").click().run()
    # A second click changes nothing.
    app.button(key="sms-down").click().run()
    assert not app.exception
    assert _in_force(demo) == [("sms", Kind.DOWN)]
    label = model.parties()["sms"].label.in_language(language)
    down = texts.text("{party} is down", language, party=label)
    assert down in app.warning[0].value
    assert any(
        model.parties()["sms"].ends[Kind.DOWN].in_language(language) in one.value
        for one in app.markdown
    )
    elsewhere = _open("overview.py", language)
    assert down in elsewhere.warning[0].value
    app.button(key="sms-lying").click().run()
    assert _in_force(demo) == [("sms", Kind.LYING)]
    app.button(key="end-sms").click().run()
    assert _in_force(demo) == []
    assert not app.warning


def test_it_is_over_by_the_world_s_clock(demo: World, sign_in: Callable[..., object]) -> None:
    sign_in(Role.PRODUCT)
    app = _open()
    app.selectbox(key="trouble-minutes").set_value("30 分钟").run()
    app.button(key="tax-slow").click().run()
    app.button(key="ca-doubled").click().run()
    assert _in_force(demo) == [("ca", Kind.DOUBLED), ("tax", Kind.SLOW)]
    travel.go(demo, by_ms=31 * clock.MINUTE, actor=clocked.MOVER)
    app.run()
    assert not app.warning
    assert app.button(key="end-all").disabled


def test_a_stage_has_trouble_of_its_own(demo: World, sign_in: Callable[..., object]) -> None:
    sign_in(Role.PRODUCT)
    stage = stages.begin("first_certificate", seed=1)
    try:
        app = _open(stage=stage.id)
        app.button(key="ca-down").click().run()
        assert _in_force(stage.world) == [("ca", Kind.DOWN)]
        assert _in_force(demo) == []
        app.button(key="end-all").click().run()
        assert _in_force(stage.world) == []
        # A demonstration whose story this version does not have breaks no page that names the others.
        keeping.write(stage.folder, dataclasses.replace(stage.state, story="no_such_story"))
        app = _open()
        assert not app.exception
        assert app.button(key="ca-down")
    finally:
        stage.end()


def test_who_may_not_demonstrate_finds_no_switchboard(
    demo: World, sign_in: Callable[..., object]
) -> None:
    sign_in(Role.AUDITOR)
    app = AppTest.from_file(web.ROOT / "pages" / "faults.py", default_timeout=TIMEOUT_S).run()
    assert not app.button
    assert app.error
